/** One person's sitting at one campaign: claims tasks, keeps the draft, hands answers in, looks one task ahead. */

import type {
  Assignment,
  Campaign,
  Claim,
  Contribution,
  Device,
  Feedback,
  Prediction,
  Progress,
  Receipt,
} from "./contract.ts";
import { type Answer, BLANK, inSpace, sizeOf, toContribution } from "./draft.ts";
import { begin, type History, mapHistory, redo, restep, step, undo } from "./history.ts";
import { Journal } from "./journal.ts";
import { KEEPING, Keeping, type KeepingState } from "./keeping.ts";
import { Outbox, type OutboxState, type Parcel } from "./outbox.ts";
import type { World } from "./ports.ts";
import { Renewals } from "./renewals.ts";
import { type Aside, Revisits } from "./revisits.ts";
import { asAsked } from "./sequence.ts";
import { type Revisit, type Step, Trail } from "./trail.ts";
import { asTrouble, type Trouble } from "./trouble.ts";

export type Phase =
  | "loading"
  | "working"
  | "not-open"
  | "nothing-left"
  | "all-leased"
  | "not-qualified"
  | "trouble";

export interface SessionState extends KeepingState {
  readonly phase: Phase;
  readonly campaign: Campaign | null;
  readonly assignment: Assignment | null;
  readonly history: History<Answer>;
  readonly next: Assignment | null;
  readonly progress: Progress | null;
  readonly outbox: OutboxState;
  /** How many answers were handed in during this sitting. */
  readonly handedIn: number;
  /** The answer that was taken up again; null while one is at a new task. */
  readonly revisit: Revisit | null;
  /** The last tasks handed in, the latest first. */
  readonly trail: readonly Step[];
  /** Whether there may be one to go back to. */
  readonly backable: boolean;
  /** What was handed in or changed just now, for a moment. */
  readonly justDone: { readonly contribution: string; readonly changed: boolean } | null;
  /** What was known about a picture handed in before, until it is put away. */
  readonly feedback: Feedback | null;
  /** Whether another try is open later, for who has not qualified. */
  readonly mayRetry: boolean;
  /** Why nothing goes on; while one works, why an earlier answer could not be taken up. */
  readonly trouble: Trouble | null;
}

/** What the hand works at: of a sequence the step at hand, as if it were all. */
export type Desk = Pick<Session, "state" | "answer" | "change" | "draft" | "offer" | "past"> & {
  /** The name of the step at hand; absent or empty where one question is asked. */
  readonly step?: string;
};

export interface SessionOptions {
  readonly campaign: string;
  /** Whose drafts these are: keeps apart people who share a browser. */
  readonly person: string;
  readonly locale: string;
  readonly device: Device;
  /** Begins with this contribution taken up again. */
  readonly revisit?: string;
}

const LOOK_AHEAD_AFTER_MS = 300;
const LONGEST_IDLE_MS = 120_000;
const CLAIM_ATTEMPTS = 4;
const SAID_FOR_MS = 12_000;

export class Session {
  #state: SessionState;
  readonly #outbox: Outbox;
  readonly #journal: Journal;
  readonly #trail: Trail;
  readonly #renewals: Renewals;
  /** The way back to what was handed in. */
  readonly past: Revisits;
  /** Where the draft stands. */
  readonly draft: Keeping;
  #toRevisit: string;
  #contribution = "";
  #stroke = "";
  #stroked: Answer | null = null;
  #spentMs = 0;
  #activeAt = 0;
  #timers = new Map<string, () => void>();
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
    this.#state = {
      phase: "loading",
      campaign: null,
      assignment: null,
      history: begin(BLANK),
      next: null,
      progress: null,
      outbox: this.#outbox.state,
      ...KEEPING,
      handedIn: 0,
      revisit: null,
      trail: [],
      backable: false,
      justDone: null,
      feedback: null,
      mayRetry: false,
      trouble: null,
    };
    this.#renewals = new Renewals(world, {
      at: () => (this.past.aside ?? this.#state.assignment)?.id,
      next: () => this.#state.next,
      isIdle: () => this.world.clock.now() - this.#activeAt > 5 * LONGEST_IDLE_MS,
    });
    const desk = this.#desk();
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
      else await this.#claim({ resume: true });
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
    const now = this.world.clock.now();
    this.#spentMs += Math.min(now - this.#activeAt, LONGEST_IDLE_MS);
    this.#activeAt = now;
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
    const { next } = this.#state;
    this.draft.leave();
    this.#cancel("look-ahead");
    if (!next) return;
    this.#become({ next: null });
    void this.world.server.release(next.id).catch(() => undefined);
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#renewals.close();
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
      advance: (before: Promise<void>, resume: boolean) => this.#advance(before, resume),
      alone: (move: () => Promise<void>) => this.#alone(move),
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
      timeSpentS: this.#spentMs / 1000,
      hand,
      sequence: this.draft.sequence,
    };
  }

  /** Puts the present answer where it survives; false, and nothing else happens, where the browser cannot. */
  async #keep(assignment: Assignment, put: (said: Contribution) => Promise<void>): Promise<boolean> {
    this.active();
    const said = toContribution(asAsked(this.answer, this.#state.campaign), assignment, {
      id: this.#contribution,
      timeSpentS: this.#spentMs / 1000,
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
    return this.#orTrouble(() => this.#claim({ resume }));
  }

  async #claim({ resume }: { resume: boolean }): Promise<void> {
    for (let attempt = 0; attempt < CLAIM_ATTEMPTS; attempt++) {
      const claim = await this.world.server.claim({ resume: resume && attempt === 0 });
      this.#become({ progress: claim.progress });
      if (!claim.assignment) {
        this.#rest(claim);
        return;
      }
      // A lease whose answer waits in the outbox is done with, though the server cannot know it yet.
      if (this.#outbox.holdsAssignment(claim.assignment.id)) continue;
      await this.#open(claim.assignment, { ask: resume });
      return;
    }
    this.#become({ phase: "all-leased" });
  }

  #rest(claim: Claim): void {
    const phases = {
      nothing_left: "nothing-left",
      campaign_not_open: "not-open",
      all_leased: "all-leased",
      not_qualified: "not-qualified",
    } as const;
    const phase = phases[claim.reason ?? "nothing_left"];
    const mayRetry = phase === "not-qualified" && claim.retry_after_s !== null;
    this.#become({ phase, mayRetry, assignment: null, history: begin(BLANK) });
    if (phase === "all-leased") {
      this.#later("wait", (claim.retry_after_s ?? 30) * 1000, () => void this.#claimOrTrouble(false));
    }
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
    this.#spentMs = (draft?.timeSpentS ?? 0) * 1000;
    this.#activeAt = this.world.clock.now();
    const history = draft ? this.#inSpaceOf(assignment, draft) : begin(revisit?.original ?? BLANK);
    this.#become({ phase: "working", assignment, history, revisit, trouble: null });
    this.draft.shown(draft, { ask });
    this.#cancel("wait");
    // What was handed in needs no lease, and nothing comes after it.
    if (revisit) return;
    this.#renewals.plan(assignment);
    this.#later("look-ahead", LOOK_AHEAD_AFTER_MS, () => void this.#lookAhead());
  }

  /** The draft moved along when its canvas has another size than when it was drawn. */
  #inSpaceOf(assignment: Assignment, draft: Aside): History<Answer> {
    const [from, to] = [sizeOf(draft.assignment), sizeOf(assignment)];
    return mapHistory(draft.history, (answer) => inSpace(answer, from, to));
  }

  async #lookAhead(): Promise<void> {
    if (this.#state.next || this.#state.phase !== "working") return;
    const current = this.#state.assignment?.id;
    const claim = await this.world.server.claim({ resume: false }).catch(() => null);
    const found = claim?.assignment;
    if (!found || found.id === current || this.#outbox.holdsAssignment(found.id)) return;
    if (this.#closed || this.#state.next || this.#state.assignment?.id === found.id) return;
    this.#become({ next: found });
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

  #later(name: string, ms: number, call: () => void): void {
    this.#cancel(name);
    this.#timers.set(name, this.world.clock.after(ms, call));
  }

  #cancel(name: string): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }

  #become(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    const backable = this.past.isBackable(this.#state.progress?.mine ?? 0);
    this.#state = { ...this.#state, backable };
    if (change.justDone) this.#later("said", SAID_FOR_MS, () => this.#become({ justDone: null }));
    if (!this.#closed) this.changed(this.#state);
  }
}
