/** Another task is shown, or another step of it: what was picked, said and looked for before is put away. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Box } from "../core/geometry.ts";
import type { Lexicon } from "../core/lexicon.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { SessionState } from "../core/sessionstate.ts";
import type { Assisting } from "./assisting.ts";
import type { Bunching } from "./bunching.ts";
import type { Layering } from "./layering.ts";
import type { Lexicons } from "./lexicons.ts";
import { layersOfSitting } from "./shown-through.ts";
import type { Sitting } from "./sitting.ts";
import type { Stepping } from "./stepping.ts";

interface TaskChangeHost extends ReactiveControllerHost, HTMLElement {
  readonly now: SessionState | null;
  readonly session: SessionState | null;
  readonly texts: Texts;
  readonly sitting: Sitting;
  readonly stepping: Stepping;
  readonly layering: Layering;
  readonly lexicons: Lexicons;
  readonly assisting: Assisting;
  readonly bunching: Bunching;
  readonly stage: { focus(): void } | null;
  readonly labels: { focus(): void } | null;
  lexicon: Lexicon | null;
  live: Box | null;
}

export class TaskChange implements ReactiveController {
  /** What has been followed so far. */
  #before: SessionState | null = null;
  #isNew = false;

  constructor(private readonly host: TaskChangeHost) {
    host.addController(this);
  }

  hostUpdate(): void {
    const { host } = this;
    this.#isNew = host.now?.assignment?.id !== this.#before?.assignment?.id;
    if (!this.#isNew) {
      this.#layMore();
      return;
    }
    this.#begin();
    host.sitting.hand?.pick(host.session?.hand.picked ?? []);
    host.live = null;
  }

  hostUpdated(): void {
    const { host } = this;
    const before = this.#before;
    this.#before = host.now;
    if (host.stepping.hasMoved(before)) this.#follow(before?.assignment?.id === host.now?.assignment?.id);
    const { assignment, revisit } = host.session ?? {};
    if (!this.#isNew || !assignment) return;
    const detail = { assignment: assignment.id, task: assignment.task.id };
    host.dispatchEvent(new CustomEvent("rubricator-task-shown", { detail, bubbles: true, composed: true }));
    // What an answer taken up again is stands on top of the sheet.
    if (revisit) host.querySelector(".rw-sheet")?.scrollTo?.({ top: 0 });
  }

  /** Other labels, nothing picked, and the text field under the hand of who writes. */
  #follow(isSameTask: boolean): void {
    const { host } = this;
    host.lexicon = null;
    // What was picked on a task that is taken up again stays picked.
    if (isSameTask) host.sitting.hand?.letGo();
    this.#begin();
    void host.lexicons.use(host.stepping.step);
    if (isSameTask && host.session?.campaign?.question.writes)
      void host.updateComplete.then(() => host.labels?.focus());
    else if (host.contains(document.activeElement)) host.stage?.focus();
  }

  /** What was found for the person while the task was in hand is suggested like the rest. */
  #layMore(): void {
    if (this.host.now?.assignment?.predictions !== this.#before?.assignment?.predictions) this.#lay();
  }

  #lay(): void {
    const { host } = this;
    host.layering.take(host.session ? layersOfSitting(host.session, host.texts) : []);
  }

  #begin(): void {
    const { host } = this;
    this.#lay();
    host.assisting.leave();
    host.bunching.begin();
  }
}
