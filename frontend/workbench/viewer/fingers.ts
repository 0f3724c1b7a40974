/** The fingers on the stage: from the second on they move, zoom and turn the view, also in the middle of a stroke. */

import type { Point } from "../core/geometry.ts";
import { swing, Twist } from "./twist.ts";

export interface Carried {
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: Point): void;
  /** The view is turned by so many degrees since two fingers came down, about a place; null: they have gone. */
  twist(degrees: number | null, about: Point): void;
}

export class Fingers {
  readonly #down = new Map<number, Point>();
  #pinching = false;
  #twist = new Twist();

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
    if (this.#down.size !== 2) return;
    this.#pinching = true;
    this.#twist = new Twist();
  }

  /** Moves and zooms, if there are two. */
  move(id: number, at: Point): void {
    if (!this.#down.has(id)) return;
    if (this.#pinching) this.#pinch(id, at);
    this.#down.set(id, at);
  }

  lift(id: number): void {
    const at = this.#down.get(id);
    this.#down.delete(id);
    if (this.#down.size >= 2) return;
    if (this.#pinching && this.#twist.isMeant && at) this.view.twist(null, at);
    this.#pinching = false;
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
    const factor = before > 0 && after > 0 ? after / before : 1;
    if (factor !== 1) this.view.zoom(factor, middle);
    const turned = this.#twist.go(swing(fixed, was, at), factor);
    if (turned !== null) this.view.twist(turned, middle);
  }
}
