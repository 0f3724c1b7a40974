/** `<rubricator-item>`: one consensus box under review: its votes, and the ways to decide. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Canvas, ConceptRef, ReviewItem } from "../core/contract.ts";
import type { Lexicon } from "../core/lexicon.ts";
import { en } from "../core/locale/en.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Ruling } from "../core/rulings.ts";
import { LightElement } from "./light.ts";
import "./rubricator-concepts.ts";
import type { RubricatorConcepts } from "./rubricator-concepts.ts";

@customElement("rubricator-item")
export class RubricatorItem extends LightElement {
  @property({ attribute: false }) item: ReviewItem | null = null;
  @property({ attribute: false }) ruling: Ruling | null = null;
  @property({ attribute: false }) canvas: Canvas | null = null;
  @property({ attribute: false }) name = "";
  @property({ attribute: false }) lexicon: Lexicon | null = null;
  @property({ attribute: false }) texts: Texts = en;

  choose(index: number): boolean {
    return this.querySelector<RubricatorConcepts>("rubricator-concepts")?.choose(index) ?? false;
  }

  override render() {
    const { item, ruling, texts } = this;
    if (!item && !ruling) return nothing;
    const verdict = ruling?.verdict ?? "none";
    return html`<section class="rw-section" aria-label=${this.name} data-testid="review-item">
      <div class="rw-section-head">
        <h2 class="rw-section-title">${this.name}</h2>
        <span class="rw-verdict" data-verdict=${verdict}>${texts.verdicts[verdict]}</span>
      </div>
      ${item ? this.#votes(item) : nothing}${this.#pictures()}
      <div class="rw-decide">
        <button
          type="button"
          class="rw-button"
          data-testid="accept"
          aria-pressed=${String(verdict === "accepted")}
          ?hidden=${!item}
          @click=${() => this.tell("item-accept", {})}
        >
          ${texts.accept} <kbd aria-hidden="true">A</kbd>
        </button>
        <button
          type="button"
          class="rw-button"
          data-testid="reject"
          aria-pressed=${String(verdict === "rejected")}
          @click=${() => this.tell("item-reject", {})}
        >
          ${item ? texts.reject : texts.remove} <kbd aria-hidden="true">R</kbd>
        </button>
      </div>
      <rubricator-concepts
        .lexicon=${this.lexicon}
        .chosen=${ruling?.concepts ?? item?.concepts ?? ([] as ConceptRef[])}
        .texts=${texts}
        .name=${this.name}
      ></rubricator-concepts>
      <label class="rw-reason"
        >${texts.reason}
        <input
          type="text"
          maxlength="500"
          data-testid="reason"
          .value=${ruling?.reason ?? ""}
          @change=${({ target }: Event) => this.tell("item-reason", { reason: (target as HTMLInputElement).value })}
        />
      </label>
    </section>`;
  }

  /** What others may be shown of it: its crop, and the page that has every size of it and its IIIF link. */
  #pictures() {
    const { canvas, item, ruling, texts } = this;
    if (!canvas?.manifest) return nothing;
    const box = ruling?.box ?? item?.box;
    const page = `/sources/${canvas.manifest.id}/canvases/${canvas.id}/${box ? `?xywh=${box.join(",")}` : ""}#share`;
    return html`<p class="rw-hint rw-row" data-testid="pictures">
      ${item?.crop && String(box) === String(item.box) ? html`<a href=${item.crop} target="_blank" rel="noopener">${texts.picture}</a>` : nothing}
      <a href=${page} target="_blank" rel="noopener">${texts.pictures}</a>
    </p>`;
  }

  #votes({ votes, support, seen, concepts }: ReviewItem) {
    const { texts } = this;
    const implied = concepts.find(({ id }) => votes.length && !votes.some(({ concept }) => concept === id));
    return html`<p class="rw-hint">${texts.agreed(support, seen)}</p>
      <ul class="rw-votes" aria-label=${texts.votes}>
        ${votes.map(
          ({ label, count, coarser }) => html`<li>
            <span>${label}${coarser ? html` <small class="rw-broader" title=${texts.broaderHint}>${texts.broader}</small>` : nothing}</span>
            <meter min="0" max=${Math.max(seen, 1)} .value=${count} aria-label=${texts.voted(label, count)}></meter>
            <span class="rw-count" aria-hidden="true">${count}</span>
          </li>`,
        )}
      </ul>
      ${implied ? html`<p class="rw-hint" data-testid="together">${texts.together(implied.label)}</p>` : nothing}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-item": RubricatorItem;
  }
}
