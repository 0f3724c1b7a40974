/** `<rubricator-items>`: every box under review with its verdict, as a list to walk through. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { ReviewItem } from "../core/contract.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { addedIn, type Ruling, type Rulings } from "../core/rulings.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";
import { gatherButton, pickByKey, pickIn } from "./listpicking.ts";
import { labelOf } from "./rubricator-shapes.ts";

@customElement("rubricator-items")
export class RubricatorItems extends LightElement {
  @property({ attribute: false }) items: readonly ReviewItem[] = [];
  @property({ attribute: false }) rulings: Rulings = {};
  @property({ attribute: false }) selected: string | null = null;
  /** What is picked beside the selected one. */
  @property({ attribute: false }) also: readonly string[] = [];
  /** A click picks one more. */
  @property({ type: Boolean }) gathers = false;
  /** One after the other only. */
  @property({ type: Boolean }) readonly = false;
  @property({ attribute: false }) texts: Texts = en;
  /** What is said of one of them, in the words of what it is. */
  @property({ attribute: false }) wordsOf: (id: string) => Texts = () => this.texts;

  /** Everything to walk through, as lists are picked in. */
  get shapes(): readonly { readonly id: string }[] {
    return [...this.items, ...addedIn(this.rulings).map(([id]) => ({ id }))];
  }

  override render() {
    const rows = this.shapes.map(({ id }) => id);
    return html`<section class="rw-section">
      <div class="rw-section-head">
        <h2 class="rw-section-title">${this.texts.reviewItems(this.items.length)}</h2>
        ${rows.length > 1 && !this.readonly ? gatherButton(this) : nothing}
      </div>
      <ol class="rw-shapes" data-testid="items">
        ${repeat(
          rows,
          (id) => id,
          (id, index) => this.#row(id, index),
        )}
      </ol>
    </section>`;
  }

  #said(ruling: Ruling | undefined, item: ReviewItem | undefined): string {
    const { texts } = this;
    const text = ruling?.text ?? item?.text;
    if (text) return texts.writing.quoted(text.value);
    if (item?.written?.length) return texts.writing.open;
    return labelOf(texts, ruling?.concepts ?? item?.concepts ?? []);
  }

  #row(id: string, index: number) {
    const { texts } = this;
    const ruling = this.rulings[id];
    const verdict = ruling?.verdict ?? "none";
    const item = this.items.find((known) => known.id === id);
    const several = this.gathers || this.also.length > 0;
    const isPicked = id === this.selected || this.also.includes(id);
    return html`<li class="rw-shape" data-testid="item" data-verdict=${verdict}>
      <button
        type="button"
        class="rw-shape-pick"
        aria-current=${id === this.selected ? "true" : nothing}
        aria-pressed=${several ? String(isPicked) : nothing}
        @click=${(event: MouseEvent) => pickIn(this, id, event)}
        @keydown=${(event: KeyboardEvent) => pickByKey(this, id, event)}
      >
        <i class="rw-swatch">${index + 1}</i>
        <span class="rw-shape-text">
          <span class="rw-shape-label">${this.#said(ruling, item)}</span>
          <span class="rw-shape-place">${item ? this.wordsOf(id).agreed(item.support, item.seen) : nothing}</span>
        </span>
        <span class="rw-verdict" data-verdict=${verdict}>
          ${verdict === "none" ? nothing : icon(verdict === "rejected" ? "cross" : "check")}
          ${texts.verdicts[verdict]}
        </span>
      </button>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-items": RubricatorItems;
  }
}
