/** What somebody has picked on a shared canvas, each as it stood when it was picked or last settled. */

import type { Held, Standings } from "./collation.ts";
import type { Standing } from "./shared.ts";

export class Holding {
  #held: readonly Held[] = [];

  /** The selected one comes last. */
  get all(): readonly Held[] {
    return this.#held;
  }

  get selected(): string | null {
    return this.#held.at(-1)?.id ?? null;
  }

  /** What is picked beside the selected one. */
  get also(): readonly string[] {
    return this.#held.slice(0, -1).map(({ id }) => id);
  }

  /** These, the last of them the selected one; what was picked before stays as it was under the hand. False: nothing new. */
  pick(ids: readonly string[], known: Standings): boolean {
    const before = new Map(this.#held.map((held) => [held.id, held]));
    const now = [...new Set(ids)].map((id) => before.get(id) ?? { id, base: known.get(id) ?? null });
    const isSame = now.length === this.#held.length && now.every(({ id }, at) => id === this.#held[at]?.id);
    if (!isSame) this.#held = now;
    return !isSame;
  }

  letGo(id: string): void {
    this.#held = this.#held.filter((held) => held.id !== id);
  }

  /** It stands as this from now on; null: it is gone, and is let go. */
  settle(id: string, base: Standing | null): void {
    if (!base) this.letGo(id);
    else this.#held = this.#held.map((held) => (held.id === id ? { id, base } : held));
  }
}
