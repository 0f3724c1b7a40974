/** Keeps the lease on the task in hand, and on the one that comes next, for as long as somebody is at work. */

import type { Assignment } from "./contract.ts";
import type { World } from "./ports.ts";

const EARLIEST_MS = 20_000;

export class Renewals {
  #cancel: (() => void) | null = null;

  constructor(
    private readonly world: Pick<World, "server" | "clock">,
    private readonly desk: {
      /** The task at hand, or the one that was put aside. */
      at(): string | undefined;
      next(): Assignment | null;
      isIdle(): boolean;
    },
  ) {}

  /** Renews halfway to the lease's end. */
  plan(assignment: Assignment): void {
    const { clock } = this.world;
    const left = Date.parse(assignment.expires_at) - clock.now();
    if (Number.isNaN(left)) return;
    this.#cancel?.();
    this.#cancel = clock.after(Math.max(left / 2, EARLIEST_MS), () => void this.#renew(assignment));
  }

  close(): void {
    this.#cancel?.();
  }

  async #renew(assignment: Assignment): Promise<void> {
    if (this.desk.at() !== assignment.id || this.desk.isIdle()) return;
    const { server } = this.world;
    const next = this.desk.next();
    if (next) void server.renew(next.id).catch(() => undefined);
    // A lease that cannot be renewed costs nothing: late work is kept by the server.
    const renewed = await server.renew(assignment.id).catch(() => null);
    if (renewed) this.plan({ ...assignment, ...renewed });
  }
}
