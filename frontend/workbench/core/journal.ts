/** The draft journal: every change of an unfinished answer goes to the shelf at once, and comes back after a reload. */

import type { Assignment } from "./contract.ts";
import { type Answer, isBlank } from "./draft.ts";
import type { Point } from "./geometry.ts";
import type { History } from "./history.ts";
import type { Shelf } from "./ports.ts";
import type { Revisit } from "./trail.ts";

/** What the hand holds: it comes back after a reload too. */
export interface HandState {
  /** The ids of what is picked, the selected one last. */
  readonly picked: readonly string[];
  /** The corners of an outline in the making. */
  readonly sketch: readonly Point[];
}

export const EMPTY_HAND: HandState = { picked: [], sketch: [] };

export interface Draft {
  readonly assignment: Assignment;
  /** The id the contribution will have: made once, so that two tabs cannot hand the same work in twice. */
  readonly contribution: string;
  readonly history: History<Answer>;
  readonly timeSpentS: number;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
  /** What it shall take the place of, when it is an amendment; `contribution` is then the amendment's id. */
  readonly revisit?: Revisit | null;
  readonly hand?: HandState;
  /** Every change counts on from the one before, here or in another browser. */
  readonly sequence?: number;
}

/** As many undo steps as are worth keeping across a reload. */
const KEPT_STEPS = 50;

export class Journal {
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly shelf: Shelf,
    private readonly prefix: string,
  ) {}

  /** Writes a draft; writes are queued, so that an old state never overtakes a newer one. */
  write(draft: Draft): Promise<void> {
    const { past, present, future } = draft.history;
    const history = { past: past.slice(-KEPT_STEPS), present, future: future.slice(0, KEPT_STEPS) };
    return this.#queue(() => this.shelf.put(this.#key(draft.assignment.id), { ...draft, history }));
  }

  remove(assignment: string): Promise<void> {
    return this.#queue(() => this.shelf.remove(this.#key(assignment)));
  }

  read(assignment: string): Promise<Draft | undefined> {
    return this.shelf.get<Draft>(this.#key(assignment));
  }

  /** Drafts with work in them, the latest first. */
  async unfinished(): Promise<readonly Draft[]> {
    const rows = await this.shelf.list<Draft>(this.prefix);
    return rows
      .map(([, draft]) => draft)
      .filter((draft) => !isBlank(draft.history.present) || draft.hand?.sketch.length)
      .sort((a, b) => b.changedAt - a.changedAt);
  }

  #queue(work: () => Promise<void>): Promise<void> {
    const done = this.#writing.then(work);
    this.#writing = done.catch(() => undefined);
    return done;
  }

  #key(assignment: string): string {
    return `${this.prefix}${assignment}`;
  }
}
