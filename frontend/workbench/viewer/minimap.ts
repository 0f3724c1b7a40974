/** A small picture of the whole canvas with a frame around what is in view; dragged, the view goes there. */

import type { Box, Size } from "../core/geometry.ts";
import { turnedSize } from "../core/placing.ts";
import type { DeepZoom } from "./deepzoom.ts";
import { Mirror } from "./mirror.ts";
import { type Camera, viewOf } from "./turning.ts";
import { corners, toCanvas, toScreen, type View } from "./view.ts";

const SVG = "http://www.w3.org/2000/svg";
/** Its long side, in CSS pixels. */
const LONG_PX = 168;
const MARGIN_PX = 6;

/** From where the minimap looks: all of the canvas, turned as the view is. */
export function cameraOver(camera: Camera, canvas: Size): Camera {
  const size: Size = [canvas[0] * camera.unit[0], canvas[1] * camera.unit[1]];
  const around = turnedSize(size, camera.rotation);
  const scale = (LONG_PX - 2 * MARGIN_PX) / Math.max(...around);
  const stage: Size = [around[0] * scale + 2 * MARGIN_PX, around[1] * scale + 2 * MARGIN_PX];
  return { ...camera, centre: [size[0] / 2, size[1] / 2], scale, stage };
}

export class Minimap {
  readonly element = document.createElement("div");
  readonly #frame = document.createElementNS(SVG, "polygon");
  readonly #mirror: Mirror;
  #view: View | null = null;
  #held: number | null = null;

  constructor(
    parent: HTMLElement,
    private readonly zoom: DeepZoom,
  ) {
    const picture = document.createElement("div");
    picture.className = "rw-picture";
    const svg = document.createElementNS(SVG, "svg");
    svg.append(this.#frame);
    this.element.className = "rw-minimap";
    this.element.dataset.testid = "minimap";
    // Looking about has its keys; this is for the hand.
    this.element.setAttribute("aria-hidden", "true");
    this.element.append(picture, svg);
    parent.append(this.element);
    this.#mirror = new Mirror(picture);
    this.#listen();
  }

  reflect(): void {
    this.#mirror.reflect(this.zoom.items);
  }

  /** Follows the view; where all of the canvas can be seen there is nothing to tell. */
  follow(main: View, canvas: Size): void {
    const camera = cameraOver(this.zoom.camera(), canvas);
    const all: Box = [0, 0, ...canvas];
    const inside = corners(main, all).every(
      ([x, y]) => x >= -1 && y >= -1 && x <= main.stage[0] + 1 && y <= main.stage[1] + 1,
    );
    this.element.classList.toggle("is-idle", inside && this.#held === null);
    this.element.style.inlineSize = `${camera.stage[0]}px`;
    this.element.style.blockSize = `${camera.stage[1]}px`;
    const map = viewOf(camera);
    this.#view = map;
    this.#mirror.look(camera.centre, camera.scale, camera);
    const [width, height] = main.stage;
    const frame = ([[0, 0], [width, 0], [width, height], [0, height]] as const) // biome-ignore format: four in a row
      .map((corner) => toCanvas(main, corner))
      .map((point) => toScreen(map, point));
    this.#frame.setAttribute("points", frame.map((point) => point.join(",")).join(" "));
  }

  close(): void {
    this.#mirror.close();
    this.element.remove();
  }

  #go(event: PointerEvent): void {
    const { left, top } = this.element.getBoundingClientRect();
    if (this.#view) this.zoom.centreOn(toCanvas(this.#view, [event.clientX - left, event.clientY - top]));
  }

  #listen(): void {
    const { element } = this;
    element.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.#held = event.pointerId;
      element.setPointerCapture(event.pointerId);
      this.#go(event);
    });
    element.addEventListener("pointermove", (event) => {
      event.stopPropagation();
      if (this.#held === event.pointerId) this.#go(event);
    });
    for (const end of ["pointerup", "pointercancel"] as const) {
      element.addEventListener(end, (event) => {
        event.stopPropagation();
        this.#held = null;
      });
    }
  }
}
