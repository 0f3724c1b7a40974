/** `<rubricator-answer>`: the foot of the panel, where an answer is finished: nothing here, skip, submit. */

import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Obstacle } from "../core/draft.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Revisit } from "../core/trail.ts";
import { LightElement } from "./light.ts";

@customElement("rubricator-answer")
export class RubricatorAnswer extends LightElement {
  @property({ attribute: false }) texts: Texts = en;
  @property({ attribute: false }) obstacle: Obstacle = null;
  @property({ type: Boolean }) nothingHere = false;
  /** “Nothing here” is an answer to this question. */
  @property({ attribute: false }) takesNothing = true;
  /** Boxes that would be lost by skipping. */
  @property({ type: Number }) atStake = 0;
  @property({ type: Boolean }) drawn = false;
  /** An earlier answer is taken up again; null while this is a new one. */
  @property({ attribute: false }) revisit: Revisit | null = null;
  /** Whether it says something else than before. */
  @property({ type: Boolean }) changed = false;

  /** Of a sequence: this step is complete, and another one wants something. */
  @property({ type: Boolean }) onward = false;

  @state() private doubting = false;
  @state() private explained = false;

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("obstacle")) this.explained = false;
    if (changed.has("atStake")) this.doubting = false;
  }

  override render() {
    const { texts, obstacle } = this;
    if (this.revisit?.whyNot) return this.#reading();
    const sentences = {
      "no-answer": texts.needAnswer,
      "no-label": texts.needLabel,
      choose: this.takesNothing ? texts.needChoice : texts.needOne,
      "no-text": this.takesNothing ? texts.writing.needOrNothing : texts.writing.need,
    } as const;
    return html`<div class="rw-answer ${this.revisit ? "rw-answer-again" : ""} ${this.takesNothing ? "" : "rw-answer-plain"}">
      ${
        obstacle && this.explained
          ? html`<p class="rw-obstacle" role="alert" data-testid="obstacle">${sentences[obstacle]}</p>`
          : nothing
      }
      ${this.takesNothing ? this.#nothing() : nothing}
      ${
        this.revisit
          ? html`<button type="button" class="rw-button" data-testid="go-on" @click=${this.#leave}>
              ${this.changed ? texts.goOnWithout : texts.goOn}
            </button>`
          : html`<button type="button" class="rw-button" data-testid="skip" @click=${this.#skip} @blur=${this.#sure}>
              ${this.doubting ? texts.skipAndLose(this.atStake) : texts.skip}
            </button>`
      }
      <button
        type="button"
        class="rw-button rw-button-primary"
        data-testid="submit"
        aria-disabled=${String(obstacle !== null || (!this.onward && this.revisit !== null && !this.changed))}
        aria-keyshortcuts="Control+Enter"
        @click=${this.submit}
      >
        ${this.onward ? texts.sequence.onward : this.revisit ? texts.saveChange : texts.submit}
      </button>
    </div>`;
  }

  #nothing() {
    return html`<button
      type="button"
      class="rw-button rw-nothing"
      data-testid="nothing-here"
      aria-pressed=${String(this.nothingHere)}
      aria-disabled=${String(this.drawn)}
      @click=${() => this.drawn || this.tell("answer-nothing", { nothingHere: !this.nothingHere })}
    >
      ${this.texts.nothingHere}
    </button>`;
  }

  /** What is decided can only be looked at. */
  #reading() {
    return html`<div class="rw-answer rw-answer-again">
      <button type="button" class="rw-button rw-button-primary" data-testid="go-on" @click=${this.#leave}>
        ${this.texts.goOn}
      </button>
    </div>`;
  }

  readonly #leave = (): void => this.tell("answer-skip", {});

  /** Hands the answer in, or says what is still missing. */
  readonly submit = (): void => {
    this.explained = this.obstacle !== null;
    if (!this.explained) this.tell(this.onward ? "step-onward" : "answer-submit", {});
    else this.tell("answer-obstacle", { obstacle: this.obstacle });
  };

  /** Skipping with work on the image asks once more, in the same place. */
  readonly #skip = (): void => {
    if (this.atStake && !this.doubting) {
      this.doubting = true;
      return;
    }
    this.doubting = false;
    this.tell("answer-skip", {});
  };

  readonly #sure = (): void => {
    this.doubting = false;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-answer": RubricatorAnswer;
  }
}
