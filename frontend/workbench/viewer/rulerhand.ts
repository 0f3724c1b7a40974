/** Gives the ruler the presses of one hand while it is out; a second finger, the middle button and space go on moving about. */

import type { Point, Size } from "../core/geometry.ts";
import type { Press } from "./gestures.ts";
import type { Ruler } from "./ruler.ts";
import type { View } from "./view.ts";

interface Others {
  readonly busy: boolean;
  readonly carrying: boolean;
  press(press: Press): void;
}

export class RulerHand {
  #first: Press | null = null;

  constructor(
    private readonly aids: { readonly ruler: Ruler | null },
    private readonly others: Others,
    private readonly view: () => View,
    private readonly canvas: () => Size,
  ) {}

  /** The pointer's look while the ruler is out. */
  get cursor(): string | null {
    return this.aids.ruler && !this.others.carrying ? "crosshair" : null;
  }

  /** Answers whether the ruler has taken it; so do the others. */
  press(press: Press): boolean {
    const { ruler } = this.aids;
    if (!ruler || press.aside || this.others.carrying || this.others.busy) return false;
    if (this.#first) {
      if (press.hand !== "touch") return true;
      ruler.cancel(this.view());
      this.others.press(this.#first);
      this.#first = null;
      return false;
    }
    this.#first = press;
    ruler.press(press.id, press.at, press.hand, this.view(), this.canvas());
    return true;
  }

  move({ id, at }: { id: number; at: Point }): boolean {
    if (this.#first?.id !== id) return false;
    this.#first = { ...this.#first, at };
    this.aids.ruler?.move(id, at, this.view(), this.canvas());
    return true;
  }

  release({ id }: { id: number }): boolean {
    if (this.#first?.id !== id) return false;
    this.#first = null;
    this.aids.ruler?.release(id, this.view());
    return true;
  }
}
