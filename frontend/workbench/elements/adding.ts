/** What a reviewer may add to the steps of a sequence: a shape where one draws, an answer where none stands yet. */

import { html, nothing } from "lit";
import { type Campaign, type ReviewItem, type StepAsked, titleIn } from "../core/contract.ts";
import type { Texts } from "../core/locale/texts.ts";
import { addedIn, type Rulings } from "../core/rulings.ts";
import { stepsOf } from "../core/sequence.ts";

/** Whether a step takes one more: any number of shapes, one answer of any other kind. */
export function takesMore(step: StepAsked, items: readonly ReviewItem[], rulings: Rulings): boolean {
  if (step.question.draws && !step.question.judges) return true;
  const stands = items.some((item) => item.step === step.name && rulings[item.id]?.verdict !== "rejected");
  return !stands && !addedIn(rulings).some(([, ruling]) => ruling.step === step.name);
}

export function adding(
  campaign: Campaign | null,
  items: readonly ReviewItem[],
  rulings: Rulings,
  texts: Texts,
  add: (step: StepAsked) => void,
) {
  const steps = stepsOf(campaign).filter((step) => takesMore(step, items, rulings));
  if (!steps.length) return nothing;
  return html`<section class="rw-section" aria-label=${texts.sequence.add} data-testid="adding">
    <h2 class="rw-section-title">${texts.sequence.add}</h2>
    <div class="rw-row">
      ${steps.map(
        (
          step,
        ) => html`<button type="button" class="rw-button" data-step=${step.name} @click=${() => add(step)}>
          ${titleIn(step.question.prompt, texts.lang) || step.name}
        </button>`,
      )}
    </div>
  </section>`;
}
