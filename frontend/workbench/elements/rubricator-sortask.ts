/** `<rubricator-sortask>`: says what an action will touch, and asks for the reason or the label that it needs. */

import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { ConceptRef } from "../core/contract.ts";
import type { Lexicon } from "../core/lexicon.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { SortVerdict, Touched } from "../core/sorting.ts";
import { LightElement } from "./light.ts";
import type { RubricatorConcepts } from "./rubricator-concepts.ts";
import "./rubricator-concepts.ts";

export interface Question {
  readonly verdict: SortVerdict;
  readonly touched: Touched;
  readonly concept: ConceptRef | null;
}

@customElement("rubricator-sortask")
export class RubricatorSortask extends LightElement {
  @property({ attribute: false }) lexicon: Lexicon | null = null;
  @property({ attribute: false }) texts: Texts = en;
  @state() private question: Question | null = null;
  @state() private concept: ConceptRef | null = null;
  @state() private reason = "";
  @state() private wanting = false;
  @query("dialog") private dialog!: HTMLDialogElement;
  @query("rubricator-concepts") private concepts!: RubricatorConcepts | null;

  async ask(question: Question): Promise<void> {
    this.question = question;
    this.concept = question.concept;
    this.wanting = false;
    await this.updateComplete;
    if (!this.dialog.open) this.dialog.showModal();
    if (question.verdict === "corrected" && !question.concept) this.concepts?.focus();
  }

  override render() {
    const { sorting } = this.texts;
    const { question } = this;
    return html`<dialog class="rw-dialog rw-sortask" aria-labelledby="rw-sortask-title" data-testid="sortask">
      ${
        question
          ? html`<form class="rw-dialog-body" method="dialog" @submit=${this.#go}>
              <h2 id="rw-sortask-title">${sorting.askTitle[question.verdict](question.touched.items)}</h2>
              ${this.#touches(question.touched)}
              ${question.verdict === "corrected" ? this.#label() : nothing}
              ${question.verdict === "rejected" ? this.#reasons() : nothing}
              <p class="rw-row rw-sortask-acts">
                <button type="button" class="rw-button" data-testid="ask-cancel" @click=${() => this.dialog.close()}>
                  ${sorting.cancel}
                </button>
                <button type="submit" class="rw-button rw-button-primary" data-testid="ask-go">
                  ${this.#goWord(question.verdict)}
                </button>
              </p>
            </form>`
          : nothing
      }
    </dialog>`;
  }

  #goWord(verdict: SortVerdict): string {
    const { sorting } = this.texts;
    const words = { accepted: sorting.accept, rejected: sorting.reject, corrected: sorting.relabel };
    return words[verdict].replace("…", "");
  }

  #touches(touched: Touched) {
    const { sorting } = this.texts;
    return html`<p>${sorting.touches(touched)}</p>
      ${touched.kept ? html`<p class="rw-hint">${sorting.keptBeside(touched.kept)}</p>` : nothing}
      ${touched.own ? html`<p class="rw-hint">${sorting.ownAmong(touched.own)}</p>` : nothing}`;
  }

  #label() {
    return html`<div
      class="rw-sortask-label"
      @concept-chosen=${(event: CustomEvent<{ concept: ConceptRef }>) => {
        event.stopPropagation();
        this.concept = event.detail.concept;
      }}
    >
      <rubricator-concepts
        .lexicon=${this.lexicon}
        .chosen=${this.concept ? [this.concept] : []}
        .texts=${this.texts}
        .name=${this.texts.sorting.newLabel}
      ></rubricator-concepts>
      ${this.wanting && !this.concept ? html`<p class="rw-obstacle" role="alert">${this.texts.sorting.chooseLabel}</p>` : nothing}
    </div>`;
  }

  #reasons() {
    const { sorting } = this.texts;
    return html`<fieldset class="rw-sortask-reasons">
      <legend>${sorting.because}</legend>
      <p class="rw-row">
        ${sorting.reasons.map(
          (reason) => html`<button
            type="button"
            class="rw-button rw-button-small"
            data-testid="reason"
            aria-pressed=${String(this.reason === reason)}
            @click=${() => {
              this.reason = reason;
            }}
          >
            ${reason}
          </button>`,
        )}
      </p>
      <input
        class="rw-field"
        type="text"
        maxlength="2000"
        aria-label=${sorting.because}
        aria-invalid=${String(this.wanting && !this.reason.trim())}
        data-testid="reason-text"
        .value=${this.reason}
        @input=${(event: InputEvent) => {
          this.reason = (event.target as HTMLInputElement).value;
        }}
      />
      ${this.wanting && !this.reason.trim() ? html`<p class="rw-obstacle" role="alert">${sorting.reasonNeeded}</p>` : nothing}
    </fieldset>`;
  }

  readonly #go = (event: SubmitEvent): void => {
    const { question, concept } = this;
    const reason = question?.verdict === "rejected" ? this.reason.trim() : "";
    if (
      !question ||
      (question.verdict === "rejected" && !reason) ||
      (question.verdict === "corrected" && !concept)
    ) {
      event.preventDefault();
      this.wanting = true;
      return;
    }
    this.dialog.close();
    this.tell("sort-go", {
      verdict: question.verdict,
      concept: question.verdict === "corrected" ? concept : null,
      reason,
    });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-sortask": RubricatorSortask;
  }
}
