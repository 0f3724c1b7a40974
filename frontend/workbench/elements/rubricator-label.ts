/** `<rubricator-label>`: the card that says what the picked box is, or what the next one will be. */

import { html, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { ConceptRef } from "../core/contract.ts";
import type { Shape } from "../core/draft.ts";
import { type Box, fitted, type Size } from "../core/geometry.ts";
import type { Lexicon } from "../core/lexicon.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { isPlain } from "../core/outline.ts";
import { certainty } from "./certainty.ts";
import { LightElement } from "./light.ts";
import type { Palette } from "./pigments.ts";
import type { RubricatorConcepts } from "./rubricator-concepts.ts";
import "./rubricator-concepts.ts";
import "./rubricator-corners.ts";
import "./rubricator-way.ts";
import { labelOf } from "./rubricator-shapes.ts";

@customElement("rubricator-label")
export class RubricatorLabel extends LightElement {
  @property({ attribute: false }) shape: Shape | null = null;
  @property({ attribute: false }) number = 0;
  @property({ attribute: false }) next: ConceptRef | null = null;
  @property({ attribute: false }) lexicon: Lexicon | null = null;
  @property({ attribute: false }) palette: Palette | null = null;
  @property({ attribute: false }) canvas: Size = [1, 1];
  /** The box as it is right now under the hand. */
  @property({ attribute: false }) live: Box | null = null;
  @property({ type: Boolean }) many = false;
  /** Whether copies of the shape can be had. */
  @property({ type: Boolean }) copies = false;
  /** Says another thing above the labels than which box it is. */
  @property() heading = "";
  @property({ attribute: false }) texts: Texts = en;
  /** People are asked how sure they are. */
  @property({ type: Boolean }) certain = false;
  /** The way from the top down to a label. */
  @property({ attribute: false }) wayTo: ((concept: string) => Promise<readonly ConceptRef[]>) | null = null;
  @query("rubricator-concepts") private concepts!: RubricatorConcepts;

  override focus(): void {
    this.concepts?.focus();
  }

  choose(index: number): boolean {
    return this.concepts?.choose(index) ?? false;
  }

  take(concept: ConceptRef): void {
    this.concepts?.take(concept);
  }

  override render() {
    const { shape, texts, next } = this;
    const name = shape ? texts.shapeNamed(this.number, labelOf(texts, shape.concepts)) : texts.nextLabel;
    const chosen = shape?.concepts ?? (next ? [next] : []);
    return html`<section class="rw-section rw-label" aria-label=${name} data-testid="label-card">
      <h2 class="rw-section-title">${this.heading || name}</h2>
      <rubricator-concepts
        .lexicon=${this.lexicon}
        .chosen=${chosen}
        .many=${this.many}
        .texts=${texts}
        .palette=${this.palette}
        .name=${name}
      ></rubricator-concepts>
      ${
        this.wayTo
          ? html`<rubricator-way .concept=${chosen.at(-1) ?? null} .wayTo=${this.wayTo} .texts=${texts}></rubricator-way>`
          : nothing
      }
      ${
        shape && this.certain
          ? certainty(shape.certainty, texts, (now) => this.tell("answer-certainty", { certainty: now }))
          : nothing
      }
      ${shape ? this.#more(shape) : nothing}
    </section>`;
  }

  /** What is rarely needed, on one line. */
  #more(shape: Shape) {
    return html`<div class="rw-label-more">
      ${this.#place(shape)}
      ${
        this.copies
          ? html`<button type="button" class="rw-button rw-button-small" data-testid="duplicate" @click=${() => this.tell("shapes-duplicate", {})}>
              ${this.texts.several.duplicate}
            </button>`
          : nothing
      }
    </div>`;
  }

  #place(shape: Shape) {
    if (isPlain(shape)) return this.#position(this.live ?? shape.box);
    return html`<rubricator-corners
      .shape=${shape.id}
      .points=${shape.points ?? []}
      .canvas=${this.canvas}
      .texts=${this.texts}
    ></rubricator-corners>`;
  }

  #position(box: Box) {
    const { texts } = this;
    const names = [texts.x, texts.y, texts.width, texts.height];
    return html`<details class="rw-position">
      <summary>${texts.position}</summary>
      <div class="rw-numbers">
        ${names.map(
          (name, index) => html`<label
            >${name}
            <input
              type="number"
              step="any"
              inputmode="decimal"
              .value=${String(box[index])}
              data-testid="box-${"xywh"[index]}"
              @change=${(event: Event) => this.#typed(index, event)}
            />
          </label>`,
        )}
      </div>
    </details>`;
  }

  #typed(index: number, event: Event): void {
    if (!this.shape) return;
    const field = event.target as HTMLInputElement;
    const typed = this.shape.box.map((value, at) => (at === index ? field.valueAsNumber : value));
    const box = fitted(typed as unknown as Box, this.canvas);
    if (box) this.tell("stage-edit", { id: this.shape.id, box });
    field.value = String((box ?? this.shape.box)[index]);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-label": RubricatorLabel;
  }
}
