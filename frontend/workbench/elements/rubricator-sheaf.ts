/** `<rubricator-sheaf>`: the card of several items under review: one verdict or label for all, or one thing made of them. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ConceptRef } from "../core/contract.ts";
import type { Lexicon } from "../core/lexicon.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { common } from "../core/several.ts";
import { LightElement } from "./light.ts";
import "./rubricator-concepts.ts";
import type { RubricatorConcepts } from "./rubricator-concepts.ts";

/** What is picked, as it stands. */
export interface Sheaf {
  readonly ids: readonly string[];
  readonly concepts: readonly { readonly concepts: readonly ConceptRef[] }[];
  /** How many of them can become one. */
  readonly mergeable: number;
  /** Each may have several labels. */
  readonly many: boolean;
  /** They answer the same question, by a label. */
  readonly labelled: boolean;
}

@customElement("rubricator-sheaf")
export class RubricatorSheaf extends LightElement {
  @property({ attribute: false }) sheaf: Sheaf | null = null;
  @property({ attribute: false }) lexicon: Lexicon | null = null;
  @property({ attribute: false }) texts: Texts = en;

  /** Lets a label be looked for. */
  search(): void {
    this.querySelector<RubricatorConcepts>("rubricator-concepts")?.focus();
  }

  choose(index: number): boolean {
    return this.querySelector<RubricatorConcepts>("rubricator-concepts")?.choose(index) ?? false;
  }

  override render() {
    const { sheaf, texts } = this;
    if (!sheaf) return nothing;
    const count = sheaf.ids.length;
    const words = texts.sheaf;
    const name = texts.several.picked(count);
    return html`<section class="rw-section" aria-label=${name} data-testid="sheaf">
      <div class="rw-section-head">
        <h2 class="rw-section-title">${name}</h2>
        <button type="button" class="rw-button rw-button-small" data-testid="sheaf-let" @click=${() => this.tell("stage-select", { id: null })}>
          ${texts.several.letGo}
        </button>
      </div>
      <p class="rw-hint">${texts.several.hint}</p>
      <div class="rw-decide">
        ${this.#button("accept", words.acceptAll(count), "A", "item-accept")}
        ${this.#button("reject", words.rejectAll(count), "R", "item-reject")}
        ${sheaf.mergeable > 1 ? this.#button("merge", words.mergeAll(sheaf.mergeable), "M", "item-merge") : nothing}
      </div>
      ${
        sheaf.labelled
          ? html`<rubricator-concepts
              .lexicon=${this.lexicon}
              .chosen=${common(sheaf.concepts)}
              .many=${sheaf.many}
              .texts=${texts}
              .name=${name}
            ></rubricator-concepts>`
          : html`<p class="rw-hint">${words.differentSteps}</p>`
      }
    </section>`;
  }

  #button(test: string, words: string, key: string, event: string) {
    return html`<button type="button" class="rw-button ${test === "merge" ? "rw-wide" : ""}" data-testid="sheaf-${test}" @click=${() => this.tell(event, {})}>
      ${words} <kbd aria-hidden="true">${key}</kbd>
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-sheaf": RubricatorSheaf;
  }
}
