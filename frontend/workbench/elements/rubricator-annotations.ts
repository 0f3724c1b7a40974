/** `<rubricator-annotations>`: all that is drawn in a shared layer, as a list with who wrote and who holds each. */

import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Shown } from "../core/collation.ts";
import type { Size } from "../core/geometry.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { icon } from "./icons.ts";
import { KeysLikely } from "./keyslikely.ts";
import { LightElement } from "./light.ts";
import { gatherButton, pickByKey, pickIn } from "./listpicking.ts";
import type { Palette } from "./pigments.ts";
import { labelOf } from "./rubricator-collate.ts";
import { pigmentOf } from "./rubricator-company.ts";
import { placeSentence } from "./rubricator-shapes.ts";

/** A longer list makes every change slower: it grows by as many when that is asked for, and has what is picked always. */
const ROWS = 500;

@customElement("rubricator-annotations")
export class RubricatorAnnotations extends LightElement {
  @property({ attribute: false }) shapes: readonly Shown[] = [];
  @property({ type: Number }) undrawn = 0;
  @property({ attribute: false }) canvas: Size = [1, 1];
  @property({ attribute: false }) selected: string | null = null;
  @property({ attribute: false }) palette: Palette | null = null;
  @property({ attribute: false }) texts: Texts = en;
  /** What is picked beside the selected one. */
  @property({ attribute: false }) also: readonly string[] = [];
  /** A click picks one more. */
  @property({ type: Boolean }) gathers = false;
  @property({ type: Boolean }) readonly = false;
  @state() private most = ROWS;

  readonly #keys = new KeysLikely(this);

  override render() {
    const { shapes, undrawn } = this;
    const numbered = shapes.map((shape, index) => ({ shape, index }));
    const listed = numbered.filter(
      ({ shape: { id }, index }) => index < this.most || id === this.selected || this.also.includes(id),
    );
    const words = this.texts.scriptorium;
    return html`<section class="rw-section" aria-labelledby="rw-annotations-title">
      <div class="rw-section-head">
        <h2 id="rw-annotations-title" class="rw-section-title">${words.annotations(shapes.length)}</h2>
        ${shapes.length > 1 && !this.readonly ? gatherButton(this) : nothing}
      </div>
      ${
        shapes.length
          ? html`<ol class="rw-shapes" data-testid="annotations">
              ${repeat(
                listed,
                ({ shape }) => shape.id,
                ({ shape, index }) => this.#row(shape, index),
              )}
            </ol>`
          : html`<p class="rw-empty">${this.readonly ? words.noneReading : this.#keys.likely ? words.none : words.noneTouch}</p>`
      }
      ${shapes.length > listed.length ? this.#left(shapes.length - listed.length) : nothing}
      ${undrawn ? html`<p class="rw-hint">${words.undrawn(undrawn)}</p>` : nothing}
    </section>`;
  }

  #left(count: number) {
    return html`<p class="rw-hint">${this.texts.scriptorium.more(count)}</p>
      <button
        type="button"
        class="rw-button rw-button-small"
        data-testid="annotations-more"
        @click=${() => {
          this.most += ROWS;
        }}
      >
        ${this.texts.layering.more(Math.min(count, ROWS))}
      </button>`;
  }

  #row(shape: Shown, index: number) {
    const { texts } = this;
    const words = texts.scriptorium;
    const isPicked = shape.id === this.selected || this.also.includes(shape.id);
    const several = this.gathers || this.also.length > 0;
    const label = labelOf(shape, words.wordless);
    const name = words.named(index + 1, label);
    const remarks = [
      placeSentence(texts, shape, this.canvas),
      shape.by ? words.by(shape.by) : "",
      shape.waits ? words.waits : "",
    ].filter(Boolean);
    return html`<li class="rw-shape" data-testid="annotation" data-annotation=${shape.id} data-waits=${String(shape.waits)}>
      <button
        type="button"
        class="rw-shape-pick"
        aria-current=${shape.id === this.selected ? "true" : nothing}
        aria-label="${name}, ${remarks.join(", ")}. ${shape.holder ? words.heldBy(shape.holder.name) : ""}"
        aria-pressed=${several ? String(isPicked) : nothing}
        @click=${(event: MouseEvent) => pickIn(this, shape.id, event)}
        @keydown=${(event: KeyboardEvent) => pickByKey(this, shape.id, event)}
      >
        <i class="rw-swatch rw-pigment-${this.palette?.of(shape.concepts[0]?.id).name ?? "vermilion"}">${index + 1}</i>
        <span class="rw-shape-text">
          <span class="rw-shape-label">${label}</span>
          <span class="rw-shape-place">${remarks.join(" · ")}</span>
          ${
            shape.holder
              ? html`<span class="rw-holder rw-pigment-${pigmentOf(shape.holder).name}" data-testid="holder"
                  >${words.heldBy(shape.holder.name)}</span
                >`
              : nothing
          }
        </span>
      </button>
      ${
        shape.lock
          ? nothing
          : html`<button
              type="button"
              class="rw-tool rw-tool-quiet"
              aria-label=${texts.removeNamed(name)}
              title=${texts.remove}
              data-testid="annotation-delete"
              @click=${() => this.tell("stage-delete", { id: shape.id, alone: true })}
            >
              ${icon("remove")}
            </button>`
      }
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-annotations": RubricatorAnnotations;
  }
}
