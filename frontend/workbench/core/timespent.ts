/** How long somebody has been at a task: time between two signs of life counts, as far as nobody had gone away. */

import type { Clock } from "./ports.ts";

const LONGEST_IDLE_MS = 120_000;

export class TimeSpent {
  #spentMs = 0;
  #activeAt = 0;

  constructor(private readonly clock: Clock) {}

  get seconds(): number {
    return this.#spentMs / 1000;
  }

  /** Whether nothing has been heard for so long that nobody may be there. */
  get isIdle(): boolean {
    return this.clock.now() - this.#activeAt > 5 * LONGEST_IDLE_MS;
  }

  /** Another task lies there, at which one has been for so long already. */
  begin(seconds: number): void {
    this.#spentMs = seconds * 1000;
    this.#activeAt = this.clock.now();
  }

  /** A sign of life. */
  active(): void {
    const now = this.clock.now();
    this.#spentMs += Math.min(now - this.#activeAt, LONGEST_IDLE_MS);
    this.#activeAt = now;
  }
}
