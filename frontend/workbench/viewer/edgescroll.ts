/** A hand that draws or carries something to the edge of the stage takes the view along. */

import type { Box, Point, Size } from "../core/geometry.ts";

/** How wide the border is in which the view begins to go, in CSS pixels; a finger hides more than a pointer. */
export const BORDER_PX = { mouse: 28, pen: 32, touch: 44 } as const;
/** At the very edge, in CSS pixels a second. */
const FASTEST = 900;
/** So much of the stage may lie beside the canvas: then there is nothing more to come. */
const BESIDE_PX = 40;

/**
 * How fast the view goes, in CSS pixels a second: to (right, down) what is drawn moves. `inner` is the part of the stage
 * that nothing covers, `canvas` where the canvas lies on the screen: the view goes no further than its edges.
 */
export function push(at: Point, inner: Box, canvas: Box, border: number): Point {
  const along = (axis: 0 | 1): number => {
    const [low, side] = [inner[axis], inner[axis === 0 ? 2 : 3]];
    const [start, whole] = [canvas[axis], canvas[axis === 0 ? 2 : 3]];
    const before = low + border - at[axis];
    const after = at[axis] - (low + side - border);
    const speed = (depth: number) => FASTEST * Math.min(1, depth / border) ** 2;
    if (before > 0 && start < low + BESIDE_PX) return speed(before);
    if (after > 0 && start + whole > low + side - BESIDE_PX) return -speed(after);
    return 0;
  };
  return [along(0), along(1)];
}

export interface Scrolled {
  /** Where things stand; null while nothing is drawn or carried. */
  state(): { readonly at: Point; readonly inner: Box; readonly canvas: Box; readonly border: number } | null;
  pan(dx: number, dy: number): void;
}

export class EdgeScroll {
  #planned = 0;
  #before = 0;

  constructor(private readonly on: Scrolled) {}

  /** To be called whenever the hand has moved. */
  wake(): void {
    if (this.#planned) return;
    this.#before = performance.now();
    this.#plan();
  }

  stop(): void {
    cancelAnimationFrame(this.#planned);
    this.#planned = 0;
  }

  #plan(): void {
    this.#planned = requestAnimationFrame((now) => this.#step(now));
  }

  #step(now: number): void {
    this.#planned = 0;
    const state = this.on.state();
    if (!state) return;
    const [x, y] = push(state.at, state.inner, state.canvas, state.border);
    if (!x && !y) return;
    // After a frame that came late the view must not jump.
    const seconds = Math.min(0.05, Math.max(0, now - this.#before) / 1000);
    this.#before = now;
    this.on.pan(x * seconds, y * seconds);
    this.#plan();
  }
}

/** A stage of this size without what covers its edges. */
export const innerOf = (
  [width, height]: Size,
  [left, bottom, right = 0]: readonly [number, number, number?],
): Box => [left, 0, Math.max(0, width - left - right), Math.max(0, height - bottom)];
