/** The last tasks that somebody has handed in here: kept on the shelf, so that one can go back to them offline too. */

import type { Assignment, LanguageMap, Own, OwnDetail } from "./contract.ts";
import { type Answer, fromOwn } from "./draft.ts";
import type { Shelf } from "./ports.ts";

export const LONGEST_TRAIL = 10;

/** What was handed in, with all that is needed to take it up again. */
export interface Handed {
  readonly contribution: string;
  readonly assignment: Assignment;
  readonly answer: Answer;
  /** The revision that stands, or will once everything in the outbox has arrived. */
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** An answer taken up again: which one, as it stood, and why it cannot be changed. */
export interface Revisit {
  readonly contribution: string;
  readonly revision: number;
  readonly original: Answer;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The server's sentence; null while it may be changed. */
  readonly whyNot: string | null;
}

/** One picture in the strip. */
export interface Step {
  readonly contribution: string;
  readonly crop: string | null;
  readonly label: LanguageMap;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export class Trail {
  #handed = new Map<string, Handed>();
  #own: readonly Own[] = [];

  constructor(
    private readonly shelf: Shelf,
    private readonly prefix: string,
  ) {}

  /** Reads what an earlier page left behind. */
  async open(): Promise<void> {
    const rows = await this.shelf.list<Handed>(this.prefix);
    this.#handed = new Map(rows.map(([, handed]) => [handed.contribution, handed]));
  }

  /** The latest first: what was handed in from here, and what the server knows besides. */
  get steps(): readonly Step[] {
    const here = [...this.#handed.values()].reverse().map(stepOf);
    const there = this.#own.filter(({ id }) => !this.#handed.has(id)).map(ownStep);
    return [...here, ...there].sort((a, b) => b.at - a.at).slice(0, LONGEST_TRAIL);
  }

  /** The latest that is of this kind. */
  latest(is: (handed: Handed) => boolean): Handed | undefined {
    return [...this.#handed.values()].sort((a, b) => b.at - a.at).find(is);
  }

  find(contribution: string): Handed | undefined {
    return this.#handed.get(contribution);
  }

  /** Notes an answer as it now stands; the oldest ones are forgotten. Resolves once it is on the shelf. */
  async note(now: Handed): Promise<void> {
    // The clock here and the server's may differ: whoever is known keeps its place.
    const handed = { ...now, at: this.#handed.get(now.contribution)?.at ?? now.at };
    this.#handed.set(handed.contribution, handed);
    const kept = [...this.#handed.values()].sort((a, b) => b.at - a.at);
    const gone = kept.slice(LONGEST_TRAIL);
    for (const { contribution } of gone) this.#handed.delete(contribution);
    if (!gone.includes(handed)) await this.shelf.put(`${this.prefix}${handed.contribution}`, handed);
    await Promise.all(gone.map(({ contribution }) => this.shelf.remove(`${this.prefix}${contribution}`)));
  }

  /** Takes in what the server says about one's latest work. */
  learn(own: readonly Own[]): void {
    this.#own = own;
  }
}

export const handedFrom = (own: OwnDetail): Handed => ({
  contribution: own.id,
  assignment: own.assignment,
  answer: fromOwn(own),
  revision: own.revision,
  at: Date.parse(own.submitted_at),
});

const stepOf = ({ contribution, assignment: { task }, at }: Handed): Step => ({
  contribution,
  crop: task.crop ?? null,
  label: task.canvas.label,
  at,
});

const ownStep = ({ id, crop, canvas_label, submitted_at }: Own): Step => ({
  contribution: id,
  crop,
  label: canvas_label,
  at: Date.parse(submitted_at),
});
