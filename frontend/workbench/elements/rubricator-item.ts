/** `<rubricator-item>`: one consensus box under review: its votes, and the ways to decide. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Campaign, Canvas, ConceptRef, ReviewItem } from "../core/contract.ts";
import type { Lexicon } from "../core/lexicon.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { type Part, type Ruling, sameText } from "../core/rulings.ts";
import { LightElement } from "./light.ts";
import "./rubricator-concepts.ts";
import type { RubricatorConcepts } from "./rubricator-concepts.ts";
import { labelOf } from "./rubricator-shapes.ts";
import "./rubricator-text.ts";
import type { RubricatorText } from "./rubricator-text.ts";

@customElement("rubricator-item")
export class RubricatorItem extends LightElement {
  @property({ attribute: false }) item: ReviewItem | null = null;
  @property({ attribute: false }) ruling: Ruling | null = null;
  @property({ attribute: false }) canvas: Canvas | null = null;
  @property({ attribute: false }) name = "";
  @property({ attribute: false }) lexicon: Lexicon | null = null;
  /** Whether another box is looked for to merge with; its name, once one is picked. */
  @property({ attribute: false }) merging: string | null = null;
  /** The part of a split one whose label and box are at hand. */
  @property({ attribute: false }) piece = 0;
  /** What it became a part of. */
  @property({ attribute: false }) into = "";
  /** What people were asked. */
  @property({ attribute: false }) question: Campaign["question"] | null = null;
  @property({ attribute: false }) texts: Texts = en;

  /** Lets a label be looked for. */
  search(): void {
    this.querySelector<RubricatorText>("rubricator-text")?.focus();
    this.querySelector<RubricatorConcepts>("rubricator-concepts")?.focus();
  }

  choose(index: number): boolean {
    const text = this.item?.written?.[index];
    if (text) this.tell("item-text", { text });
    if (this.item?.written?.length) return Boolean(text);
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
      ${item?.moot ? html`<p class="rw-hint" data-testid="moot">${texts.sequence.moot}</p>` : nothing}
      ${item && !this.writes ? this.#votes(item) : nothing}${this.#pictures()}
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
        ${item?.box ? this.#clusters(item, verdict) : nothing}
      </div>
      ${this.into ? html`<p class="rw-hint" data-testid="merged-into">${texts.mergedInto(this.into)}</p>` : nothing}
      ${this.merging === "" ? html`<p class="rw-hint" role="status" data-testid="merge-hint">${texts.mergeHint}</p>` : nothing}
      ${item && ruling?.parts ? this.#parts(item, ruling.parts) : nothing}
      ${this.writes ? this.#written() : this.#labels()}
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

  /** Everything that was written, to choose from, and the field to write what is true. */
  #written() {
    const { item, ruling, texts } = this;
    const stands = ruling?.text ?? item?.text ?? null;
    return html`<h3 class="rw-section-title">${texts.writing.written}</h3>
      <ol class="rw-written" data-testid="written">
        ${(item?.written ?? []).map(
          (text, index) => html`<li>
            <button
              type="button"
              aria-pressed=${String(ruling?.verdict !== "rejected" && sameText(stands, text))}
              @click=${() => this.tell("item-text", { text })}
            >
              <kbd aria-hidden="true">${index < 9 ? index + 1 : nothing}</kbd>
              <q lang=${text.language} dir="auto">${text.value}</q>
              <span class="rw-count">${text.people.length}</span>
              <small>${text.language} · ${texts.writing.writtenBy(text.people)}</small>
            </button>
          </li>`,
        )}
      </ol>
      <rubricator-text
        .question=${this.question}
        .text=${stands}
        .texts=${texts}
        heading=${texts.writing.own}
        ?fixed=${ruling?.verdict === "rejected"}
      ></rubricator-text>`;
  }

  get writes(): boolean {
    return this.question?.writes ?? false;
  }

  #labels() {
    const { item, ruling, texts } = this;
    return html`<rubricator-concepts
        .lexicon=${this.lexicon}
        .chosen=${ruling?.parts?.[this.piece]?.concepts ?? ruling?.concepts ?? item?.concepts ?? ([] as ConceptRef[])}
        .many=${this.question?.many ?? false}
        .texts=${texts}
        .name=${this.name}
      ></rubricator-concepts>`;
  }

  #clusters(item: ReviewItem, verdict: string) {
    const { texts } = this;
    return html`<button
        type="button"
        class="rw-button"
        data-testid="merge"
        aria-pressed=${String(this.merging !== null || verdict === "merged")}
        @click=${() => this.tell("item-merge", {})}
      >
        ${this.merging ? texts.mergeWith(this.merging) : texts.mergeBox} <kbd aria-hidden="true">M</kbd>
      </button>
      <button
        type="button"
        class="rw-button"
        data-testid="split"
        aria-pressed=${String(verdict === "split")}
        ?hidden=${item.members.length < 2}
        @click=${() => this.tell("item-split", {})}
      >
        ${texts.splitBox} <kbd aria-hidden="true">S</kbd>
      </button>`;
  }

  /** Which answer goes into which part, and which part is at hand. */
  #parts(item: ReviewItem, parts: readonly Part[]) {
    const { texts } = this;
    const name = (part: Part | undefined, index: number) =>
      part ? texts.partNamed(index + 1, labelOf(texts, part.concepts)) : texts.newPart;
    const offered = parts.length < item.members.length ? [...parts, undefined] : parts;
    return html`<fieldset class="rw-parts" data-testid="parts">
      <legend>${texts.splitHint}</legend>
      ${item.members.map(({ annotation, participant, concepts }) => {
        const at = parts.findIndex(({ members }) => members.includes(annotation));
        return html`<label class="rw-part"
          ><span>${participant} <small>${labelOf(texts, concepts)}</small></span>
          <select
            .value=${String(at)}
            @change=${({ target }: Event) => this.tell("item-assign", { member: annotation, part: Number((target as HTMLSelectElement).value) })}
          >
            ${offered.map((part, index) => html`<option value=${index} ?selected=${index === at}>${name(part, index)}</option>`)}
          </select></label
        >`;
      })}
      <div class="rw-row">
        ${parts.map(
          (part, index) => html`<button
            type="button"
            class="rw-button"
            aria-pressed=${String(index === this.piece)}
            @click=${() => this.tell("item-part", { part: index })}
          >
            ${name(part, index)}
          </button>`,
        )}
      </div>
    </fieldset>`;
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

  #votes({ votes, support, seen, concepts, kin, place }: ReviewItem) {
    const { texts } = this;
    const implied = concepts.find(({ id }) => votes.length && !votes.some(({ concept }) => concept === id));
    return html`<p class="rw-hint">${texts.agreed(support, seen)}</p>
      ${place ? html`<p class="rw-hint" data-testid="place">${place}</p>` : nothing}
      <ul class="rw-votes" aria-label=${texts.votes}>
        ${votes.map(
          ({ label, count, coarser, probability }) => html`<li>
            <span>${label}${probability ? html` <small>${texts.probable(probability)}</small>` : nothing}${coarser ? html` <small class="rw-broader" title=${texts.broaderHint}>${texts.broader}</small>` : nothing}</span>
            <meter min="0" max=${Math.max(seen, 1)} .value=${count} aria-label=${texts.voted(label, count)}></meter>
            <span class="rw-count" aria-hidden="true">${count}</span>
          </li>`,
        )}
      </ul>
      ${implied ? html`<p class="rw-hint" data-testid="together">${texts.together(implied.label)}</p>` : nothing}
      ${kin && !implied ? html`<p class="rw-hint" data-testid="kin">${texts.kin(kin.label)}</p>` : nothing}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-item": RubricatorItem;
  }
}
