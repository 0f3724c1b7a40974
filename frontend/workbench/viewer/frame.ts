/** The SVG over the image that shows the one shape being drawn or edited, with its grips. */

import { type Box, centre, type Point } from "../core/geometry.ts";
import { cornersOnScreen, middlesOnScreen } from "./corners.ts";
import { gripPoints, type Hand, isRoomy, isTiny } from "./grips.ts";
import { corners, toScreen, type View } from "./view.ts";

const SVG = "http://www.w3.org/2000/svg";

export interface Framed {
  readonly box: Box;
  readonly kind: "drawing" | "selected" | "placing" | "locked" | "sketch";
  /** Of an outline or a point; of a sketch the corners so far. */
  readonly points?: readonly Point[] | undefined;
  /** The corner that keys act on. */
  readonly corner?: number | null | undefined;
  /** Where the next corner of a sketch would be, and whether keys put it there. */
  readonly hand?: Point | null;
  readonly aim?: boolean;
  /** What the grips are caught with. */
  readonly by?: Hand;
}

const RING_PX = 11;

export class Frame {
  readonly svg = node("svg", { class: "rw-frame", "aria-hidden": "true" });
  readonly #halo = node("polygon", { class: "rw-frame-halo" });
  readonly #line = node("polygon", { class: "rw-frame-line" });
  readonly #openHalo = node("polyline", { class: "rw-frame-halo" });
  readonly #openLine = node("polyline", { class: "rw-frame-line" });
  readonly #cross = node("path", { class: "rw-frame-cross" });
  readonly #grips = node("g", {});
  readonly #middle = node("g", { class: "rw-frame-middle" });

  constructor() {
    this.#middle.append(
      node("circle", { r: "11" }),
      node("path", {
        d: "M-6 0H6M0-6V6M-6 0l2-2M-6 0l2 2M6 0l-2-2M6 0l-2 2M0-6l-2 2M0-6l2 2M0 6l-2-2M0 6l2-2",
      }),
    );
    this.svg.append(
      this.#halo,
      this.#line,
      this.#openHalo,
      this.#openLine,
      this.#grips,
      this.#middle,
      this.#cross,
    );
    this.show(null, null);
  }

  show(view: View | null, framed: Framed | null): void {
    this.svg.classList.toggle("is-empty", !framed);
    if (!view || !framed) return;
    this.svg.dataset.kind = framed.kind;
    this.#showSketch(view, framed);
    this.#closed(framed.kind === "sketch" ? [] : this.#outlineOf(view, framed));
    if (framed.kind === "sketch") return;
    if (framed.points?.length) this.#showCorners(view, framed, framed.points);
    else this.#showGrips(view, framed);
  }

  #outlineOf(view: View, { box, points }: Framed): readonly Point[] {
    if (!points?.length) return corners(view, box);
    const [first] = points;
    return points.length === 1 && first ? ring(toScreen(view, first)) : cornersOnScreen(view, points);
  }

  #closed(points: readonly Point[]): void {
    for (const line of [this.#halo, this.#line]) line.setAttribute("points", written(points));
  }

  /** The corners set so far, the line from the last of them to the hand, and the crosshair. */
  #showSketch(view: View, { kind, points = [], hand, aim }: Framed): void {
    const isSketch = kind === "sketch";
    const set = isSketch ? cornersOnScreen(view, points) : [];
    const here = isSketch && hand ? toScreen(view, hand) : null;
    for (const line of [this.#openHalo, this.#openLine]) {
      line.setAttribute("points", written(here ? [...set, here] : set));
    }
    const [x, y] = here ?? [0, 0];
    this.#cross.setAttribute(
      "d",
      here && aim ? `M${x - 16} ${y}h11M${x + 5} ${y}h11M${x} ${y - 16}v11M${x} ${y + 5}v11` : "",
    );
    if (!isSketch) return;
    this.#middle.toggleAttribute("hidden", true);
    const closing = set.length >= 3;
    this.#grips.replaceChildren(
      ...set.map((place, index) => dot(place, index === 0 && closing ? 8 : 4, index === 0 && closing)),
    );
  }

  /** A dot on every corner, a smaller one where another can be made. */
  #showCorners(view: View, { kind, corner }: Framed, points: readonly Point[]): void {
    this.#middle.toggleAttribute("hidden", true);
    const editable = kind === "selected";
    if (!editable) {
      this.#grips.replaceChildren();
      return;
    }
    const middles = middlesOnScreen(view, points).map(([, place]) => {
      const circle = dot(place, 4, false);
      circle.classList.add("rw-frame-more");
      return circle;
    });
    const ends = cornersOnScreen(view, points).map((place, index) =>
      // A point has its ring: the dot in it must not hide what is below.
      points.length === 1 ? dot(place, 3, false) : dot(place, index === corner ? 8 : 6, index === corner),
    );
    this.#grips.replaceChildren(...middles, ...ends);
  }

  #showGrips(view: View, { box, kind, by }: Framed): void {
    const editable = kind === "selected" || kind === "placing";
    const [x, y] = toScreen(view, centre(box));
    this.#middle.toggleAttribute("hidden", !editable || !isRoomy(view, box));
    this.#middle.setAttribute("transform", `translate(${x} ${y})`);
    const tiny = isTiny(view, box);
    const shown = editable ? gripPoints(view, box, by).filter(([grip]) => !tiny || grip.length === 2) : [];
    // Grips that stand about a box, for a finger, are tied to each other.
    const room = corners(view, box).map((_, index) => shown.find(([grip]) => grip === TIED[index])?.[1]);
    const tied = room.every((place) => place !== undefined) ? [...room, room[0]] : [];
    const isAbout = tied.length > 0 && far(tied[0], toScreen(view, [box[0], box[1]])) > 1;
    this.svg.toggleAttribute("data-about", isAbout);
    if (isAbout) this.#openLine.setAttribute("points", written(tied as Point[]));
    this.#grips.replaceChildren(
      ...shown.map(([, [gx, gy]]) =>
        node("rect", { x: `${gx - 5}`, y: `${gy - 5}`, width: "10", height: "10", rx: "2" }),
      ),
    );
  }
}

const TIED = ["nw", "ne", "se", "sw"] as const;

const far = (a: Point | undefined, b: Point): number => (a ? Math.hypot(a[0] - b[0], a[1] - b[1]) : 0);

const written = (points: readonly Point[]): string => points.map((point) => point.join(",")).join(" ");

/** A ring around a point, as an outline on screen. */
function ring([x, y]: Point): Point[] {
  return Array.from({ length: 24 }, (_, step) => {
    const turn = (step * Math.PI) / 12;
    return [x + RING_PX * Math.cos(turn), y + RING_PX * Math.sin(turn)] as const;
  });
}

function dot([x, y]: Point, radius: number, strong: boolean): SVGCircleElement {
  const circle = node("circle", { cx: `${x}`, cy: `${y}`, r: `${radius}` });
  circle.classList.toggle("is-strong", strong);
  return circle;
}

function node<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Record<string, string>,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
