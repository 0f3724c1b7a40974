/** The fingers on the stage: from the second on they move and zoom the view, also in the middle of a stroke. */

import type { Point } from "../core/geometry.ts";

interface Carried {
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: Point): void;
}

export class Fingers {
  readonly #down = new Map<number, Point>();
  #pinching = false;

  constructor(private readonly view: Carried) {}

  /** From the second finger until the last but one goes. */
  get pinching(): boolean {
    return this.#pinching;
  }

  get count(): number {
    return this.#down.size;
  }

  press(id: number, at: Point): void {
    this.#down.set(id, at);
    this.#pinching ||= this.#down.size === 2;
  }

  /** Moves and zooms, if there are two. */
  move(id: number, at: Point): void {
    if (!this.#down.has(id)) return;
    if (this.#pinching) this.#pinch(id, at);
    this.#down.set(id, at);
  }

  lift(id: number): void {
    this.#down.delete(id);
    if (this.#down.size < 2) this.#pinching = false;
  }

  #pinch(id: number, at: Point): void {
    const [first, second] = [...this.#down.entries()];
    if (!first || !second || (id !== first[0] && id !== second[0])) return;
    const fixed = id === first[0] ? second[1] : first[1];
    const was = this.#down.get(id) ?? at;
    const middle: Point = [(fixed[0] + at[0]) / 2, (fixed[1] + at[1]) / 2];
    this.view.pan((at[0] - was[0]) / 2, (at[1] - was[1]) / 2);
    const before = Math.hypot(was[0] - fixed[0], was[1] - fixed[1]);
    const after = Math.hypot(at[0] - fixed[0], at[1] - fixed[1]);
    if (before > 0 && after > 0) this.view.zoom(after / before, middle);
  }
}
