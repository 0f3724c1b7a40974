/** `<rubricator-shapes>`: everything drawn, as a list; for keyboards and screen readers it is the image's surface. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Shape } from "../core/draft.ts";
import { area, ninth, type Size } from "../core/geometry.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { isOutline, isPoint, outlineArea, type Place } from "../core/outline.ts";
import { icon } from "./icons.ts";
import { KeysLikely } from "./keyslikely.ts";
import { LightElement } from "./light.ts";
import { gatherButton, pickByKey, pickIn } from "./listpicking.ts";
import type { Palette } from "./pigments.ts";

/** "bottom left of the image, 3 % of it"; a point has no size. */
export function placeSentence(texts: Texts, place: Place, canvas: Size): string {
  const { column, row } = ninth(place.box, canvas);
  const where = texts.place(column, row);
  if (isPoint(place)) return where;
  const size = isOutline(place) ? outlineArea(place.points ?? []) : area(place.box);
  return `${where}, ${texts.sizeShare(size / (canvas[0] * canvas[1]))}`;
}

export const labelOf = (texts: Texts, concepts: readonly { label: string }[]): string =>
  concepts.map(({ label }) => label).join(", ") || texts.unlabelled;

@customElement("rubricator-shapes")
export class RubricatorShapes extends LightElement {
  @property({ attribute: false }) shapes: readonly Shape[] = [];
  @property({ attribute: false }) canvas: Size = [1, 1];
  @property({ attribute: false }) selected: string | null = null;
  @property({ attribute: false }) palette: Palette | null = null;
  @property({ attribute: false }) texts: Texts = en;
  /** What is picked beside the selected one. */
  @property({ attribute: false }) also: readonly string[] = [];
  /** A click picks one more. */
  @property({ type: Boolean }) gathers = false;
  /** Nothing can be picked to be changed. */
  @property({ type: Boolean }) readonly = false;
  /** Whether an unlabelled box is unfinished. */
  @property({ type: Boolean }) demanding = false;

  readonly #keys = new KeysLikely(this);

  override render() {
    const { texts, shapes } = this;
    return html`<section class="rw-section" aria-labelledby="rw-shapes-title">
      <div class="rw-section-head">
        <h2 id="rw-shapes-title" class="rw-section-title">${texts.shapes(shapes.length)}</h2>
        ${shapes.length > 1 && !this.readonly ? gatherButton(this) : nothing}
      </div>
      ${
        shapes.length
          ? html`<ol class="rw-shapes" data-testid="shapes">
              ${repeat(
                shapes,
                ({ id }) => id,
                (shape, index) => this.#row(shape, index),
              )}
            </ol>`
          : html`<p class="rw-empty">
              ${texts.noShapes} ${this.#keys.likely ? texts.noShapesHint : texts.noShapesTouch}
            </p>`
      }
    </section>`;
  }

  #row(shape: Shape, index: number) {
    const { texts } = this;
    const isPicked = shape.id === this.selected || this.also.includes(shape.id);
    const several = this.gathers || this.also.length > 0;
    const name = texts.shapeNamed(index + 1, labelOf(texts, shape.concepts));
    const first = shape.concepts[0]?.id;
    return html`<li class="rw-shape" data-testid="shape" data-shape=${shape.id} data-origin=${shape.origin}>
      <button
        type="button"
        class="rw-shape-pick"
        aria-current=${shape.id === this.selected ? "true" : nothing}
        aria-pressed=${several ? String(isPicked) : nothing}
        aria-label="${name}, ${placeSentence(texts, shape, this.canvas)}. ${this.#remark(shape)}"
        @click=${(event: MouseEvent) => pickIn(this, shape.id, event)}
        @keydown=${(event: KeyboardEvent) => pickByKey(this, shape.id, event)}
      >
        <i
          class="rw-swatch rw-pigment-${this.palette?.of(first).name ?? "vermilion"}"
          >${index + 1}</i
        >
        <span class="rw-shape-text">
          <span class="rw-shape-label" ?data-missing=${this.demanding && !first}
            >${labelOf(texts, shape.concepts)}</span
          >
          <span class="rw-shape-place">${placeSentence(texts, shape, this.canvas)}${this.#small(shape)}</span>
        </span>
      </button>
      <button
        type="button"
        class="rw-tool rw-tool-quiet"
        aria-label=${texts.removeNamed(name)}
        title=${texts.remove}
        data-testid="shape-delete"
        @click=${() => this.tell("stage-delete", { id: shape.id, alone: true })}
      >
        ${icon("remove")}
      </button>
    </li>`;
  }

  #remark({ origin }: Shape): string {
    if (origin === "drawn") return "";
    if (origin === "copied") return this.texts.assist.copiedShape;
    return origin === "accepted" ? this.texts.fromSuggestion : this.texts.correctedSuggestion;
  }

  #small(shape: Shape) {
    const remark = this.#remark(shape);
    return remark ? html` · ${remark}` : nothing;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-shapes": RubricatorShapes;
  }
}
