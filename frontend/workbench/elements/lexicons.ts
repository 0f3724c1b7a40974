/** The labels that can be chosen: of a sequence those of each step, opened once, and those of the step at hand. */

import type { Lexicon } from "../core/lexicon.ts";

export class Lexicons {
  readonly #opening = new Map<string, Promise<Lexicon>>();
  #find: ((step: string) => Lexicon) | null = null;
  #at = "";

  /** `shown`: the labels of the step at hand are there. */
  constructor(private readonly shown: (lexicon: Lexicon) => void) {}

  /** From now on it is known where they are found. */
  begin(find: (step: string) => Lexicon): void {
    this.#find = find;
  }

  /** The step whose labels are shown, or on their way. */
  get at(): string {
    return this.#at;
  }

  async use(step: string): Promise<void> {
    if (!this.#find) return;
    this.#at = step;
    const opening = this.#opening.get(step) ?? opened(this.#find(step));
    this.#opening.set(step, opening);
    const lexicon = await opening;
    if (this.#at === step) this.shown(lexicon);
  }
}

async function opened(lexicon: Lexicon): Promise<Lexicon> {
  // Without labels boxes can still be drawn; the field says what failed when it is used.
  await lexicon.open().catch(() => undefined);
  return lexicon;
}
