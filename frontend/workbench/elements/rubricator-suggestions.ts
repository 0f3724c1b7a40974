/** `<rubricator-suggestions>`: a model's boxes, to accept, correct or reject one by one, or accept together. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Prediction } from "../core/contract.ts";
import type { Size } from "../core/geometry.ts";
import { en } from "../core/locale/en.ts";
import type { Texts } from "../core/locale/texts.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";
import { labelOf, placeSentence } from "./rubricator-shapes.ts";

@customElement("rubricator-suggestions")
export class RubricatorSuggestions extends LightElement {
  @property({ attribute: false }) predictions: readonly Prediction[] = [];
  @property({ attribute: false }) canvas: Size = [1, 1];
  @property({ attribute: false }) selected: string | null = null;
  @property({ attribute: false }) texts: Texts = en;

  override render() {
    const { texts, predictions } = this;
    if (!predictions.length) return nothing;
    return html`<section class="rw-section" aria-labelledby="rw-suggestions-title" data-testid="suggestions">
      <div class="rw-section-head">
        <h2 id="rw-suggestions-title" class="rw-section-title">${texts.suggestions(predictions.length)}</h2>
        <button
          type="button"
          class="rw-button rw-button-small"
          data-testid="accept-all"
          @click=${() => this.tell("suggestion-accept", { predictions })}
        >
          ${texts.acceptAll(predictions.length)}
        </button>
      </div>
      <p class="rw-hint">${texts.suggestionsHint}</p>
      <ol class="rw-shapes">
        ${repeat(
          predictions,
          ({ id }) => id,
          (prediction) => this.#row(prediction),
        )}
      </ol>
    </section>`;
  }

  #row(prediction: Prediction) {
    const { texts } = this;
    const label = labelOf(texts, prediction.concepts);
    const name = texts.suggestion(label);
    const sure = prediction.confidence === null ? "" : texts.sure(prediction.confidence);
    const { box, points } = prediction;
    const place = box ? placeSentence(texts, { box, points }, this.canvas) : "";
    return html`<li class="rw-shape" data-testid="suggestion" data-prediction=${prediction.id}>
      <button
        type="button"
        class="rw-shape-pick"
        aria-current=${prediction.id === this.selected ? "true" : nothing}
        aria-label="${name}, ${place}. ${sure}"
        @click=${() => this.tell("stage-select", { id: prediction.id, reveal: true })}
      >
        <span class="rw-shape-text">
          <span class="rw-shape-label">${label}</span>
          <span class="rw-shape-place">${[sure, place].filter(Boolean).join(" · ")}</span>
        </span>
      </button>
      <button
        type="button"
        class="rw-tool rw-tool-yes"
        aria-label=${texts.acceptNamed(name)}
        title=${texts.accept}
        data-testid="suggestion-accept"
        @click=${() => this.tell("suggestion-accept", { predictions: [prediction] })}
      >
        ${icon("check")}
      </button>
      <button
        type="button"
        class="rw-tool rw-tool-quiet"
        aria-label=${texts.rejectNamed(name)}
        title=${texts.reject}
        data-testid="suggestion-reject"
        @click=${() => this.tell("suggestion-reject", { id: prediction.id })}
      >
        ${icon("cross")}
      </button>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-suggestions": RubricatorSuggestions;
  }
}
