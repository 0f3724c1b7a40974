/** `<rubricator-suggestions>`: a model's boxes, to accept, correct or reject one by one, or together after a look at each. */

import { html, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Canvas, Prediction } from "../core/contract.ts";
import type { Size } from "../core/geometry.ts";
import { reaches } from "../core/layers.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";
import "./rubricator-look.ts";
import type { RubricatorLook } from "./rubricator-look.ts";
import { labelOf, placeSentence } from "./rubricator-shapes.ts";
import { SUGGESTIONS } from "./shown-through.ts";

@customElement("rubricator-suggestions")
export class RubricatorSuggestions extends LightElement {
  @property({ attribute: false }) predictions: readonly Prediction[] = [];
  @property({ attribute: false }) canvas: Size = [1, 1];
  /** The canvas itself, for the pictures to look at. */
  @property({ attribute: false }) image: Canvas | null = null;
  @property({ attribute: false }) selected: string | null = null;
  @property({ attribute: false }) texts: Texts = en;
  /** From this share on they are shown, here as on the image. */
  @property({ attribute: false }) least = 0;
  @query("rubricator-look") private look!: RubricatorLook;

  override render() {
    const { texts, predictions } = this;
    const look = html`<rubricator-look .canvas=${this.image} .texts=${texts}></rubricator-look>`;
    if (!predictions.length) return look;
    return html`<section class="rw-section" aria-labelledby="rw-suggestions-title" data-testid="suggestions">
        <h2 id="rw-suggestions-title" class="rw-section-title">${texts.suggestions(predictions.length)}</h2>
        <p class="rw-hint">${texts.suggestionsHint}</p>
        ${this.#together()} ${this.#hidden()}
        <ol class="rw-shapes">
          ${repeat(
            this.#likely,
            ({ id }) => id,
            (prediction) => this.#row(prediction),
          )}
        </ol>
      </section>
      ${look}`;
  }

  /** Those that are likely enough, in the order in which they come. */
  get #likely(): Prediction[] {
    return this.predictions.filter(({ confidence }) => reaches(confidence, this.least));
  }

  /** The same to look at each, the likeliest first. */
  #lookAt(): void {
    const sure = ({ confidence }: Prediction) => confidence ?? 1;
    void this.look.show(this.#likely.sort((a, b) => sure(b) - sure(a)));
  }

  /** Nothing is left out without a word. */
  #hidden() {
    const count = this.predictions.length - this.#likely.length;
    const words = count ? this.texts.assist.lessSure(count) : "";
    return html`<p class="rw-hint" role="status" data-testid="less-sure" ?hidden=${!count}>${words}</p>`;
  }

  #together() {
    const { texts, predictions } = this;
    const { assist } = texts;
    const likely = this.#likely;
    const least = Math.round(this.least * 100);
    const said = predictions.some(({ confidence }) => confidence !== null);
    const set = ({ target }: Event) => {
      const value = (target as HTMLInputElement).valueAsNumber;
      const share = Number.isFinite(value) ? Math.min(Math.max(Math.round(value), 0), 100) / 100 : 0;
      this.tell("layers-set", { id: SUGGESTIONS, least: share });
    };
    return html`<div class="rw-together">
      ${
        said
          ? html`<label class="rw-threshold"
              ><span>${assist.threshold}</span>
              <input type="range" min="0" max="100" step="1" .value=${String(least)} aria-label=${assist.threshold} data-testid="threshold" @input=${set} />
              <span class="rw-threshold-number"
                ><input type="number" min="0" max="100" step="1" .value=${String(least)} aria-label="${assist.threshold} (%)" data-testid="threshold-number" @change=${set} />&nbsp;%</span
              ></label
            >`
          : nothing
      }
      <button
        type="button"
        class="rw-button rw-button-small"
        data-testid="look-at"
        aria-disabled=${String(!likely.length)}
        @click=${() => likely.length && this.#lookAt()}
      >
        ${assist.lookAt(likely.length, predictions.length)}
      </button>
    </div>`;
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
