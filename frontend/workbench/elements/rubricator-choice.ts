/** `<rubricator-choice>`: two versions of one answer, changed in two places: which of them is right? */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type Answer, fromOwn } from "../core/draft.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Parcel } from "../core/outbox.ts";
import { united } from "../core/uniting.ts";
import { LightElement } from "./light.ts";

@customElement("rubricator-choice")
export class RubricatorChoice extends LightElement {
  @property({ attribute: false }) parcel: Parcel | null = null;
  @property({ attribute: false }) texts: Texts = en;

  override render() {
    const { texts } = this;
    const { amends, present, refused } = this.parcel ?? {};
    if (!amends || !present) return nothing;
    const { contribution } = amends;
    return html`<div class="rw-refused" role="alert" data-testid="choice">
      <p>${refused}</p>
      <dl class="rw-versions">
        <div>
          <dt>${texts.versionHere}</dt>
          <dd>${summaryOf(amends.answer, texts)}</dd>
        </div>
        <div>
          <dt>${texts.versionThere}</dt>
          <dd>${summaryOf(fromOwn(present), texts)}</dd>
        </div>
      </dl>
      <p class="rw-row">
        <button
          type="button"
          class="rw-button rw-button-small"
          data-testid="keep-mine"
          @click=${() => this.tell("choice-mine", { contribution })}
        >
          ${texts.keepHere}
        </button>
        <button
          type="button"
          class="rw-button rw-button-small"
          data-testid="keep-other"
          @click=${() => this.tell("choice-other", { contribution })}
        >
          ${texts.keepThere}
        </button>
        ${
          united(amends.answer, fromOwn(present), { many: () => false, newId: () => "" })
            ? html`<button
                type="button"
                class="rw-button rw-button-small"
                data-testid="keep-both"
                @click=${() => this.tell("choice-both", { contribution })}
              >
                ${texts.draft.both}
              </button>`
            : nothing
        }
      </p>
    </div>`;
  }
}

/** An answer in a line: how many boxes and which labels, or that nothing is there. */
export function summaryOf(answer: Answer, texts: Texts): string {
  if (answer.nothingHere) return texts.nothingHere;
  const parts = Object.values(answer.steps ?? {});
  if (parts.length) return parts.map((part) => summaryOf(part, texts)).join(" · ");
  const { shapes, concepts } = answer;
  const labels = [
    ...new Set([...shapes.flatMap((shape) => shape.concepts), ...concepts].map(({ label }) => label)),
  ];
  const named = [...labels, ...(answer.texts ?? []).map(({ value }) => texts.writing.quoted(value))].join(
    ", ",
  );
  if (!shapes.length) return named;
  return named ? `${texts.shapes(shapes.length)}: ${named}` : texts.shapes(shapes.length);
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-choice": RubricatorChoice;
  }
}
