/** Two fingers that turn about each other: from when on the view is meant to turn with them, and how far. Pure. */

import type { Point } from "../core/geometry.ts";

/** So many degrees of a pinch are nothing but hands: they turn nothing. */
export const MEANT_DEGREES = 12;
/** Who has zoomed by more than this already pinches, and has to turn twice as far. */
const PINCHED = 1.3;
/** Fingers nearer to each other than this tell no angle. */
const NEAR_PX = 40;

/** By how many degrees, clockwise on the screen, the line from `fixed` to a finger turns when that goes its way. */
export function swing(fixed: Point, was: Point, now: Point): number {
  const [a, b] = [was, now].map(([x, y]) => Math.atan2(y - fixed[1], x - fixed[0])) as [number, number];
  const apart = Math.min(...[was, now].map(([x, y]) => Math.hypot(x - fixed[0], y - fixed[1])));
  if (apart < NEAR_PX) return 0;
  const degrees = ((b - a) * 180) / Math.PI;
  // The short way round.
  return ((((degrees + 180) % 360) + 360) % 360) - 180;
}

export class Twist {
  #swung = 0;
  #zoomed = 1;
  /** What of the swing came before it was meant; null as long as it is not. */
  #before: number | null = null;

  /** Two fingers go by so much; answers how far the view is turned since they came down, null while it is not. */
  go(degrees: number, factor: number): number | null {
    this.#swung += degrees;
    this.#zoomed *= factor;
    if (this.#before === null) {
      const isPinch = Math.max(this.#zoomed, 1 / this.#zoomed) > PINCHED;
      const least = isPinch ? 2 * MEANT_DEGREES : MEANT_DEGREES;
      if (Math.abs(this.#swung) < least) return null;
      // From here on, so that nothing jumps.
      this.#before = this.#swung;
    }
    return this.#swung - this.#before;
  }

  get isMeant(): boolean {
    return this.#before !== null;
  }
}
