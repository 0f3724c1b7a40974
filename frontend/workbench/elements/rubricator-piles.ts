/** `<rubricator-piles>`: the labels of which there are crops, in the order of their tree, with how many; searched by typing. */

import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { CropConcept, CropState } from "../core/sorting.ts";
import { LightElement } from "./light.ts";

@customElement("rubricator-piles")
export class RubricatorPiles extends LightElement {
  @property({ attribute: false }) piles: readonly CropConcept[] = [];
  /** Undefined before any is chosen; null: without a label. */
  @property({ attribute: false }) chosen: string | null | undefined;
  @property() state: CropState = "merged";
  @property({ attribute: false }) texts: Texts = en;
  @state() private sought = "";

  override render() {
    const { sorting } = this.texts;
    const folded = fold(this.sought);
    const shown = this.piles.filter((pile) => fold(this.#name(pile)).includes(folded));
    return html`<nav class="rw-piles" aria-label=${sorting.labels}>
      <label class="rw-piles-find">
        <span class="rw-unseen">${sorting.findLabel}</span>
        <input
          type="search"
          data-testid="find-label"
          placeholder=${sorting.findLabel}
          .value=${this.sought}
          @input=${(event: InputEvent) => {
            this.sought = (event.target as HTMLInputElement).value;
          }}
        />
      </label>
      ${shown.length ? nothing : html`<p class="rw-hint" role="status">${sorting.noneFound}</p>`}
      <ul role="list">
        ${shown.map((pile) => this.#pile(pile))}
      </ul>
    </nav>`;
  }

  #pile(pile: CropConcept) {
    const { sorting } = this.texts;
    const [own, below] = [pile[this.state], pile.below[this.state]];
    const name = this.#name(pile);
    return html`<li>
      <button
        type="button"
        class="rw-pile"
        data-testid="pile"
        data-depth=${Math.min(pile.depth, 5)}
        ?data-empty=${below === 0}
        aria-current=${this.chosen === pile.id ? "true" : nothing}
        aria-label=${`${name}, ${sorting.counted(own, below)}`}
        @click=${() => this.tell("pile-chosen", { concept: pile.id })}
      >
        <span>${name}</span><span class="rw-count">${below}</span>
      </button>
    </li>`;
  }

  #name({ id, label }: CropConcept): string {
    return id ? label : this.texts.sorting.noLabel;
  }
}

const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-piles": RubricatorPiles;
  }
}
