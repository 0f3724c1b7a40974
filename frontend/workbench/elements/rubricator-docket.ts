/** `<rubricator-docket>`: what stands beside an image under review: why it waits, who drew, each item, and the foot. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type Campaign, type ReviewTask, titleIn } from "../core/contract.ts";
import type { Chosen, Signs } from "../core/layers.ts";
import type { Lexicon } from "../core/lexicon.ts";
import { en } from "../core/locale/en/index.ts";
import { type Texts, textsFor } from "../core/locale/index.ts";
import { askedOf, itemOf, kindOf, kindOfAll, type Reviewed } from "../core/reviewed.ts";
import type { ReviewKeepingState } from "../core/reviewkeeping.ts";
import { acceptable, type Rulings, undecided } from "../core/rulings.ts";
import { stepsOf } from "../core/sequence.ts";
import { adding } from "./adding.ts";
import { LightElement } from "./light.ts";
import { Palette } from "./pigments.ts";
import { participants } from "./review-scene.ts";
import "./rubricator-item.ts";
import "./rubricator-items.ts";
import "./rubricator-layers.ts";
import "./rubricator-people.ts";
import "./rubricator-sheaf.ts";
import { takeBack } from "./reviewnotice.ts";
import { labelOf } from "./rubricator-shapes.ts";
import type { Sheaf } from "./rubricator-sheaf.ts";

interface Standing {
  readonly saving: boolean;
  readonly saved: number;
  readonly tookBack: boolean;
  readonly told: string;
  readonly keeping: ReviewKeepingState | null;
}

/** Where the unfinished decisions are; empty before anything is decided. */
function keptWords(keeping: ReviewKeepingState | null, { draft, notKept }: Texts): string {
  if (!keeping) return "";
  const { kept, there, thereBecause } = keeping;
  if (!kept) return there === "saved" ? draft.onlyThere : notKept;
  if (there === "waiting") return draft.waiting[thereBecause ?? "server"];
  return there === "off" ? "" : draft[there];
}

@customElement("rubricator-docket")
export class RubricatorDocket extends LightElement {
  @property({ attribute: false }) campaign: Campaign | null = null;
  @property({ attribute: false }) review: ReviewTask | null = null;
  @property({ attribute: false }) rulings: Rulings = {};
  @property({ attribute: false }) selected: string | null = null;
  @property({ attribute: false }) piece = 0;
  /** Several that are picked at once. */
  @property({ attribute: false }) sheaf: Sheaf | null = null;
  /** Each click picks one more. */
  @property({ type: Boolean }) gathers = false;
  @property({ attribute: false }) merging: string | null = null;
  /** People whose boxes are switched off. */
  @property({ attribute: false }) unseen: ReadonlySet<string> = new Set();
  @property({ attribute: false }) palette = new Palette();
  @property({ attribute: false }) lexicon: Lexicon | null = null;
  @property({ attribute: false }) layering: { signs: Signs; chosen: Chosen; veiled: boolean } | null = null;
  @property({ attribute: false }) standing: Standing = {
    saving: false,
    saved: 0,
    tookBack: false,
    told: "",
    keeping: null,
  };
  @property({ attribute: false }) texts: Texts = en;

  override render() {
    const { texts, review } = this;
    const words = this.#words;
    const items = review?.items ?? [];
    return html`<aside class="rw-panel" aria-label=${texts.review}>
      <div class="rw-sheet">
        ${this.#head()} ${this.#reviewers()}
        ${this.standing.told ? html`<p class="rw-hint" role="status" data-testid="told">${this.standing.told}</p>` : nothing}
        <rubricator-people
          ?hidden=${items.length > 0 && !items.some(({ box }) => box)}
          .people=${review?.people ?? participants(items)}
          .unseen=${this.unseen}
          .palette=${this.palette}
          .texts=${texts}
        ></rubricator-people>
        ${this.sheaf ? this.#several(this.sheaf) : this.#item()}
        ${items.length ? nothing : html`<p class="rw-empty">${words.allSaidNothing}</p>`}
        <rubricator-items
          .items=${items}
          .rulings=${this.rulings}
          .selected=${this.selected}
          .also=${this.sheaf?.ids.slice(0, -1) ?? []}
          ?gathers=${this.gathers}
          ?readonly=${Boolean(review?.task?.beside)}
          .wordsOf=${this.#wordsOf}
          .texts=${words}
        ></rubricator-items>
        ${adding(this.campaign, items, this.rulings, texts, (step) => this.tell("step-add", { step }))}
        ${this.#layers()}
      </div>
      ${this.#foot()}
    </aside>`;
  }

  get #reviewed(): Reviewed {
    return { campaign: this.campaign, items: this.review?.items ?? [], rulings: this.rulings };
  }

  /** In the words of all that is under review, and of one thing of it. */
  get #words(): Texts {
    return textsFor(this.texts.lang, kindOfAll(this.#reviewed));
  }

  readonly #wordsOf = (id: string | null): Texts =>
    textsFor(this.texts.lang, kindOf(askedOf(this.#reviewed, id)));

  #head() {
    const { texts, review } = this;
    const { remaining = 0, why, retirement } = review ?? {};
    return html`<header class="rw-question">
      <h1>${titleIn(this.campaign?.question.prompt, texts.lang) || texts.review}</h1>
      <p class="rw-progress"><span data-testid="remaining">${texts.remaining(remaining)}</span></p>
      ${why ? html`<p class="rw-hint" data-testid="why-now"><b>${texts.whyNow}</b> ${why.sentence}</p>` : nothing}
      ${retirement ? html`<p class="rw-hint" data-testid="why"><b>${texts.enough}</b> ${retirement.sentence}</p>` : nothing}
    </header>`;
  }

  /** That another reviewer speaks too, without what they said. */
  #reviewers() {
    const { texts } = this;
    const { wanted = 1, differ = false } = this.review?.standing ?? {};
    if (wanted < 2) return nothing;
    return html`<p class="rw-hint" data-testid="standing">${differ ? texts.reviewersDiffer : texts.secondReview}</p>`;
  }

  #several(sheaf: Sheaf) {
    return html`<rubricator-sheaf
      .sheaf=${sheaf}
      .lexicon=${this.lexicon}
      .texts=${this.#wordsOf(this.selected)}
    ></rubricator-sheaf>`;
  }

  #item() {
    const { selected, review } = this;
    const ruling = (selected && this.rulings[selected]) || null;
    return html`<rubricator-item
      .item=${itemOf(this.#reviewed, selected)}
      .canvas=${review?.task?.canvas ?? null}
      .ruling=${ruling}
      .name=${this.#nameOf(selected)}
      .merging=${this.#mergingWith()}
      .into=${ruling?.into ? this.#nameOf(ruling.into) : ""}
      .piece=${this.piece}
      .lexicon=${this.lexicon}
      .question=${askedOf(this.#reviewed, selected)}
      .texts=${this.#wordsOf(selected)}
    ></rubricator-item>`;
  }

  #layers() {
    if (!this.layering) return nothing;
    const { signs, chosen, veiled } = this.layering;
    return html`<rubricator-layers
      .signs=${signs}
      .chosen=${chosen}
      .veiled=${veiled}
      .texts=${this.texts}
    ></rubricator-layers>`;
  }

  #foot() {
    const { texts } = this;
    const { saving, saved, tookBack } = this.standing;
    const open = undecided(this.rulings, this.review?.items ?? []).length;
    const rest = acceptable(this.rulings, this.review?.items ?? []);
    const more = (this.review?.remaining ?? 0) > 1;
    const paired = rest > 0 && more && !saved; // two that fit into one line leave more room for what is decided
    return html`<footer class="rw-foot">
      <p class="rw-status" role="status" data-tone=${open ? "calm" : "done"} data-testid="status">
        <i class="rw-status-dot" aria-hidden="true"></i
        ><span>${tookBack ? `${texts.tookBack} ` : ""}${open ? this.#words.undecided(open) : texts.allDecided}</span>
        <span class="rw-hint" aria-live="off" data-testid="kept">${keptWords(this.standing.keeping, texts)}</span>
      </p>
      <div class="rw-answer">
        <button
          type="button"
          class="rw-button ${paired ? "" : "rw-wide"}"
          data-testid="accept-rest"
          ?hidden=${!rest}
          @click=${() => this.tell("items-accept-rest", {})}
        >
          ${texts.acceptRest(rest)}
        </button>
        ${saved ? takeBack(texts, more ? "" : "rw-wide", () => this.tell("review-take-back", {})) : nothing}
        <button
          type="button"
          class="rw-button ${saved || paired ? "" : "rw-wide"}"
          data-testid="later"
          ?hidden=${!more}
          @click=${() => this.tell("review-later", {})}
        >
          ${texts.later}
        </button>
        <button
          type="button"
          class="rw-button rw-button-primary"
          data-testid="save"
          aria-disabled=${String(open > 0 || saving)}
          @click=${() => this.tell("review-save", {})}
        >
          ${texts.saveDecisions}
        </button>
      </div>
    </footer>`;
  }

  /** The name of the box that is picked to merge with; empty while none is, null when none is looked for. */
  #mergingWith(): string | null {
    if (!this.merging) return null;
    return this.selected && this.selected !== this.merging ? this.#nameOf(this.merging) : "";
  }

  #nameOf(id: string | null): string {
    const { texts } = this;
    const { items, rulings } = this.#reviewed;
    const index = items.findIndex((item) => item.id === id);
    const ruling = id ? rulings[id] : undefined;
    const concepts = ruling?.concepts || items[index]?.concepts || [];
    const number = index < 0 ? items.length + 1 : index + 1;
    const text = ruling?.text || items[index]?.text;
    const asked = askedOf(this.#reviewed, id);
    const step = stepsOf(this.campaign).length ? `${titleIn(asked?.prompt, texts.lang)} ` : "";
    if (asked?.writes)
      return step + (text ? texts.writing.named(number, text.value) : texts.writing.unsettled(number));
    if (step) return `${step}${number}: ${labelOf(texts, concepts)}`;
    return this.#wordsOf(id).shapeNamed(number, labelOf(texts, concepts));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-docket": RubricatorDocket;
  }
}
