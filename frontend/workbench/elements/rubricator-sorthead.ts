/** `<rubricator-sorthead>`: above a wall of crops: which label is shown, in which state and order, and how large. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { type CropOrder, ORDERS } from "../core/sorting.ts";
import type { WallQuery } from "../core/wallwork.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";

/** The longer side of a crop, in CSS pixels. */
export const SIZE = { least: 80, most: 320, first: 144 };

@customElement("rubricator-sorthead")
export class RubricatorSorthead extends LightElement {
  @property({ attribute: false }) query: WallQuery | null = null;
  @property({ attribute: false }) label = "";
  @property({ attribute: false }) size = SIZE.first;
  /** Whether the list of labels is open, where there is no room for it beside the wall. */
  @property({ type: Boolean }) open = false;
  @property({ attribute: false }) texts: Texts = en;

  override render() {
    return html`<header class="rw-sorting-head">
      <button
        type="button"
        class="rw-button rw-button-small rw-piles-open"
        aria-expanded=${String(this.open)}
        data-testid="piles-open"
        @click=${() => this.tell("piles-open", {})}
      >
        ${icon("tree")} ${this.texts.sorting.labels}
      </button>
      <h1>${this.label}</h1>
      ${this.query ? this.#tools(this.query) : nothing}
    </header>`;
  }

  #tools(query: WallQuery) {
    const { sorting, keys } = this.texts;
    const look = (change: Partial<WallQuery>) => this.tell("wall-look", change);
    return html`<div class="rw-sorting-tools">
      <div class="rw-segments" role="group" aria-label=${sorting.title}>
        ${(["merged", "decided"] as const).map(
          (one) => html`<button
            type="button"
            aria-pressed=${String(query.state === one)}
            data-testid="state-${one}"
            @click=${() => look({ state: one })}
          >
            ${sorting.state[one]}
          </button>`,
        )}
      </div>
      <label class="rw-sorting-order">
        <span class="rw-unseen">${sorting.order}</span>
        <select
          data-testid="order"
          @change=${(event: Event) => look({ order: (event.target as HTMLSelectElement).value as CropOrder })}
        >
          ${ORDERS.map((one) => html`<option value=${one} ?selected=${query.order === one}>${sorting.orders[one]}</option>`)}
        </select>
      </label>
      <label class="rw-sorting-check">
        <input
          type="checkbox"
          .checked=${query.narrower}
          @change=${(event: Event) => look({ narrower: (event.target as HTMLInputElement).checked })}
        />
        ${sorting.narrower}
      </label>
      <label class="rw-sorting-size">
        <span class="rw-unseen">${sorting.size}</span>
        <input
          type="range"
          min=${SIZE.least}
          max=${SIZE.most}
          step="8"
          .value=${String(this.size)}
          @input=${(event: InputEvent) => this.tell("wall-size", { size: Number((event.target as HTMLInputElement).value) })}
        />
      </label>
      <button
        type="button"
        class="rw-tool"
        aria-label=${keys}
        title=${keys}
        data-testid="tool-keys"
        @click=${() => this.tell("sort-help", {})}
      >
        ${icon("keys")}
      </button>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-sorthead": RubricatorSorthead;
  }
}
