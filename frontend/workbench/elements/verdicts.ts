/** Judging what somebody or a model has said, at the workbench: right, wrong or corrected, by key, button or Enter. */

import type { ReactiveControllerHost } from "lit";
import { obstacle } from "../core/draft.ts";
import { type Judged, judged } from "../core/judging.ts";
import type { SessionState } from "../core/sessionstate.ts";
import type { Held } from "./answering.ts";
import { Hearing } from "./hearing.ts";
import type { Sitting } from "./sitting.ts";
import type { Stepping } from "./stepping.ts";

const DOUBLE_PRESS_MS = 300;

type Verdict = Exclude<Judged, "open">;

interface VerdictsHost extends ReactiveControllerHost, HTMLElement {
  /** The step at hand. */
  readonly session: SessionState | null;
  readonly sitting: Sitting;
  readonly held: Held;
  readonly stepping: Stepping;
  readonly stage: { focus(): void } | null;
  readonly labels: { focus(): void } | null;
  /** What is said is said of what is on the screen. */
  ofWhatIsSeen(act: () => void): void;
  submit(): Promise<void>;
  bringLabelsNear(): void;
}

export class Verdicts {
  #last: { verdict: Judged; at: number } = { verdict: "open", at: 0 };

  constructor(private readonly host: VerdictsHost) {
    new Hearing(host, (on) => {
      on<{ verdict: Verdict }>("judge", ({ verdict }) => this.judge(verdict));
      on("judge-as-shown", () => host.sitting.hand?.judgment.leaveAsShown());
    });
  }

  /** Where something is judged letters answer, and nothing is drawn anew. */
  get keys(): Readonly<Record<string, () => void>> {
    if (!this.host.sitting.hand?.shown) return {};
    const [nothing, correct] = [() => undefined, () => this.judge("edited")];
    const [right, wrong] = [() => this.judge("accepted"), () => this.judge("rejected")];
    const finish = () => this.finish();
    return {
      a: right,
      c: correct,
      e: correct,
      r: wrong,
      delete: wrong,
      backspace: wrong,
      enter: finish,
      n: nothing,
      d: nothing,
    };
  }

  /** Right and wrong hand in at once; a correction is made first. */
  judge(verdict: Verdict): void {
    const { may_correct = true } = this.host.session?.campaign?.question ?? {};
    if (verdict === "edited" && !may_correct) return;
    this.host.ofWhatIsSeen(() => this.#say(verdict));
  }

  /** Enter hands in a correction, once it has what it needs; else it says that what is shown is right. */
  finish(): void {
    const { host } = this;
    const { campaign, history } = host.session ?? {};
    if (!campaign || !history) return;
    if (host.held.selected === null) this.judge("accepted");
    else if (judged(history.present) !== "edited") host.sitting.hand?.select(null);
    else if (!obstacle(history.present, campaign.question)) this.#onward();
    else host.labels?.focus();
  }

  /** Of a sequence to the step that is asked after this, else the answer is handed in. */
  #onward(): void {
    const { stepping } = this.host;
    if (stepping.steps.length) stepping.onward();
    else void this.host.submit();
  }

  #say(verdict: Verdict): void {
    const { host } = this;
    // The second half of a double press was meant for what is gone from the screen by now.
    const now = performance.now();
    const again = verdict === this.#last.verdict && now - this.#last.at < DOUBLE_PRESS_MS;
    this.#last = { verdict, at: now };
    if (again) return;
    if (host.sitting.hand?.judgment.judge(verdict)) this.#onward();
    else {
      host.stage?.focus();
      host.bringLabelsNear();
    }
  }
}
