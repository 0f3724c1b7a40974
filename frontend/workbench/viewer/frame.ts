/** The SVG over the image that shows the one shape being drawn or edited, with its grips. */

import type { Box } from "../core/geometry.ts";
import { gripPoints, isRoomy } from "./grips.ts";
import { corners, onScreen, type View } from "./view.ts";

const SVG = "http://www.w3.org/2000/svg";

export interface Framed {
  readonly box: Box;
  readonly kind: "drawing" | "selected" | "placing" | "locked";
}

export class Frame {
  readonly svg = node("svg", { class: "rw-frame", "aria-hidden": "true" });
  readonly #halo = node("polygon", { class: "rw-frame-halo" });
  readonly #line = node("polygon", { class: "rw-frame-line" });
  readonly #grips = node("g", {});
  readonly #middle = node("g", { class: "rw-frame-middle" });

  constructor() {
    this.#middle.append(
      node("circle", { r: "11" }),
      node("path", {
        d: "M-6 0H6M0-6V6M-6 0l2-2M-6 0l2 2M6 0l-2-2M6 0l-2 2M0-6l-2 2M0-6l2 2M0 6l-2-2M0 6l2-2",
      }),
    );
    this.svg.append(this.#halo, this.#line, this.#grips, this.#middle);
    this.show(null, null);
  }

  show(view: View | null, framed: Framed | null): void {
    this.svg.classList.toggle("is-empty", !framed);
    if (!view || !framed) return;
    this.svg.dataset.kind = framed.kind;
    const points = corners(view, framed.box)
      .map((point) => point.join(","))
      .join(" ");
    this.#halo.setAttribute("points", points);
    this.#line.setAttribute("points", points);
    this.#showGrips(view, framed);
  }

  #showGrips(view: View, { box, kind }: Framed): void {
    const editable = kind === "selected" || kind === "placing";
    const [x, y, w, h] = onScreen(view, box);
    this.#middle.toggleAttribute("hidden", !editable || !isRoomy(view, box));
    this.#middle.setAttribute("transform", `translate(${x + w / 2} ${y + h / 2})`);
    // In a tiny box only its corners are shown: eight grips would hide what is inside.
    const tiny = Math.min(w, h) < 36;
    const shown = editable ? gripPoints(view, box).filter(([grip]) => !tiny || grip.length === 2) : [];
    this.#grips.replaceChildren(
      ...shown.map(([, [gx, gy]]) =>
        node("rect", { x: `${gx - 5}`, y: `${gy - 5}`, width: "10", height: "10", rx: "2" }),
      ),
    );
  }
}

function node<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Record<string, string>,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
