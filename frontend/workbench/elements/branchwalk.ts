/** The tree of labels as rows to walk along, and to be found in by the letters that one types. */

import type { Branch } from "../api/assist.ts";
import { folded } from "../core/lexicon.ts";

export const TOP = "";
const TYPE_AHEAD_MS = 700;

/** What is known of the labels below one. */
export interface Below {
  readonly items: readonly Branch[];
  readonly total: number;
}

export interface Row {
  readonly branch: Branch;
  readonly parent: string;
}

/** All that can be seen, from top to bottom. */
export function rowsOf(levels: ReadonlyMap<string, Below>, opened: ReadonlySet<string>): readonly Row[] {
  const walk = (parent: string): Row[] =>
    (levels.get(parent)?.items ?? []).flatMap((branch) => [
      { branch, parent },
      ...(opened.has(branch.id) ? walk(branch.id) : []),
    ]);
  return walk(TOP);
}

export class TypeAhead {
  #typed = "";
  #typedAt = 0;

  /** What begins with the letters typed together, or with the last one alone where nothing does. */
  find(key: string, rows: readonly Row[], index: number): string | null {
    const now = Date.now();
    const together = now - this.#typedAt < TYPE_AHEAD_MS ? this.#typed + folded(key) : folded(key);
    this.#typedAt = now;
    const from = (letters: string) => {
      const start = letters.length > 1 ? index : index + 1;
      const inOrder = [...rows.slice(start), ...rows.slice(0, start)];
      return inOrder.find(({ branch }) => folded(branch.label).startsWith(letters))?.branch.id ?? null;
    };
    const found = from(together);
    this.#typed = found ? together : folded(key);
    return found ?? from(this.#typed);
  }
}
