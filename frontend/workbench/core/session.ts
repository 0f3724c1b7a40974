/** One person's sitting at one campaign: claims tasks, keeps the draft, hands answers in, looks one task ahead. */

import { Claiming } from "./claiming.ts";
import type { Assignment, Contribution, Prediction, Receipt } from "./contract.ts";
import { type Answer, BLANK, inSpace, sizeOf, toContribution } from "./draft.ts";
import { begin, type History, mapHistory, redo, restep, step, undo } from "./history.ts";
import { Journal } from "./journal.ts";
import { Keeping } from "./keeping.ts";
import { Outbox, type OutboxState, type Parcel } from "./outbox.ts";
import type { World } from "./ports.ts";
import { type Aside, Revisits } from "./revisits.ts";
import { asAsked } from "./sequence.ts";
import { atFirst, type Desk, type SessionOptions, type SessionState } from "./sessionstate.ts";
import { Timers } from "./timers.ts";
import { TimeSpent } from "./timespent.ts";
import { type Revisit, Trail } from "./trail.ts";
import { asTrouble } from "./trouble.ts";

const SAID_FOR_MS = 12_000;

export class Session implements Desk {
  #state: SessionState;
  readonly #outbox: Outbox;
  readonly #journal: Journal;
  readonly #trail: Trail;
  readonly #claiming: Claiming;
  /** The way back to what was handed in. */
  readonly past: Revisits;
  /** Where the draft stands. */
  readonly draft: Keeping;
  #toRevisit: string;
  #contribution = "";
  #stroke = "";
  #stroked: Answer | null = null;
  readonly #time: TimeSpent;
  readonly #timers: Timers;
  /** The move that is being made. */
  #leaving: symbol | null = null;
  /** The assignment that was handed in or passed on: while it is still shown, nothing changes it any more. */
  #handing: string | null = null;
  #closed = false;

  constructor(
    private readonly world: World,
    private readonly options: SessionOptions,
    private readonly changed: (state: SessionState) => void,
  ) {
    const place = `${encodeURIComponent(options.person)}/${options.campaign}/`;
    this.#journal = new Journal(world.shelf, `draft/${place}`);
    this.#trail = new Trail(world.shelf, `handed/${place}`);
    this.#toRevisit = options.revisit ?? "";
    this.#outbox = new Outbox(
      world,
      `outbox/${place}`,
      (parcel) => this.#send(parcel),
      (outbox, receipt) => this.#outboxChanged(outbox, receipt),
    );
    this.#state = atFirst(this.#outbox.state);
    this.#time = new TimeSpent(world.clock);
    this.#timers = new Timers(world.clock);
    const desk = this.#desk();
    this.#claiming = new Claiming(world, desk);
    this.past = new Revisits(world, desk, this.#trail, this.#journal, this.#outbox);
    this.draft = new Keeping(world, desk, this.#journal, place, (contribution, answer) =>
      this.past.handedInElsewhere(contribution, answer),
    );
  }

  get state(): SessionState {
    return this.#state;
  }

  get answer(): Answer {
    return this.#state.history.present;
  }

  /** Loads the campaign, then the unfinished draft if there is one, else a task. Also what "try again" calls. */
  async start(): Promise<void> {
    this.#become({ phase: "loading", trouble: null });
    await this.#orTrouble(async () => {
      const campaign = await this.world.server.campaign();
      this.#become({ campaign, progress: campaign.progress });
      await this.#outbox.open();
      await this.#trail.open();
      await this.draft.open();
      this.#become({ trail: this.#trail.steps });
      void this.#outbox.deliver();
      const named = this.#toRevisit;
      this.#toRevisit = "";
      if (named) return this.past.begin(named);
      const drafts = await this.#journal.unfinished();
      const draft = drafts.find(({ assignment, contribution, revisit }) =>
        revisit ? !this.#outbox.holds(contribution) : !this.#outbox.holdsAssignment(assignment.id),
      );
      if (draft) this.#show(draft.assignment, draft, draft.revisit ?? null, { ask: true });
      else await this.#claiming.claim({ resume: true });
    });
  }

  /**
   * Changes the answer; the journal has it before anything else happens. Changes of one `stroke` that follow on each
   * other, such as letters of a text, are undone together.
   */
  change(edit: (answer: Answer) => Answer, stroke = ""): void {
    if (this.#state.revisit?.whyNot) return;
    const { history } = this.#state;
    const goesOn = stroke !== "" && stroke === this.#stroke && history.present === this.#stroked;
    this.#turn((goesOn ? restep : step)(history, edit(this.answer)));
    [this.#stroke, this.#stroked] = [stroke, this.answer];
  }

  /** Further suggestions for the task in hand, as the person has asked for them. */
  offer(task: string, predictions: readonly Prediction[]): void {
    const { assignment } = this.#state;
    if (assignment?.id !== task || !predictions.length) return;
    const offered = [...assignment.predictions, ...predictions];
    this.#become({ assignment: { ...assignment, predictions: offered } });
  }

  undo(): void {
    this.#turn(undo(this.#state.history));
  }

  redo(): void {
    this.#turn(redo(this.#state.history));
  }

  /** Notes that the person is at work: for the time spent, and for keeping the lease. */
  active(): void {
    this.#time.active();
  }

  /**
   * Hands the answer in: it is kept in the outbox first, then the next task is shown, then it is sent. An answer
   * that was taken up again takes the place of what it was.
   */
  submit(): Promise<void> {
    return this.#alone(async () => {
      const { assignment, phase, revisit } = this.#state;
      if (!assignment || phase !== "working") return;
      this.#handing = assignment.id;
      if (revisit) return this.past.save(assignment, revisit);
      const [contribution, answer, at] = [this.#contribution, this.answer, this.world.clock.now()];
      if (!(await this.#keep(assignment, (said) => this.#outbox.add(said)))) return;
      this.#become({ handedIn: this.#state.handedIn + 1, feedback: null });
      this.draft.tellOthers(assignment, contribution, answer);
      this.past.note({ contribution, assignment, answer, revision: 1, at }, false);
      await this.#advance(this.#outbox.deliver());
    });
  }

  /** Passes this task on to others and never sees it again; leaves an answer that was taken up as it stands. */
  async skip(): Promise<void> {
    await this.#alone(async () => {
      const { assignment, phase, revisit } = this.#state;
      if (!assignment || phase !== "working") return;
      if (revisit) return this.past.goOn();
      this.#handing = assignment.id;
      this.draft.done(assignment);
      const skipping = this.world.server.skip(assignment.id).catch(() => undefined);
      await this.#advance(skipping);
    });
  }

  /** Tries again what did not work: on the button, when the network returns, when the person comes back. */
  async retry(): Promise<void> {
    if (this.#closed) return;
    const { phase, outbox } = this.#state;
    this.draft.comeBack();
    if (outbox.parcels.some((parcel) => parcel.refused === null)) void this.#outbox.deliver();
    if (phase === "trouble") await this.start();
    else if (phase === "all-leased") await this.#claimOrTrouble(false);
  }

  /** Puts away what was told about a picture handed in before. */
  putAway(): void {
    this.#become({ feedback: null });
  }

  retryRefused(): Promise<void> {
    return this.#outbox.retryRefused();
  }

  discardRefused(): Promise<void> {
    return this.#outbox.discardRefused();
  }

  /** Gives back the task looked ahead at: the page is going away. */
  letGo(): void {
    this.draft.leave();
    this.#claiming.letGo();
  }

  close(): void {
    this.#closed = true;
    this.#timers.close();
    this.#claiming.close();
    this.draft.close();
    this.#outbox.close();
  }

  /** One move at a time, however often a button is pressed; what is shown next can be worked on at once. */
  async #alone(move: () => Promise<void>): Promise<void> {
    if (this.#leaving) return;
    const mine = Symbol("move");
    this.#leaving = mine;
    try {
      await move();
    } finally {
      if (this.#leaving === mine) this.#leaving = this.#handing = null;
    }
  }

  #desk() {
    const session = this;
    return {
      get state() {
        return session.#state;
      },
      become: (change: Partial<SessionState>) => this.#become(change),
      pick: () => this.#pick(),
      lay: (assignment: Assignment, draft: Aside | undefined, revisit: Revisit | null) =>
        this.#show(assignment, draft, revisit),
      turn: (history: History<Answer>) => this.#turn(history),
      keep: (assignment: Assignment, put: (said: Contribution) => Promise<void>) =>
        this.#keep(assignment, put),
      giveUp: () => this.draft.giveUp(),
      isUnderWay: (contribution: string) => this.#outbox.about(contribution).length > 0,
      advance: (before: Promise<void>, resume: boolean) => this.#advance(before, resume),
      alone: (move: () => Promise<void>) => this.#alone(move),
      open: (assignment: Assignment, options: { ask: boolean }) => this.#open(assignment, options),
      isAnswered: (assignment: string) => this.#outbox.holdsAssignment(assignment),
      aside: () => this.past.aside,
      isIdle: () => this.#time.isIdle,
      orTrouble: (work: () => Promise<void>) => this.#orTrouble(work),
    };
  }

  #pick(): Aside | null {
    const { assignment, history } = this.#state;
    if (!assignment) return null;
    this.active();
    const { hand } = this.#state;
    return {
      assignment,
      contribution: this.#contribution,
      history,
      timeSpentS: this.#time.seconds,
      hand,
      sequence: this.draft.sequence,
    };
  }

  /** Puts the present answer where it survives; false, and nothing else happens, where the browser cannot. */
  async #keep(assignment: Assignment, put: (said: Contribution) => Promise<void>): Promise<boolean> {
    this.active();
    const said = toContribution(asAsked(this.answer, this.#state.campaign), assignment, {
      id: this.#contribution,
      timeSpentS: this.#time.seconds,
      locale: this.options.locale,
      device: this.options.device,
    });
    try {
      await put(said);
    } catch {
      this.#become({ keeping: "not-kept" });
      return false;
    }
    this.draft.done(assignment);
    return true;
  }

  async #send({ contribution, amends }: Parcel): Promise<Receipt | null> {
    if (!amends) return this.world.server.submit(contribution);
    const { assignment: _known, ...said } = contribution;
    await this.world.server.amend(amends.contribution, { ...said, based_on: amends.revision });
    return null;
  }

  async #advance(before: Promise<void>, resume = false): Promise<void> {
    const { next } = this.#state;
    if (next) {
      this.#become({ next: null });
      await this.#open(next);
      return;
    }
    this.#leaving = this.#handing = null;
    // Without a task in hand the server should know of the last one first: it decides what is left.
    this.#become({ phase: "loading", assignment: null, history: begin(BLANK), revisit: null });
    this.draft.cleared();
    await before;
    await this.#claimOrTrouble(resume);
  }

  #claimOrTrouble(resume: boolean): Promise<void> {
    return this.#orTrouble(() => this.#claiming.claim({ resume }));
  }

  async #open(assignment: Assignment, { ask = false } = {}): Promise<void> {
    const draft = await this.#journal.read(assignment.id).catch(() => undefined);
    this.#show(assignment, draft, null, { ask });
  }

  #show(
    assignment: Assignment,
    draft: Aside | undefined,
    revisit: Revisit | null = null,
    { ask = false } = {},
  ): void {
    this.#handing = null;
    this.#contribution = draft?.contribution ?? this.world.newId();
    this.#time.begin(draft?.timeSpentS ?? 0);
    const history = draft ? this.#inSpaceOf(assignment, draft) : begin(revisit?.original ?? BLANK);
    this.#become({ phase: "working", assignment, history, revisit, trouble: null });
    this.draft.shown(draft, { ask });
    this.#claiming.arrived();
    // What was handed in needs no lease, and nothing comes after it.
    if (!revisit) this.#claiming.keep(assignment);
  }

  /** The draft moved along when its canvas has another size than when it was drawn. */
  #inSpaceOf(assignment: Assignment, draft: Aside): History<Answer> {
    const [from, to] = [sizeOf(draft.assignment), sizeOf(assignment)];
    return mapHistory(draft.history, (answer) => inSpace(answer, from, to));
  }

  #turn(history: History<Answer>): void {
    const { assignment } = this.#state;
    if (history === this.#state.history || !assignment || assignment.id === this.#handing) return;
    this.active();
    this.#become({ history });
    this.draft.write();
  }

  #outboxChanged(outbox: OutboxState, receipt: Receipt | null): void {
    const feedback = receipt?.feedback ?? this.#state.feedback;
    this.#become({ outbox, feedback, progress: receipt?.progress ?? this.#state.progress });
  }

  async #orTrouble(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#become({ phase: "trouble", trouble: asTrouble(error) });
    }
  }

  #become(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    const backable = this.past.isBackable(this.#state.progress?.mine ?? 0);
    this.#state = { ...this.#state, backable };
    if (change.justDone) this.#timers.later("said", SAID_FOR_MS, () => this.#become({ justDone: null }));
    if (!this.#closed) this.changed(this.#state);
  }
}
