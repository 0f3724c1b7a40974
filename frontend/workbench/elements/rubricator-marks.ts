/** `<rubricator-marks>`: what the shown layers say, as a list; for keyboards and screen readers it is the image's surface. */

import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { titleIn } from "../core/contract.ts";
import { type Box, inReadingOrder, type Size } from "../core/geometry.ts";
import { captionOf, type Layer, type LayerShape } from "../core/layers.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { foreignIn } from "../core/reading.ts";
import { LightElement } from "./light.ts";
import { placeSentence } from "./rubricator-shapes.ts";

/** So many are listed of a layer at first, and with every step. */
const AT_FIRST = 100;

@customElement("rubricator-marks")
export class RubricatorMarks extends LightElement {
  @property({ attribute: false }) layers: readonly Layer[] = [];
  @property({ attribute: false }) canvas: Size = [1, 1];
  @property({ attribute: false }) selected: string | null = null;
  @property({ attribute: false }) texts: Texts = en;

  /** How many more of a layer were asked for. */
  @state() private further: Readonly<Record<string, number>> = {};
  readonly #ordered = new WeakMap<readonly LayerShape[], readonly LayerShape[]>();

  override render() {
    const { layers, texts } = this;
    if (layers.every(({ shapes }) => !shapes.length)) {
      return html`<p class="rw-empty" data-testid="none-shown">${texts.layering.noneShown}</p>`;
    }
    return layers.map((layer) => (layer.shapes.length ? this.#layer(layer) : nothing));
  }

  #layer({ id, title, kind, shapes }: Layer) {
    const { texts } = this;
    const ordered = this.#order(shapes);
    const most = AT_FIRST + (this.further[id] ?? 0);
    const name = titleIn(title, texts.lang) || (kind ? texts.layering.kinds[kind] : "–");
    return html`<section class="rw-section" aria-label=${name}>
      <h2 class="rw-section-title" lang=${foreignIn(title, texts.lang) ?? nothing}>${name}</h2>
      <ol class="rw-shapes" data-testid="marks">
        ${this.#listed(ordered, most).map((shape) => this.#row(shape))}
      </ol>
      ${
        ordered.length > most
          ? html`<button type="button" class="rw-button rw-button-small" @click=${() => this.#more(id)}>
              ${texts.layering.more(Math.min(AT_FIRST, ordered.length - most))}
            </button>`
          : nothing
      }
    </section>`;
  }

  /** The first ones, and the picked one wherever it stands. */
  #listed(shapes: readonly LayerShape[], most: number): readonly LayerShape[] {
    const first = shapes.slice(0, most);
    const picked = shapes.slice(most).find(({ id }) => id === this.selected);
    return picked ? [...first, picked] : first;
  }

  #row(shape: LayerShape) {
    const { texts, canvas } = this;
    const { id, box, points } = shape;
    const place = box ? placeSentence(texts, points ? { box, points } : { box }, canvas) : texts.onWhole;
    return html`<li class="rw-shape">
      <button
        type="button"
        class="rw-shape-pick"
        aria-current=${id === this.selected ? "true" : nothing}
        @click=${() => this.tell("stage-select", { id, reveal: true })}
      >
        <span class="rw-shape-text">
          <span class="rw-shape-label">${captionOf(shape) || texts.unlabelled}</span>
          <span class="rw-shape-place">${[place, ...this.#said(shape)].join(" · ")}</span>
        </span>
      </button>
    </li>`;
  }

  #said({ person, confidence, agreement }: LayerShape): string[] {
    const { layering, sure } = this.texts;
    const { support, seen, share = 0 } = agreement ?? {};
    const alike =
      typeof support === "number" && seen
        ? layering.agreed(support, seen)
        : layering.agreedShare(Math.round(share * 100));
    return [
      ...(person ? [layering.by(person)] : []),
      ...(typeof confidence === "number" ? [sure(confidence)] : []),
      ...(agreement ? [alike] : []),
    ];
  }

  /** What is said of the whole canvas first, the rest as one reads. */
  #order(shapes: readonly LayerShape[]): readonly LayerShape[] {
    const known = this.#ordered.get(shapes);
    if (known) return known;
    const ordered = [...shapes.filter((shape) => !hasBox(shape)), ...inReadingOrder(shapes.filter(hasBox))];
    this.#ordered.set(shapes, ordered);
    return ordered;
  }

  #more(id: string): void {
    this.further = { ...this.further, [id]: (this.further[id] ?? 0) + AT_FIRST };
  }
}

const hasBox = (shape: LayerShape): shape is LayerShape & { box: Box } => shape.box !== null;

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-marks": RubricatorMarks;
  }
}
