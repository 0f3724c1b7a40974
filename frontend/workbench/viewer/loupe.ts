/** A round lens that follows the hand and shows what is under it larger, from the tiles of that scale. */

import type { Point } from "../core/geometry.ts";
import type { DeepZoom } from "./deepzoom.ts";
import type { Hand } from "./grips.ts";
import { Mirror } from "./mirror.ts";
import { worldAt } from "./turning.ts";

/** How much larger than the view. */
export const TIMES = 3;
const DIAMETER_PX = 208;
/** Above a finger, which would hide what it points at. */
const ABOVE_FINGER_PX = 150;

/** The middle of the lens for a hand at a place: on it, or above a finger and under it where there is no room. */
export function lensAt(at: Point, hand: Hand | null): Point {
  if (hand !== "touch") return at;
  const above = at[1] - ABOVE_FINGER_PX;
  return [at[0], above < DIAMETER_PX / 2 - 40 ? at[1] + ABOVE_FINGER_PX : above];
}

export class Loupe {
  readonly element = document.createElement("div");
  readonly #mirror: Mirror;
  /** Where the hand is on the stage; null while there is none: then in the middle. */
  #at: { at: Point; hand: Hand } | null = null;

  constructor(
    parent: HTMLElement,
    private readonly zoom: DeepZoom,
  ) {
    const picture = document.createElement("div");
    picture.className = "rw-picture";
    this.element.className = "rw-loupe";
    this.element.dataset.testid = "loupe";
    this.element.setAttribute("aria-hidden", "true");
    this.element.append(picture);
    parent.append(this.element);
    this.#mirror = new Mirror(picture);
  }

  reflect(): void {
    this.#mirror.reflect(this.zoom.items);
  }

  /** Goes with the hand; null: the hand has left. */
  point(at: Point | null, hand: Hand = "mouse"): void {
    this.#at = at && { at, hand };
    this.follow();
  }

  follow(): void {
    const camera = this.zoom.camera();
    const { at, hand } = this.#at ?? { at: [camera.stage[0] / 2, camera.stage[1] / 2] as Point, hand: null };
    const [x, y] = lensAt(at, hand);
    this.element.style.translate = `${x - DIAMETER_PX / 2}px ${y - DIAMETER_PX / 2}px`;
    this.#mirror.look(worldAt(camera, at), camera.scale * TIMES, camera);
  }

  close(): void {
    this.#mirror.close();
    this.element.remove();
  }
}
