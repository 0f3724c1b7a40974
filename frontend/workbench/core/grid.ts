/** One person's sitting at a grid: many things shown at a glance, judged together, kept, and handed in one by one. */

import type { Assignment, Claim, ConceptRef } from "./contract.ts";
import { type Answer, BLANK, obstacle, toContribution } from "./draft.ts";
import type { Box } from "./geometry.ts";
import { GridKeeping, type Mark, type Marks, type Standing, standingOf } from "./gridkeeping.ts";
import { atFirst, type GridOptions, type GridState, type Kept } from "./gridstate.ts";
import { begin, type History, redo, step, undo } from "./history.ts";
import { accept, correct, reject, shownIn, unjudge } from "./judging.ts";
import { Outbox } from "./outbox.ts";
import type { GridServer, World } from "./ports.ts";
import { Tabs } from "./tabs.ts";
import { asTrouble } from "./trouble.ts";

const LONGEST_IDLE_MS = 120_000;
const EARLIEST_RENEWAL_MS = 20_000;
const KEPT_STEPS = 50;

export class GridSitting {
  #state: GridState;
  readonly #outbox: Outbox;
  readonly #key: string;
  /** Where it stands besides this page. */
  readonly draft: GridKeeping;
  readonly #tabs: Tabs;
  #ids: Readonly<Record<string, string>> = {};
  #spentMs = 0;
  #activeAt = 0;
  #timers = new Map<string, () => void>();
  #writing: Promise<void> = Promise.resolve();
  #leaving = false;
  #closed = false;

  constructor(
    private readonly world: World & { readonly server: GridServer },
    private readonly options: GridOptions,
    private readonly changed: (state: GridState) => void,
  ) {
    const place = `${encodeURIComponent(options.person)}/${options.campaign}/`;
    this.#key = `grid/${place}`;
    this.#outbox = new Outbox(
      world,
      `outbox/${place}`,
      async ({ contribution, amends }) => {
        if (!amends) return world.server.submit(contribution);
        const { assignment: _known, ...said } = contribution;
        await world.server.amend(amends.contribution, { ...said, based_on: amends.revision });
        return null;
      },
      (outbox, receipt) =>
        this.#become({
          outbox,
          progress: receipt?.progress ?? this.#state.progress,
          known: receipt?.feedback ? [...this.#state.known, receipt.feedback] : this.#state.known,
        }),
      (contributions) => world.server.submitMany(contributions),
    );
    this.draft = new GridKeeping(world, this.#desk(), place);
    const { channel } = world;
    const open =
      channel && ((heard: Parameters<typeof channel>[1]) => channel(`rubricator grid ${place}`, heard));
    this.#tabs = new Tabs(open ? world.newId() : "", open ?? null, {
      besides: () => undefined,
      changed: () => void this.#reread(),
      handedIn: () => undefined,
    });
    this.#state = atFirst(this.#outbox.state);
  }

  get state(): GridState {
    return this.#state;
  }

  /** Loads the campaign, then the grid that was left, else the next one. Also what "try again" calls. */
  async start(): Promise<void> {
    this.#become({ phase: "loading", trouble: null });
    await this.#orTrouble(async () => {
      const campaign = await this.world.server.campaign();
      this.#become({ campaign, progress: campaign.progress });
      await this.#outbox.open();
      await this.draft.open();
      void this.#outbox.deliver();
      const kept = await this.world.shelf.get<Kept>(this.#key).catch(() => undefined);
      if (kept?.cells.some(({ id }) => !this.#outbox.holdsAssignment(id))) this.#lay(kept, { ask: true });
      else await this.#claim(true);
      this.#tabs.at("grid");
    });
  }

  standing(id: string): Standing {
    return standingOf(this.#state.history.present[id]);
  }

  answer(id: string): Answer {
    const mark = this.#state.history.present[id];
    return mark === undefined || mark === "passed" ? BLANK : mark;
  }

  /** Says the same of several, as one step; saying it again of all of them takes it back. */
  say(ids: readonly string[], verdict: "accepted" | "rejected" | "passed"): void {
    const all = ids.every((id) => this.standing(id) === verdict);
    this.#mark(ids, (answer, cell) => {
      if (all) return unjudge(answer);
      if (verdict === "passed") return "passed";
      const shown = shownIn(this.#state.campaign, cell);
      if (!shown) return answer;
      const blank = unjudge(answer);
      return verdict === "accepted" ? accept(blank, shown, this.world.newId()) : reject(blank, shown);
    });
  }

  /** Those of which nothing is said yet are right: somebody has looked at all of them. */
  acceptOthers(): void {
    const open = this.open;
    if (open.length) this.say(open, "accepted");
  }

  correct(id: string, change: { box?: Box; concepts?: readonly ConceptRef[] }): void {
    this.#mark([id], (answer, cell) => {
      const shown = shownIn(this.#state.campaign, cell);
      return shown ? correct(answer, shown, this.world.newId(), change) : answer;
    });
  }

  /** Nothing is said of it any more. */
  forget(id: string): void {
    this.#mark([id], unjudge);
  }

  /** What is still to be looked at. */
  get open(): string[] {
    return this.#state.cells.map(({ id }) => id).filter((id) => this.standing(id) === "open");
  }

  /** Corrections that still want a label. */
  get unlabelled(): string[] {
    const { campaign, cells } = this.#state;
    if (!campaign) return [];
    return cells
      .map(({ id }) => id)
      .filter((id) => this.standing(id) === "edited" && obstacle(this.answer(id), campaign.question));
  }

  undo(): void {
    this.#turn(undo(this.#state.history));
  }

  redo(): void {
    this.#turn(redo(this.#state.history));
  }

  /** Notes that the person is at work: for the time spent, and for keeping the leases. */
  active(): void {
    const now = this.world.clock.now();
    this.#spentMs += Math.min(now - this.#activeAt, LONGEST_IDLE_MS);
    this.#activeAt = now;
  }

  /** Hands everything in that was said, once all has been looked at, and shows the next grid. */
  async submit(): Promise<void> {
    const { phase, cells } = this.#state;
    if (this.#leaving || phase !== "working" || this.open.length || this.unlabelled.length) return;
    this.#leaving = true;
    try {
      this.active();
      if (!(await this.#keepAll(cells))) return;
      this.draft.done(cells);
      const passed = cells.filter(({ id }) => this.standing(id) === "passed");
      const skipping = passed.map(({ id }) => this.world.server.skip(id).catch(() => undefined));
      this.#become({
        phase: "loading",
        cells: [],
        history: begin({}),
        handedIn: this.#state.handedIn + cells.length - passed.length,
      });
      await this.#forgetGrid();
      await Promise.all([this.#outbox.deliver(), ...skipping]);
      await this.#orTrouble(() => this.#claim(false));
    } finally {
      this.#leaving = false;
    }
  }

  async retry(): Promise<void> {
    if (this.#closed) return;
    const { phase, outbox } = this.#state;
    this.draft.flush();
    if (phase === "working") void this.draft.compare();
    if (outbox.parcels.some((parcel) => parcel.refused === null)) void this.#outbox.deliver();
    if (phase === "trouble") await this.start();
    else if (phase === "all-leased") await this.#orTrouble(() => this.#claim(false));
  }

  /** Puts away what was told about pictures handed in before. */
  putAway(): void {
    this.#become({ known: [] });
  }

  retryRefused(): Promise<void> {
    return this.#outbox.retryRefused();
  }

  discardRefused(): Promise<void> {
    return this.#outbox.discardRefused();
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.draft.close();
    this.#tabs.close();
    this.#outbox.close();
  }

  /** The page is going away: perhaps to come back. */
  leave(): void {
    this.draft.flush();
  }

  #desk() {
    const sitting = this;
    return {
      get state() {
        return sitting.#state;
      },
      become: (change: Partial<GridState>) => this.#become(change),
      lay: (history: History<Marks>) => {
        this.#become({ history });
        this.#write();
      },
      turn: (history: History<Marks>) => this.#turn(history),
      spentS: () => this.#spentMs / 1000 / Math.max(this.#state.cells.length, 1),
    };
  }

  /** Another tab of this browser has gone on: this one shows the same. */
  async #reread(): Promise<void> {
    const kept = await this.world.shelf.get<Kept>(this.#key).catch(() => undefined);
    if (!kept || this.#leaving || this.#closed) return;
    await this.#outbox.open();
    const { cells, history } = this.#state;
    if (kept.cells[0]?.id !== cells[0]?.id) {
      this.#lay(kept, { ask: false });
      return;
    }
    const { sequences = {} } = kept;
    const newer = Object.keys(sequences).filter(
      (id) => (sequences[id] ?? 0) > (this.draft.sequences[id] ?? 0),
    );
    if (!newer.length) return;
    const present: Record<string, Mark> = { ...history.present };
    for (const id of newer) {
      const mark = kept.history.present[id];
      if (mark === undefined) delete present[id];
      else present[id] = mark;
    }
    this.draft.learned(Object.fromEntries(newer.map((id) => [id, sequences[id] ?? 0])));
    this.#become({ history: { ...history, present } });
  }

  async #keepAll(cells: readonly Assignment[]): Promise<boolean> {
    const said = cells.filter(({ id }) => this.standing(id) !== "passed");
    const each = this.#spentMs / 1000 / Math.max(cells.length, 1);
    try {
      for (const cell of said) {
        await this.#outbox.add(
          toContribution(this.answer(cell.id), cell, {
            id: this.#ids[cell.id] ?? this.world.newId(),
            timeSpentS: each,
            locale: this.options.locale,
            device: this.options.device,
          }),
        );
      }
    } catch {
      this.#become({ keeping: "not-kept" });
      return false;
    }
    return true;
  }

  async #claim(resume: boolean): Promise<void> {
    const claim = await this.world.server.claimMany({ resume });
    this.#become({ progress: claim.progress });
    // What waits in the outbox is done with, though the server cannot know it yet.
    const cells = claim.assignments.filter(({ id }) => !this.#outbox.holdsAssignment(id));
    if (!cells.length) {
      this.#rest(claim);
      return;
    }
    this.#lay({ cells, history: begin({}), ids: {}, spentMs: 0 }, { ask: resume });
    this.#write();
  }

  #lay({ cells, history, ids, spentMs, sequences = {} }: Kept, { ask }: { readonly ask: boolean }): void {
    const here = cells.filter(({ id }) => !this.#outbox.holdsAssignment(id));
    this.#ids = Object.fromEntries(here.map(({ id }) => [id, ids[id] ?? this.world.newId()]));
    this.#spentMs = spentMs;
    this.#activeAt = this.world.clock.now();
    this.#become({ phase: "working", cells: here, history, keeping: "kept", trouble: null });
    this.draft.laid(sequences, { ask });
    this.#planRenewal(here);
  }

  #rest(claim: Pick<Claim, "reason" | "retry_after_s">): void {
    const phases = {
      nothing_left: "nothing-left",
      campaign_not_open: "not-open",
      all_leased: "all-leased",
      not_qualified: "not-qualified",
    } as const;
    const phase = phases[claim.reason ?? "all_leased"];
    const mayRetry = phase === "not-qualified" && claim.retry_after_s !== null;
    this.#become({ phase, mayRetry, cells: [], history: begin({}) });
    if (phase === "all-leased") {
      const again = () => void this.#orTrouble(() => this.#claim(false));
      this.#later("wait", (claim.retry_after_s ?? 30) * 1000, again);
    }
  }

  #mark(ids: readonly string[], change: (answer: Answer, cell: Assignment) => Mark): void {
    const { history, cells } = this.#state;
    const next: Record<string, Mark> = { ...history.present };
    let changed = false;
    for (const cell of cells) {
      if (!ids.includes(cell.id)) continue;
      const before = history.present[cell.id];
      const mark = change(this.answer(cell.id), cell);
      changed ||= mark !== (before ?? BLANK);
      next[cell.id] = mark;
    }
    if (changed) this.#turn(step(history, next));
  }

  #turn(history: History<Marks>): void {
    if (history === this.#state.history) return;
    this.active();
    const before = this.#state.history.present;
    this.#become({ history, keeping: "keeping" });
    this.draft.write(before);
    this.#write();
  }

  /** Writes are queued, so that an old state never overtakes a newer one. */
  #write(): void {
    const { cells, history } = this.#state;
    const { past, present, future } = history;
    const short = { past: past.slice(-KEPT_STEPS), present, future: future.slice(0, KEPT_STEPS) };
    const { sequences } = this.draft;
    const kept: Kept = { cells, history: short, ids: this.#ids, spentMs: this.#spentMs, sequences };
    const done = this.#writing.then(() => this.world.shelf.put(this.#key, kept));
    this.#writing = done.catch(() => undefined);
    done.then(
      () => {
        if (this.#state.history === history) {
          this.#become({ keeping: this.world.shelf.failing ? "not-kept" : "kept" });
        }
        this.#tabs.changed();
      },
      () => this.#become({ keeping: "not-kept" }),
    );
  }

  async #forgetGrid(): Promise<void> {
    this.#writing = this.#writing.then(() => this.world.shelf.remove(this.#key)).catch(() => undefined);
    await this.#writing;
  }

  #planRenewal(cells: readonly Assignment[]): void {
    const ends = cells.map(({ expires_at }) => Date.parse(expires_at)).filter((end) => !Number.isNaN(end));
    if (!ends.length) return;
    const left = Math.min(...ends) - this.world.clock.now();
    this.#later("renewal", Math.max(left / 2, EARLIEST_RENEWAL_MS), () => void this.#renew(cells));
  }

  async #renew(cells: readonly Assignment[]): Promise<void> {
    const idle = this.world.clock.now() - this.#activeAt;
    if (this.#state.cells[0]?.id !== cells[0]?.id || idle > 5 * LONGEST_IDLE_MS) return;
    const renewed: Assignment[] = [];
    for (const cell of cells) {
      // A lease that cannot be renewed costs nothing: late work is kept by the server.
      const said = await this.world.server.renew(cell.id).catch(() => null);
      renewed.push(said ? { ...cell, ...said } : { ...cell, expires_at: "" });
    }
    this.#planRenewal(renewed);
  }

  async #orTrouble(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#become({ phase: "trouble", trouble: asTrouble(error) });
    }
  }

  #later(name: string, ms: number, call: () => void): void {
    this.#timers.get(name)?.();
    this.#timers.set(name, this.world.clock.after(ms, call));
  }

  #become(change: Partial<GridState>): void {
    this.#state = { ...this.#state, ...change };
    if (!this.#closed) this.changed(this.#state);
  }
}
