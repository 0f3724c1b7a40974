/** What the help for the hand is doing and says; what was said goes by itself after a while. */

import { readTightens } from "./tightening.ts";

export interface AssistState {
  /** What was done, or why not, for the screen and for screen readers. */
  readonly said: string;
  readonly busy: "ink" | "similar" | null;
  /** Each box is tightened as it is drawn. */
  readonly tightens: boolean;
}

const SAID_FOR_MS = 12_000;

export class Helper {
  #state: AssistState = { said: "", busy: null, tightens: readTightens() };
  #fading: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly changed: (state: AssistState) => void) {}

  get state(): AssistState {
    return this.#state;
  }

  become(change: Partial<AssistState>): void {
    this.#state = { ...this.#state, ...change };
    clearTimeout(this.#fading);
    if (this.#state.said && !this.#state.busy)
      this.#fading = setTimeout(() => this.become({ said: "" }), SAID_FOR_MS);
    this.changed(this.#state);
  }
}

/** Waits in the browser's own time. */
export const browserWait = {
  now: () => Date.now(),
  after: (ms: number, call: () => void) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
