/** `<rubricator-judge>`: right, wrong, or to be corrected: the foot of the panel where one thing is judged. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Obstacle } from "../core/draft.ts";
import type { Judged } from "../core/judging.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Revisit } from "../core/trail.ts";
import { type Icon, icon } from "./icons.ts";
import { LightElement } from "./light.ts";

@customElement("rubricator-judge")
export class RubricatorJudge extends LightElement {
  @property({ attribute: false }) texts: Texts = en;
  @property() verdict: Judged = "open";
  @property({ attribute: false }) obstacle: Obstacle = null;
  @property({ type: Boolean }) correctable = true;
  @property({ type: Boolean }) correcting = false;
  /** An earlier answer is taken up again; null while this is a new one. */
  @property({ attribute: false }) revisit: Revisit | null = null;
  /** Whether one can pass on without an answer. */
  @property({ type: Boolean }) skippable = true;

  override render() {
    const { texts, revisit } = this;
    if (revisit?.whyNot) return html`<div class="rw-judge">${this.#leave(true)}</div>`;
    return html`<div class="rw-judge" data-testid="judge">
      ${this.correcting ? this.#correction() : this.#choices()}
      ${
        revisit
          ? this.#leave(false)
          : this.skippable
            ? html`<button
                type="button"
                class="rw-button rw-button-small rw-wide"
                data-testid="skip"
                @click=${() => this.tell("answer-skip", {})}
              >
                ${texts.skip}
              </button>`
            : nothing
      }
    </div>`;
  }

  #choices() {
    const { judging } = this.texts;
    return html`${this.#choice("accepted", "check", judging.right, "A")}
    ${this.correctable ? this.#choice("edited", "draw", judging.correct, "E") : nothing}
    ${this.#choice("rejected", "cross", judging.wrong, "R")}`;
  }

  #choice(verdict: Exclude<Judged, "open">, sign: Icon, name: string, key: string) {
    return html`<button
      type="button"
      class="rw-button rw-verdict-${verdict}"
      data-testid="judge-${verdict}"
      aria-pressed=${String(this.verdict === verdict)}
      aria-keyshortcuts=${key}
      @click=${() => this.tell("judge", { verdict })}
    >
      ${icon(sign)} <span>${name}</span> <kbd aria-hidden="true">${key}</kbd>
    </button>`;
  }

  #correction() {
    const { judging, needLabel } = this.texts;
    const missing = this.obstacle === "no-label";
    return html`${missing ? html`<p class="rw-obstacle" role="status">${needLabel}</p>` : nothing}
      <button
        type="button"
        class="rw-button rw-two"
        data-testid="judge-as-shown"
        @click=${() => this.tell("judge-as-shown", {})}
      >
        ${judging.asShown}
      </button>
      <button
        type="button"
        class="rw-button rw-button-primary"
        data-testid="judge-done"
        aria-disabled=${String(this.verdict !== "edited" || missing)}
        aria-keyshortcuts="Enter"
        @click=${() => this.verdict === "edited" && !missing && this.tell("answer-submit", {})}
      >
        ${this.revisit ? this.texts.saveChange : judging.done}
      </button>`;
  }

  #leave(primary: boolean) {
    return html`<button
      type="button"
      class="rw-button rw-wide ${primary ? "rw-button-primary" : "rw-button-small"}"
      data-testid="go-on"
      @click=${() => this.tell("answer-skip", {})}
    >
      ${this.texts.goOn}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-judge": RubricatorJudge;
  }
}
