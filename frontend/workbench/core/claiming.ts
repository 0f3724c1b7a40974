/** How tasks come: one is claimed, the next is looked ahead at, a lease is kept, and what nobody works at is given back. */

import type { Assignment, Claim } from "./contract.ts";
import { BLANK } from "./draft.ts";
import { begin } from "./history.ts";
import type { World } from "./ports.ts";
import { Renewals } from "./renewals.ts";
import type { SessionState } from "./sessionstate.ts";
import { Timers } from "./timers.ts";

const LOOK_AHEAD_AFTER_MS = 300;
const CLAIM_ATTEMPTS = 4;
const PHASES = {
  nothing_left: "nothing-left",
  campaign_not_open: "not-open",
  all_leased: "all-leased",
  not_qualified: "not-qualified",
} as const;

/** What of a session the claiming of tasks touches. */
export interface ClaimingDesk {
  readonly state: SessionState;
  become(change: Partial<SessionState>): void;
  /** Lays a task there; with `ask` the server may know its draft better. */
  open(assignment: Assignment, options: { ask: boolean }): Promise<void>;
  /** Whether the answer to it waits to be sent: its lease is done with, though the server cannot know it yet. */
  isAnswered(assignment: string): boolean;
  /** A task that was put aside, and comes back. */
  aside(): Assignment | null;
  isIdle(): boolean;
  orTrouble(work: () => Promise<void>): Promise<void>;
}

export class Claiming {
  readonly #timers: Timers;
  readonly #renewals: Renewals;
  #closed = false;

  constructor(
    private readonly world: Pick<World, "server" | "clock">,
    private readonly desk: ClaimingDesk,
  ) {
    this.#timers = new Timers(world.clock);
    this.#renewals = new Renewals(world, {
      at: () => (desk.aside() ?? desk.state.assignment)?.id,
      next: () => desk.state.next,
      isIdle: () => desk.isIdle(),
    });
  }

  /** Claims a task and lays it there, or says why there is none. */
  async claim({ resume }: { resume: boolean }): Promise<void> {
    for (let attempt = 0; attempt < CLAIM_ATTEMPTS; attempt++) {
      const claim = await this.world.server.claim({ resume: resume && attempt === 0 });
      this.desk.become({ progress: claim.progress });
      if (!claim.assignment) {
        this.#rest(claim);
        return;
      }
      if (this.desk.isAnswered(claim.assignment.id)) continue;
      await this.desk.open(claim.assignment, { ask: resume });
      return;
    }
    this.desk.become({ phase: "all-leased" });
  }

  /** A task lies there: nothing is waited for any more. */
  arrived(): void {
    this.#timers.cancel("wait");
  }

  /** Keeps the lease of the task that lies there, and looks for the one after it. */
  keep(assignment: Assignment): void {
    this.#renewals.plan(assignment);
    this.#timers.later("look-ahead", LOOK_AHEAD_AFTER_MS, () => void this.#lookAhead());
  }

  /** Gives back the task looked ahead at. */
  letGo(): void {
    this.#timers.cancel("look-ahead");
    const { next } = this.desk.state;
    if (!next) return;
    this.desk.become({ next: null });
    void this.world.server.release(next.id).catch(() => undefined);
  }

  close(): void {
    this.#closed = true;
    this.#timers.close();
    this.#renewals.close();
  }

  #rest(claim: Claim): void {
    const phase = PHASES[claim.reason ?? "nothing_left"];
    const mayRetry = phase === "not-qualified" && claim.retry_after_s !== null;
    this.desk.become({ phase, mayRetry, assignment: null, history: begin(BLANK) });
    if (phase !== "all-leased") return;
    const again = () => void this.desk.orTrouble(() => this.claim({ resume: false }));
    this.#timers.later("wait", (claim.retry_after_s ?? 30) * 1000, again);
  }

  async #lookAhead(): Promise<void> {
    const { desk } = this;
    if (desk.state.next || desk.state.phase !== "working") return;
    const current = desk.state.assignment?.id;
    const claim = await this.world.server.claim({ resume: false }).catch(() => null);
    const found = claim?.assignment;
    if (!found || found.id === current || desk.isAnswered(found.id)) return;
    if (this.#closed || desk.state.next || desk.state.assignment?.id === found.id) return;
    desk.become({ next: found });
  }
}
