/** Where what is said on a grid stands besides this page: on the server, for another browser; and which of two is the newer. */

import type { Assignment } from "./contract.ts";
import { type Answer, BLANK, inSpace, saysTheSame, sizeOf } from "./draft.ts";
import { Drafts, type KeptDraft, leaseOf, type Subject, type ThereState } from "./drafts.ts";
import { begin, type History, step } from "./history.ts";
import { EMPTY_HAND } from "./journal.ts";
import { judged } from "./judging.ts";
import type { World } from "./ports.ts";

/** What is said of one crop; `passed`: it is left to others. */
export type Mark = Answer | "passed";
/** By assignment; what is not here has not been looked at. */
export type Marks = Readonly<Record<string, Mark>>;
export type Standing = "open" | "accepted" | "edited" | "rejected" | "passed";

export const standingOf = (mark: Mark | undefined): Standing =>
  mark === undefined ? "open" : mark === "passed" ? "passed" : judged(mark);

/** What is said otherwise of the same crops: in another browser, or here before that was shown. */
export interface OtherMarks {
  readonly from: "here" | "there";
  readonly marks: Readonly<Record<string, Mark | undefined>>;
}

export interface GridKeepingState extends ThereState {
  readonly other: OtherMarks | null;
}

/** What of a sitting at a grid the keeping touches. */
export interface GridDesk {
  readonly state: Pick<ThereState, "there"> & {
    readonly cells: readonly Assignment[];
    readonly history: History<Marks>;
  };
  become(change: Partial<GridKeepingState>): void;
  /** Shows this in the place of what is shown; it is no doing of the person. */
  lay(history: History<Marks>): void;
  /** Takes a step. */
  turn(history: History<Marks>): void;
  /** Seconds spent on each. */
  spentS(): number;
}

/** The number of the last change of each crop, by assignment. */
export type Sequences = Readonly<Record<string, number>>;

export class GridKeeping {
  readonly #drafts: Drafts;
  #writer = "";
  #sequences: Record<string, number> = {};
  /** The highest number that is known from elsewhere. */
  #beyond = 0;
  #other: OtherMarks | null = null;

  constructor(
    private readonly world: World,
    private readonly desk: GridDesk,
    private readonly place: string,
  ) {
    this.#drafts = new Drafts(
      world,
      (there) => this.desk.become(there),
      (subject, present) => this.#overtaken(subject, present),
      true,
    );
  }

  get sequences(): Sequences {
    return this.#sequences;
  }

  /** Knows this browser by a name of its own. */
  async open(): Promise<void> {
    if (!this.world.server.drafts) return;
    const key = `browser/${this.place}`;
    const known = await this.world.shelf.get<string>(key).catch(() => undefined);
    this.#writer = known ?? this.world.newId();
    if (!known) await this.world.shelf.put(key, this.#writer).catch(() => undefined);
  }

  /** A grid lies there; with `ask` the server may know more of it. */
  laid(sequences: Sequences, { ask }: { readonly ask: boolean }): void {
    this.#sequences = { ...sequences };
    this.#beyond = 0;
    this.#offer(null);
    this.desk.become({ there: "off", thereBecause: null });
    if (ask) void this.compare();
  }

  /** Counts and sends what is said otherwise than before. */
  write(before: Marks): void {
    const { cells, history } = this.desk.state;
    const changed = cells.map(({ id }) => id).filter((id) => history.present[id] !== before[id]);
    this.#count(changed);
    this.#send(changed);
  }

  /** Another tab has written this. */
  learned(sequences: Sequences): void {
    this.#sequences = { ...this.#sequences, ...sequences };
  }

  flush(): void {
    this.#drafts.flush();
  }

  /** These were handed in or left to others: nobody needs their drafts any more. */
  done(cells: readonly Assignment[]): void {
    for (const { id } of cells) this.#drafts.forget(leaseOf(id));
    this.#offer(null);
  }

  close(): void {
    this.#drafts.flush();
    this.#drafts.close();
  }

  /** Asks what was said in another browser: what is said there alone is shown, of two the newer one. */
  async compare(): Promise<void> {
    const { cells, history } = this.desk.state;
    if (!cells.length || !this.world.server.drafts?.readMany) return;
    const found = await this.#drafts.readMany(cells.map(({ id }) => id));
    if (this.desk.state.cells[0]?.id !== cells[0]?.id) return;
    const now = this.desk.state.history.present;
    const news: Record<string, Mark | undefined> = {};
    const offered: Record<string, Mark | undefined> = {};
    const unsent: string[] = [];
    for (const cell of cells) {
      const { id } = cell;
      const mine = this.#sequences[id] ?? 0;
      const there = found.get(id);
      if (!there) {
        if (mine) unsent.push(id);
        continue;
      }
      const theirs = markIn(there.body, cell);
      const isTouched = now[id] !== history.present[id];
      if (isSame(theirs, now[id])) this.#sequences[id] = Math.max(mine, there.sequence);
      else if (there.sequence > mine && !isTouched) {
        news[id] = theirs;
        this.#sequences[id] = there.sequence;
      } else if (there.writer === this.#writer && there.sequence <= mine) unsent.push(id);
      else {
        offered[id] = theirs;
        this.#beyond = Math.max(this.#beyond, there.sequence);
      }
    }
    this.#show(news);
    if (Object.keys(offered).length) this.#offer({ from: "there", marks: offered });
    this.#send(unsent);
    if (!unsent.length && found.size && this.desk.state.there === "off")
      this.desk.become({ there: "saved", thereBecause: null });
  }

  /** Takes what is offered, as a step that can be undone; what it replaces is offered in turn. */
  take(): void {
    const other = this.#other;
    if (!other) return;
    const { history } = this.desk.state;
    const marks = Object.fromEntries(Object.keys(other.marks).map((id) => [id, history.present[id]]));
    this.#offer({ from: other.from === "here" ? "there" : "here", marks });
    this.desk.turn(step(history, withMarks(history.present, other.marks)));
  }

  /** Goes on with what is shown. */
  leave(): void {
    const other = this.#other;
    if (!other) return;
    this.#offer(null);
    if (other.from !== "there") return;
    const ids = Object.keys(other.marks);
    this.#count(ids);
    this.#send(ids);
  }

  /** Shows what was said elsewhere; what it takes the place of is one step back, and offered. */
  #show(news: OtherMarks["marks"]): void {
    const { history } = this.desk.state;
    const ids = Object.keys(news);
    if (!ids.length) return;
    const replaced = ids.filter((id) => standingOf(history.present[id]) !== "open");
    const next = withMarks(history.present, news);
    this.desk.lay(history.past.length || replaced.length ? step(history, next) : begin(next));
    if (!replaced.length) return;
    const marks = Object.fromEntries(replaced.map((id) => [id, history.present[id]]));
    this.#offer({ from: "here", marks });
  }

  #overtaken({ assignment }: Subject, present: KeptDraft): void {
    const { cells, history } = this.desk.state;
    const cell = cells.find(({ id }) => id === assignment);
    if (!cell) return;
    this.#beyond = Math.max(this.#beyond, present.sequence);
    const theirs = markIn(present.body, cell);
    if (isSame(theirs, history.present[assignment])) {
      this.#sequences[assignment] = Math.max(this.#sequences[assignment] ?? 0, present.sequence);
      return;
    }
    const before = this.#other?.from === "there" ? this.#other.marks : {};
    this.#offer({ from: "there", marks: { ...before, [assignment]: theirs } });
  }

  #offer(other: OtherMarks | null): void {
    this.#other = other;
    this.desk.become({ other });
  }

  /** Every change counts on from all that is known: it takes the place of what stands elsewhere. */
  #count(ids: readonly string[]): void {
    const next = Math.max(0, this.#beyond, ...Object.values(this.#sequences)) + 1;
    for (const id of ids) this.#sequences[id] = next;
  }

  #send(ids: readonly string[]): void {
    const { cells, history } = this.desk.state;
    const time_spent_s = Math.round(this.desk.spentS() * 10) / 10;
    for (const cell of cells) {
      const { id } = cell;
      const sequence = this.#sequences[id];
      if (!ids.includes(id) || !sequence) continue;
      // What stands there is not overwritten while it is offered.
      if (this.#other?.from === "there" && id in this.#other.marks) continue;
      const mark = history.present[id];
      const isPassed = mark === "passed";
      this.#drafts.put(leaseOf(id), {
        sequence,
        writer: this.#writer,
        body: {
          answer: mark === undefined || isPassed ? BLANK : mark,
          hand: EMPTY_HAND,
          time_spent_s,
          canvas_size: sizeOf(cell),
          ...(isPassed && { passed: true }),
        },
      });
    }
  }
}

/** What a draft says, in the space that the canvas has here. */
function markIn({ answer, canvas_size, passed }: KeptDraft["body"], cell: Assignment): Mark | undefined {
  if (passed) return "passed";
  return judged(answer) === "open" ? undefined : inSpace(answer, canvas_size, sizeOf(cell));
}

function isSame(one: Mark | undefined, other: Mark | undefined): boolean {
  if (standingOf(one) !== standingOf(other)) return false;
  if (one === undefined || other === undefined || one === "passed" || other === "passed") return true;
  return saysTheSame(one, other);
}

function withMarks(marks: Marks, news: OtherMarks["marks"]): Marks {
  const all = { ...marks, ...news };
  return Object.fromEntries(
    Object.entries(all).flatMap(([id, mark]) => (mark === undefined ? [] : [[id, mark]])),
  );
}
