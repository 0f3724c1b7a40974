/** Things to do later, by name: asked for again, one begins anew; closed, none happens any more. */

import type { Clock } from "./ports.ts";

export class Timers {
  readonly #waiting = new Map<string, () => void>();

  constructor(private readonly clock: Clock) {}

  later(name: string, ms: number, call: () => void): void {
    this.cancel(name);
    this.#waiting.set(name, this.clock.after(ms, call));
  }

  cancel(name: string): void {
    this.#waiting.get(name)?.();
    this.#waiting.delete(name);
  }

  close(): void {
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }
}
