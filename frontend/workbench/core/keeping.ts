/** Where the unfinished answer stands: on the shelf of this browser, on the server, and in other tabs; and which of them is the newest. */

import type { Assignment } from "./contract.ts";
import { type Answer, inSpace, isBlank, saysTheSame, sizeOf } from "./draft.ts";
import { Drafts, type KeptDraft, keyOf, leaseOf, type Subject, type ThereState } from "./drafts.ts";
import { begin, step } from "./history.ts";
import { type Draft, EMPTY_HAND, type HandState, type Journal } from "./journal.ts";
import type { World } from "./ports.ts";
import type { Aside, Desk } from "./revisits.ts";
import { Tabs } from "./tabs.ts";
import type { Revisit } from "./trail.ts";

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
  /** What was laid on the desk last. */
  #laid = "";
  /** What is laid there comes from where it is the newest: nobody needs to be asked. */
  #isKnown = false;

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
      (subject, present) => this.#overtaken(subject, present),
    );
    const { channel } = world;
    const open = channel && ((heard: Parameters<typeof channel>[1]) => channel(`rubricator ${place}`, heard));
    this.#tabs = new Tabs(open ? world.newId() : "", open ?? null, {
      besides: (besides) => this.desk.become({ besides }),
      changed: (address) => void this.#reread(address),
      handedIn: (assignment, contribution, answer) => {
        if (assignment === this.#at) this.handedInElsewhere(contribution, answer);
      },
    });
  }

  get #at(): string | null {
    return this.desk.state.assignment?.id ?? null;
  }

  /** Of what the draft is that lies there. */
  get #subject(): Subject | null {
    const { assignment, revisit } = this.desk.state;
    if (!assignment) return null;
    const { contribution, revision } = revisit ?? {};
    if (!contribution || !revision) return leaseOf(assignment.id);
    return { assignment: assignment.id, changes: { contribution, revision } };
  }

  get #address(): string | null {
    return this.#subject && keyOf(this.#subject);
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
    const [subject, before] = [this.#subject, this.#laid];
    this.#laid = this.#address ?? "";
    // Of what lay there before, what waits still goes out.
    if (subject && this.#laid === before) this.#drafts.forget(subject);
    else this.#drafts.turn();
    this.#tabs.at(this.#address);
    const { revisit } = this.desk.state;
    const isAsked = revisit ? !revisit.whyNot && !this.desk.isUnderWay(revisit.contribution) : ask;
    if (isAsked && !this.#isKnown) void this.#compare();
  }

  /** Nothing lies on the desk. */
  cleared(): void {
    this.#laid = "";
    this.#drafts.turn();
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
    this.#tabs.at(this.#address);
  }

  /** The answer is in the outbox, or was passed on: nobody needs its draft any more. */
  done(assignment: Assignment): void {
    const subject = this.#subject;
    if (subject) this.#drafts.forget(subject);
    void this.journal.remove(assignment.id).catch(() => undefined);
  }

  /** The answer that lies there stays as it stands: what was begun of a change goes, here and on the server. */
  giveUp(): void {
    const subject = this.#subject;
    if (!subject?.changes) return;
    void this.journal.remove(subject.assignment).catch(() => undefined);
    if (this.#sequence) void this.#drafts.drop(subject);
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
    const subject = this.#subject;
    // What stands there is not overwritten while it is offered.
    if (!subject || this.desk.state.other?.from === "there") return;
    this.#drafts.put(subject, {
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
    const subject = this.#subject;
    if (!assignment || !subject) return;
    const found = await this.#drafts.read(subject);
    const now = this.desk.state;
    if (this.#address !== keyOf(subject)) return;
    // Of a change of what stood before nobody wants to know.
    const there = found && (!subject.changes || found.based_on === subject.changes.revision) ? found : null;
    if (!there) {
      if (this.#sequence && !this.#isUnchanged(now.history.present)) this.#resend();
      return;
    }
    const theirs = movedInto(assignment, there.body);
    if (saysTheSame(theirs, now.history.present)) {
      this.#sequence = Math.max(this.#sequence, there.sequence);
      this.desk.become({ there: "saved", thereBecause: null });
      return;
    }
    const isUntouched = now.history === history;
    if (isUntouched && there.sequence > this.#sequence) this.#adopt(assignment, there, theirs);
    else if (there.writer === this.#writer && there.sequence <= this.#sequence) this.#resend();
    else this.#offer({ from: "there", answer: theirs }, there.sequence);
  }

  /** Whether nothing has been done yet: nothing is drawn, or what was handed in is as it was. */
  #isUnchanged(answer: Answer): boolean {
    const { revisit } = this.desk.state;
    return revisit ? saysTheSame(answer, revisit.original) : isBlank(answer);
  }

  /** The server's is the newer one: it is shown, and what stood here is offered and one step back. */
  #adopt(assignment: Assignment, there: KeptDraft, theirs: Answer): void {
    const mine = this.desk.state.history;
    const picked = this.desk.pick();
    if (!picked) return;
    const isBegun = !this.#isUnchanged(mine.present);
    const { revisit } = this.desk.state;
    const history = isBegun || revisit ? step(mine, theirs) : begin(theirs);
    const timeSpentS = Math.max(picked.timeSpentS, there.body.time_spent_s);
    const aside: Aside = { ...picked, history, timeSpentS, hand: there.body.hand, sequence: there.sequence };
    this.#layKnown(assignment, aside, revisit);
    if (isBegun) this.desk.become({ other: { from: "here", answer: mine.present } });
    // To have looked at it is no change: only what is drawn from here on takes the place of what stands there.
    this.desk.become({ there: "saved", thereBecause: null });
    this.#keepHere();
  }

  #layKnown(assignment: Assignment, draft: Aside, revisit: Revisit | null): void {
    this.#isKnown = true;
    this.desk.lay(assignment, draft, revisit);
    this.#isKnown = false;
  }

  #offer(other: Other, sequence: number): void {
    this.#beyond = Math.max(this.#beyond, sequence);
    this.desk.become({ other });
  }

  #overtaken(subject: Subject, present: KeptDraft): void {
    const { assignment: here, history } = this.desk.state;
    if (!here || this.#address !== keyOf(subject)) return;
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
  async #reread(address: string): Promise<void> {
    const at = this.#at;
    if (!at || address !== this.#address) return;
    const draft = await this.journal.read(at).catch(() => undefined);
    const { assignment: here, revisit, other, there, thereBecause } = this.desk.state;
    if (!draft || !here || address !== this.#address) return;
    if ((draft.revisit?.contribution ?? null) !== (revisit?.contribution ?? null)) return;
    if ((draft.sequence ?? 0) <= this.#sequence) return;
    this.#layKnown(here, draft, revisit);
    // The tab that has changed it sends it too.
    this.desk.become({ other, there, thereBecause });
  }
}
