/** Going back: takes up again what was handed in, puts aside what one was at, and sends what was changed. */

import type { Assignment, Contribution, OwnDetail } from "./contract.ts";
import { type Answer, fromOwn, saysTheSame, toContribution } from "./draft.ts";
import { type History, step } from "./history.ts";
import type { Draft, Journal } from "./journal.ts";
import type { Outbox, Parcel } from "./outbox.ts";
import type { World } from "./ports.ts";
import { asAsked, stepsOf } from "./sequence.ts";
import type { SessionState } from "./sessionstate.ts";
import { type Handed, handedFrom, LONGEST_TRAIL, type Revisit, type Trail } from "./trail.ts";
import { asTrouble } from "./trouble.ts";
import { united } from "./uniting.ts";

/** The work in hand, as it comes back to the desk later. */
export type Aside = Pick<
  Draft,
  "assignment" | "contribution" | "history" | "timeSpentS" | "hand" | "sequence"
>;

/** What of a session going back touches. */
export interface Desk {
  readonly state: SessionState;
  become(change: Partial<SessionState>): void;
  /** What lies there now; null between tasks. */
  pick(): Aside | null;
  lay(assignment: Assignment, draft: Aside | undefined, revisit: Revisit | null): void;
  turn(history: History<Answer>): void;
  /** Keeps the answer that lies there; false where the browser cannot. */
  keep(assignment: Assignment, put: (said: Contribution) => Promise<void>): Promise<boolean>;
  /** Whether something about it has still to arrive: the server cannot know more of it. */
  isUnderWay(contribution: string): boolean;
  /** Forgets what was begun of a change: the answer that lies there stays as it stands. */
  giveUp(): void;
  /** Goes on to the next task, once what comes before it has happened. */
  advance(before: Promise<void>, resume: boolean): Promise<void>;
  /** Runs one move at a time: what is asked for meanwhile is not done. */
  alone(move: () => Promise<void>): Promise<void>;
}

export class Revisits {
  #aside: Aside | null = null;
  #remembered = false;

  constructor(
    private readonly world: World,
    private readonly desk: Desk,
    private readonly trail: Trail,
    private readonly journal: Journal,
    private readonly outbox: Outbox,
  ) {}

  get aside(): Assignment | null {
    return this.#aside?.assignment ?? null;
  }

  /** The answer to which `back` leads, as far as it is known. */
  get before(): string | null {
    const { steps } = this.trail;
    const shown = this.desk.state.revisit?.contribution;
    const at = steps.findIndex(({ contribution }) => contribution === shown);
    return steps[at + 1]?.contribution ?? null;
  }

  /** Whether there may be an answer to go back to. */
  isBackable(mine: number): boolean {
    return this.before !== null || (!this.#remembered && mine > 0);
  }

  /** Takes an earlier answer up again, offline too; what one is at is put aside and comes back with `goOn`. */
  revisit(contribution: string): Promise<void> {
    return this.desk.alone(() => this.#revisit(contribution));
  }

  /** To the task before: the last one handed in, or the one before the one that is shown. */
  back(): Promise<void> {
    return this.desk.alone(async () => {
      if (!this.before) await this.remember();
      if (this.before) await this.#revisit(this.before);
    });
  }

  /** Leaves an earlier answer as it stands and goes on to where one was. */
  async goOn(): Promise<void> {
    const { assignment, revisit } = this.desk.state;
    if (!assignment || !revisit) return;
    this.desk.giveUp();
    await this.#comeBack(Promise.resolve());
  }

  /** Puts the answer that lies there in the place of the earlier one, and goes on to where one was. */
  async save(assignment: Assignment, revisit: Revisit): Promise<void> {
    const { contribution, revision, original, at } = revisit;
    const answer = this.desk.state.history.present;
    const refused = this.#refused(contribution);
    if (revisit.whyNot || (!refused.length && saysTheSame(answer, original))) return this.goOn();
    // What the server has never taken is handed in anew under its id; what it has is amended.
    const isUnsent = refused.some(({ amends }) => !amends);
    const kept = await this.desk.keep(assignment, async (said) => {
      if (isUnsent) await this.outbox.add({ ...said, id: contribution });
      else await this.outbox.add(said, { contribution, revision, answer });
      await this.outbox.remove(refused.filter(({ amends }) => amends));
    });
    if (!kept) return;
    this.note({ contribution, assignment, answer, revision: isUnsent ? 1 : revision + 1, at }, true);
    await this.#comeBack(this.outbox.deliver());
  }

  /** Notes what was handed in or changed just now. */
  note(handed: Handed, changed: boolean): void {
    // What cannot be kept can still be handed in; there is only no way back to it after a reload.
    void this.trail.note(handed).catch(() => undefined);
    const justDone = { contribution: handed.contribution, changed };
    this.desk.become({ justDone, trail: this.trail.steps });
  }

  /** Asks the server, once, what else one has handed in lately. */
  async remember(): Promise<void> {
    if (this.#remembered) return;
    const mine = await this.world.server.mine(LONGEST_TRAIL).catch(() => null);
    if (!mine) return;
    this.#remembered = true;
    this.trail.learn(mine.results);
    this.desk.become({ trail: this.trail.steps });
  }

  /** What one handed in last on another image of the same manifest; null where there is nothing. Asks the server where
   * nothing is kept here. */
  async lastBeside({ task: { canvas } }: Assignment): Promise<Handed | null> {
    const beside = ({ assignment: { task } }: Handed) =>
      task.canvas.id !== canvas.id &&
      Boolean(canvas.manifest) &&
      task.canvas.manifest?.id === canvas.manifest?.id;
    const kept = this.trail.latest(beside);
    if (kept || !canvas.manifest) return kept ?? null;
    await this.remember();
    const [latest] = this.trail.steps;
    const own = latest && (await this.world.server.own(latest.contribution).catch(() => null));
    return own && beside(handedFrom(own)) ? handedFrom(own) : null;
  }

  /** Of two versions of an answer one's own: it is sent again, based on what stands. */
  async keepMine(contribution: string): Promise<void> {
    const refused = this.#refused(contribution);
    const { amends, present, contribution: said } = refused.at(-1) ?? {};
    if (!amends || !present || !said) return;
    await this.outbox.add({ ...said, id: this.world.newId() }, { ...amends, revision: present.revision });
    await this.outbox.remove(refused);
    await this.outbox.deliver();
    await this.#learn(contribution);
  }

  /** Of two versions of an answer one that says what both say; nothing happens where they cannot be united. */
  async keepBoth(contribution: string): Promise<void> {
    const refused = this.#refused(contribution);
    const { amends, present, contribution: said } = refused.at(-1) ?? {};
    if (!amends || !present || !said) return;
    const { campaign } = this.desk.state;
    const steps = stepsOf(campaign);
    const many = (step: string) =>
      (step ? steps.find(({ name }) => name === step)?.question : campaign?.question)?.many ?? false;
    const made = united(amends.answer, fromOwn(present), { many, newId: () => this.world.newId() });
    if (!made) return;
    const answer = asAsked(made, campaign);
    const { assignment: id, time_spent_s: timeSpentS, locale, device } = said;
    const [width, height] = said.canvas_size;
    const about = { id: this.world.newId(), timeSpentS, locale, device };
    const both = toContribution(answer, { id, task: { canvas: { width, height } } }, about);
    await this.outbox.add(both, { ...amends, answer, revision: present.revision });
    await this.outbox.remove(refused);
    await this.outbox.deliver();
    await this.#learn(contribution);
  }

  /** What lies here was handed in by another tab: from now on it is an answer taken up again. */
  handedInElsewhere(contribution: string, original: Answer): void {
    const picked = this.desk.pick();
    if (!picked || this.desk.state.revisit) return;
    const at = this.world.clock.now();
    const revisit: Revisit = { contribution, revision: 1, original, at, whyNot: null };
    this.desk.lay(picked.assignment, { ...picked, contribution: this.world.newId() }, revisit);
  }

  /** Of two versions of an answer the one that stands. */
  async keepOther(contribution: string): Promise<void> {
    await this.outbox.remove(this.#refused(contribution));
    await this.#learn(contribution);
  }

  /** Begins with an answer that the page names. Throws `Trouble`. */
  async begin(contribution: string): Promise<void> {
    await this.#takeUp(contribution);
  }

  async #revisit(contribution: string): Promise<void> {
    const { phase, revisit } = this.desk.state;
    if (phase === "loading" || revisit?.contribution === contribution) return;
    try {
      await this.#takeUp(contribution);
    } catch (error) {
      this.desk.become({ trouble: asTrouble(error) });
    }
  }

  async #takeUp(contribution: string): Promise<void> {
    const refused = this.#refused(contribution).findLast(({ amends }) => amends)?.amends;
    const kept = this.trail.find(contribution);
    // What is kept here is at hand; but of a change that was refused the other version is wanted as well.
    const own = kept && !refused ? null : await this.world.server.own(contribution);
    const handed = own ? handedFrom(own) : (kept as Handed);
    const draft = await this.journal.read(handed.assignment.id).catch(() => undefined);
    const isBegun = draft?.revisit?.contribution === contribution;
    if (!this.desk.state.revisit) this.#aside = this.desk.pick();
    this.desk.become({ justDone: null });
    const revisit = (isBegun && draft?.revisit) || fromHanded(handed, own);
    this.desk.lay(handed.assignment, isBegun ? draft : undefined, revisit);
    if (refused && !isBegun) this.desk.turn(step(this.desk.state.history, refused.answer));
    if (!own) void this.#compare(contribution);
  }

  /** Whether what is kept here still stands on the server: it may be decided, or changed in another tab. */
  async #compare(contribution: string): Promise<void> {
    const isUnderWay = () => this.outbox.about(contribution).length > 0;
    if (isUnderWay()) return;
    const own = await this.world.server.own(contribution).catch(() => null);
    const { revisit, history } = this.desk.state;
    if (!own || revisit?.contribution !== contribution || isUnderWay()) return;
    const found = fromHanded(handedFrom(own), own);
    if (own.revision === revisit.revision || history.past.length) {
      this.desk.become({ revisit: { ...revisit, whyNot: found.whyNot } });
    } else this.desk.lay(own.assignment, undefined, found);
    await this.trail.note(handedFrom(own)).catch(() => undefined);
  }

  async #comeBack(before: Promise<void>): Promise<void> {
    const aside = this.#aside;
    this.#aside = null;
    if (aside) this.desk.lay(aside.assignment, aside, null);
    else await this.desk.advance(before, true);
  }

  async #learn(contribution: string): Promise<void> {
    const own = await this.world.server.own(contribution).catch(() => null);
    if (own) await this.trail.note(handedFrom(own)).catch(() => undefined);
  }

  #refused(contribution: string): readonly Parcel[] {
    return this.outbox.about(contribution).filter((parcel) => parcel.refused !== null);
  }
}

const fromHanded = ({ contribution, revision, answer, at }: Handed, own: OwnDetail | null): Revisit => ({
  contribution,
  revision,
  original: answer,
  at,
  whyNot: own?.why_not?.detail ?? null,
});
