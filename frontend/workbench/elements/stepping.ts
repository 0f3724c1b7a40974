/** The steps of a sequence at the workbench: which is at hand, what it still wants, and how one goes on. */

import type { ReactiveControllerHost } from "lit";
import type { StepAsked } from "../core/contract.ts";
import type { Obstacle } from "../core/draft.ts";
import { current, goTo, nextOpen, stepsOf, viewOf, wanting } from "../core/sequence.ts";
import type { SessionState } from "../core/sessionstate.ts";
import { Hearing } from "./hearing.ts";
import type { Sitting } from "./sitting.ts";

interface SteppingHost extends ReactiveControllerHost, HTMLElement {
  readonly now: SessionState | null;
  readonly sitting: Sitting;
  readonly foot: { submit(): void } | null;
  submit(): Promise<void>;
}

export class Stepping {
  constructor(private readonly host: SteppingHost) {
    new Hearing(host, (on) => {
      on<{ step: string }>("step-go", ({ step }) => this.#go(step));
      on("step-onward", () => this.onward());
    });
  }

  /** None where one question is asked. */
  get steps(): readonly StepAsked[] {
    return stepsOf(this.host.now?.campaign ?? null);
  }

  get step(): string {
    const { now } = this.host;
    return now ? current(this.steps, now.history.present) : "";
  }

  /** Why the step at hand cannot be left yet; null where it is complete. */
  get wants(): Obstacle {
    const { now } = this.host;
    return now ? wanting(this.steps, now.history.present, this.step) : null;
  }

  /** Whether Enter goes on from a complete step, or to the text where one is to be written. */
  get confirms(): boolean {
    const { draws, writes = false } = viewOf(this.host.now)?.campaign?.question ?? {};
    return this.steps.length ? !draws || !this.wants : writes;
  }

  /** To the first step that wants something; where none does the answer is handed in. */
  onward(): void {
    const { now, foot } = this.host;
    const { steps, step } = this;
    if (!now || !steps.length) return;
    const here = wanting(steps, now.history.present, step);
    const next = here ? null : nextOpen(steps, now.history.present);
    if (next) this.#go(next);
    else if (foot) foot.submit();
    // Where something is judged the foot is another, and saying it is enough.
    else if (!here) void this.host.submit();
  }

  /** Whether another step is at hand than before. */
  hasMoved(before: SessionState | null | undefined): boolean {
    const { steps } = this;
    if (!steps.length || !before?.campaign) return false;
    return current(steps, before.history.present) !== this.step;
  }

  #go(step: string): void {
    this.host.sitting.session?.change((now) => goTo(now, step));
  }
}
