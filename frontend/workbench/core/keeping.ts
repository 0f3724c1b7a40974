/** Where the unfinished answer stands: on the shelf of this browser, on the server, and in other tabs; and which of them is the newest. */

import type { Assignment } from "./contract.ts";
import { type Answer, inSpace, isBlank, saysTheSame, sizeOf } from "./draft.ts";
import { Drafts, type KeptDraft, type ThereState } from "./drafts.ts";
import { begin, step } from "./history.ts";
import { type Draft, EMPTY_HAND, type HandState, type Journal } from "./journal.ts";
import type { World } from "./ports.ts";
import type { Aside, Desk } from "./revisits.ts";
import { Tabs } from "./tabs.ts";

/** A draft of the same task that does not stand: from another browser, or this one's own before that. */
export interface Other {
  readonly from: "here" | "there";
  readonly answer: Answer;
}

export interface KeepingState extends ThereState {
  /** Whether the draft stands on the shelf. */
  readonly keeping: "kept" | "keeping" | "not-kept";
  readonly hand: HandState;
  readonly other: Other | null;
  /** How many other tabs are at the same task. */
  readonly besides: number;
}

export const KEEPING: KeepingState = {
  keeping: "kept",
  hand: EMPTY_HAND,
  other: null,
  besides: 0,
  there: "off",
  thereBecause: null,
};

/** An answer drawn elsewhere, in the space that the canvas has here. */
const movedInto = (assignment: Assignment, { answer, canvas_size }: KeptDraft["body"]): Answer =>
  inSpace(answer, canvas_size, sizeOf(assignment));

export class Keeping {
  readonly #drafts: Drafts;
  readonly #tabs: Tabs;
  #writer = "";
  #sequence = 0;
  /** The number of the draft of another browser that is offered: what goes on here comes after it. */
  #beyond = 0;

  constructor(
    private readonly world: World,
    private readonly desk: Desk,
    private readonly journal: Journal,
    private readonly place: string,
    /** This tab is to go on as if it had handed that in itself. */
    private readonly handedInElsewhere: (contribution: string, answer: Answer) => void,
  ) {
    this.#drafts = new Drafts(
      world,
      (there) => this.desk.become(there),
      (assignment, present) => this.#overtaken(assignment, present),
    );
    const { channel } = world;
    const open = channel && ((heard: Parameters<typeof channel>[1]) => channel(`rubricator ${place}`, heard));
    this.#tabs = new Tabs(open ? world.newId() : "", open ?? null, {
      besides: (besides) => this.desk.become({ besides }),
      changed: (assignment) => void this.#reread(assignment),
      handedIn: (assignment, contribution, answer) => {
        if (assignment === this.#at) this.handedInElsewhere(contribution, answer);
      },
    });
  }

  get #at(): string | null {
    return this.desk.state.assignment?.id ?? null;
  }

  get #isRevisit(): boolean {
    return this.desk.state.revisit !== null;
  }

  /** The number of the last change. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Knows this browser by a name of its own. */
  async open(): Promise<void> {
    if (!this.world.server.drafts) return;
    const key = `browser/${this.place}`;
    const known = await this.world.shelf.get<string>(key).catch(() => undefined);
    this.#writer = known ?? this.world.newId();
    if (!known) await this.world.shelf.put(key, this.#writer).catch(() => undefined);
  }

  /** What has just been laid on the desk: others are told, and with `ask` the server whether it knows better. */
  shown(draft: Partial<Draft> | undefined, { ask = false } = {}): void {
    this.#sequence = draft?.sequence ?? 0;
    this.#beyond = 0;
    this.desk.become({ hand: draft?.hand ?? EMPTY_HAND, other: null, keeping: "kept" });
    this.#drafts.forget();
    this.#tabs.at(this.#isRevisit ? null : this.#at);
    if (ask && !this.#isRevisit) void this.#compare();
  }

  /** Nothing lies on the desk. */
  cleared(): void {
    this.#drafts.forget();
    this.#tabs.at(null);
  }

  /** What is picked or half drawn: it is kept with the draft, once there is one. */
  hold(change: Partial<HandState>): void {
    const { hand } = this.desk.state;
    const now = { ...hand, ...change };
    if (JSON.stringify(now) === JSON.stringify(hand) || !this.#at) return;
    this.desk.become({ hand: now });
    if (change.sketch) this.write();
    // To pick something is no change of the draft: it is remembered here, and concerns nobody elsewhere.
    else if (this.#sequence) this.#keepHere();
  }

  /** Writes down what lies on the desk, here at once and on the server soon. */
  write(): void {
    this.#sequence = Math.max(this.#sequence, this.#beyond) + 1;
    this.desk.become({ keeping: "keeping" });
    const draft = this.#keepHere(() => this.#tabs.changed());
    if (draft) this.#send(draft);
  }

  #keepHere(then: () => void = () => undefined): Draft | null {
    const picked = this.desk.pick();
    if (!picked) return null;
    const { revisit, hand, history } = this.desk.state;
    const sequence = this.#sequence;
    const draft: Draft = { ...picked, hand, sequence, revisit, changedAt: this.world.clock.now() };
    this.journal.write(draft).then(
      () => {
        const keeping = this.world.shelf.failing ? "not-kept" : "kept";
        if (this.#sequence === sequence && this.desk.state.history === history) this.desk.become({ keeping });
        then();
      },
      () => this.desk.become({ keeping: "not-kept" }),
    );
    return draft;
  }

  /** Sends at once what waits. */
  flush(): void {
    this.#drafts.flush();
  }

  /** The page is going away: perhaps to come back. */
  leave(): void {
    this.#drafts.flush();
    this.#tabs.at(null);
  }

  /** The page, or the network, is back. */
  comeBack(): void {
    this.#drafts.flush();
    // Who has crashed meanwhile does not answer.
    this.#tabs.at(null);
    this.#tabs.at(this.#isRevisit ? null : this.#at);
  }

  /** The answer is in the outbox, or was passed on: nobody needs its draft any more. */
  done(assignment: Assignment): void {
    this.#drafts.forget();
    void this.journal.remove(assignment.id).catch(() => undefined);
  }

  /** Other tabs at the same task hear that it was handed in here. */
  tellOthers(assignment: Assignment, contribution: string, answer: Answer): void {
    this.#tabs.handedIn(assignment.id, contribution, answer);
  }

  /** Takes the draft that is offered, as a step that can be undone; what it replaces is offered in turn. */
  takeOther(): void {
    const { other, history } = this.desk.state;
    if (!other) return;
    const from = other.from === "here" ? "there" : "here";
    this.desk.become({ other: { from, answer: history.present }, hand: EMPTY_HAND });
    this.desk.turn(step(history, other.answer));
  }

  /** Goes on with what is shown. */
  leaveOther(): void {
    const isUnsent = this.desk.state.other?.from === "there";
    this.desk.become({ other: null });
    if (isUnsent) this.write();
  }

  close(): void {
    this.#drafts.flush();
    this.#drafts.close();
    this.#tabs.close();
  }

  #send({ assignment, history, hand = EMPTY_HAND, timeSpentS, sequence = 0 }: Draft): void {
    // What was handed in already has no lease; and what stands there is not overwritten while it is offered.
    if (this.#isRevisit || this.desk.state.other?.from === "there") return;
    this.#drafts.put(assignment.id, {
      sequence,
      writer: this.#writer,
      body: {
        answer: history.present,
        hand,
        time_spent_s: Math.round(timeSpentS * 10) / 10,
        canvas_size: sizeOf(assignment),
      },
    });
  }

  /** The server may know of work on this task that was done in another browser, or before this one was wiped. */
  async #compare(): Promise<void> {
    const { assignment, history } = this.desk.state;
    if (!assignment) return;
    const there = await this.#drafts.read(assignment.id);
    if (this.#at !== assignment.id || this.#isRevisit) return;
    const now = this.desk.state.history;
    if (!there) {
      if (this.#sequence) this.#resend();
      return;
    }
    const theirs = movedInto(assignment, there.body);
    if (saysTheSame(theirs, now.present)) {
      this.#sequence = Math.max(this.#sequence, there.sequence);
      this.desk.become({ there: "saved", thereBecause: null });
      return;
    }
    const isUntouched = now === history;
    if (isUntouched && there.sequence > this.#sequence) this.#adopt(assignment, there, theirs);
    else if (there.writer === this.#writer && there.sequence <= this.#sequence) this.#resend();
    else this.#offer({ from: "there", answer: theirs }, there.sequence);
  }

  /** The server's is the newer one: it is shown, and what stood here is offered and one step back. */
  #adopt(assignment: Assignment, there: KeptDraft, theirs: Answer): void {
    const mine = this.desk.state.history;
    const picked = this.desk.pick();
    if (!picked) return;
    const history = isBlank(mine.present) ? begin(theirs) : step(mine, theirs);
    const timeSpentS = Math.max(picked.timeSpentS, there.body.time_spent_s);
    const aside: Aside = { ...picked, history, timeSpentS, hand: there.body.hand, sequence: there.sequence };
    this.desk.lay(assignment, aside, null);
    if (!isBlank(mine.present)) this.desk.become({ other: { from: "here", answer: mine.present } });
    // To have looked at it is no change: only what is drawn from here on takes the place of what stands there.
    this.desk.become({ there: "saved", thereBecause: null });
    this.#keepHere();
  }

  #offer(other: Other, sequence: number): void {
    this.#beyond = Math.max(this.#beyond, sequence);
    this.desk.become({ other });
  }

  #overtaken(assignment: string, present: KeptDraft): void {
    const { assignment: here, history } = this.desk.state;
    if (!here || here.id !== assignment || this.#isRevisit) return;
    const theirs = movedInto(here, present.body);
    this.#beyond = Math.max(this.#beyond, present.sequence);
    if (saysTheSame(theirs, history.present)) this.#sequence = Math.max(this.#sequence, present.sequence);
    else this.#offer({ from: "there", answer: theirs }, present.sequence);
  }

  #resend(): void {
    const picked = this.desk.pick();
    if (picked) this.#send({ ...picked, hand: this.desk.state.hand, sequence: this.#sequence, changedAt: 0 });
  }

  /** Another tab of this browser has gone on: this one shows the same. */
  async #reread(assignment: string): Promise<void> {
    const draft = await this.journal.read(assignment).catch(() => undefined);
    const { assignment: here, other, there, thereBecause } = this.desk.state;
    if (!draft || !here || here.id !== assignment || this.#isRevisit || draft.revisit) return;
    if ((draft.sequence ?? 0) <= this.#sequence) return;
    this.desk.lay(here, draft, null);
    // The tab that has changed it sends it too.
    this.desk.become({ other, there, thereBecause });
  }
}
