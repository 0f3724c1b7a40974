/** `<rubricator-steps>`: the questions of a sequence as a short list, with what was said and the way back to it. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { StepAsked } from "../core/contract.ts";
import { titleIn } from "../core/contract.ts";
import { type Answer, BLANK } from "../core/draft.ts";
import { judged } from "../core/judging.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { spokenIn } from "../core/reading.ts";
import { current, partOf, standing } from "../core/sequence.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";
import { summaryOf } from "./rubricator-choice.ts";

@customElement("rubricator-steps")
export class RubricatorSteps extends LightElement {
  @property({ attribute: false }) steps: readonly StepAsked[] = [];
  @property({ attribute: false }) answer: Answer = BLANK;
  @property({ attribute: false }) texts: Texts = en;

  override render() {
    const { steps, texts, answer } = this;
    if (!steps.length) return nothing;
    const at = current(steps, answer);
    const number = steps.findIndex(({ name }) => name === at) + 1;
    return html`<section class="rw-section rw-steps" aria-label=${texts.sequence.steps}>
      <p class="rw-hint" role="status" data-testid="step-of">${texts.sequence.stepOf(number, steps.length)}</p>
      <ol data-testid="steps">
        ${steps.map((step, index) => this.#row(step, index, at))}
      </ol>
    </section>`;
  }

  #row(step: StepAsked, index: number, at: string) {
    const { steps, answer, texts } = this;
    const { sequence } = texts;
    const here = step.name === at;
    const state = here ? "open" : standing(steps, answer, step.name);
    const prompt = titleIn(step.question.prompt, texts.lang) || step.name;
    const { lang, dir } = spokenIn(step.question.prompt, texts.lang);
    const sign = html`<i class="rw-step-number" aria-hidden="true">${state === "done" ? icon("check") : index + 1}</i>`;
    return html`<li data-step=${step.name} data-state=${here ? "here" : state} aria-current=${here ? "step" : nothing}>
      ${
        state === "done"
          ? html`<button
            type="button"
            aria-label=${sequence.goTo(index + 1, prompt)}
            @click=${() => this.tell("step-go", { step: step.name })}
          >
            ${sign}<span class="rw-step-text"><span lang=${lang} dir=${dir}>${prompt}</span><small>${this.#said(step)}</small></span>
          </button>`
          : html`<div>
            ${sign}<span class="rw-step-text"
              >${here ? html`<strong data-testid="step-prompt" lang=${lang} dir=${dir}>${prompt}</strong>` : html`<span lang=${lang} dir=${dir}>${prompt}</span>`}
              ${here ? nothing : html`<small>${sequence.standing[state]}${this.#reason(step, state)}</small>`}</span
            >
          </div>`
      }
    </li>`;
  }

  #said({ name, question }: StepAsked): string {
    const part = partOf(this.answer, name);
    return question.judges ? this.texts.judging.said[judged(part)] : summaryOf(part, this.texts);
  }

  /** On what a step depends, where it is not asked. */
  #reason({ condition }: StepAsked, state: string) {
    if (state !== "moot" || !condition) return nothing;
    const on = this.steps.find(({ name }) => name === condition.step);
    return html` · ${this.texts.sequence.because(titleIn(on?.question.prompt, this.texts.lang) || condition.step)}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-steps": RubricatorSteps;
  }
}
