/** `<rubricator-margin>`: what stands beside a shared canvas: who is here, the label card, choices, the list, the status. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Shown } from "../core/collation.ts";
import type { Canvas, ConceptRef } from "../core/contract.ts";
import type { Box, Size } from "../core/geometry.ts";
import type { Chosen, Signs } from "../core/layers.ts";
import type { Lexicon } from "../core/lexicon.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { isPlain, type ShapeKind } from "../core/outline.ts";
import type { ScriptoriumState } from "../core/scriptorium.ts";
import { credit } from "./credit.ts";
import { type Help, helpBeside } from "./helped.ts";
import { LightElement } from "./light.ts";
import { Palette } from "./pigments.ts";
import "./rubricator-annotations.ts";
import "./rubricator-collate.ts";
import { labelOf } from "./rubricator-collate.ts";
import "./rubricator-company.ts";
import "./rubricator-kinds.ts";
import "./rubricator-label.ts";
import "./rubricator-layers.ts";
import "./rubricator-several.ts";
import { pickedIn, togetherStatus } from "./together.ts";

const MOST_WORDS = 10_000;

@customElement("rubricator-margin")
export class RubricatorMargin extends LightElement {
  @property({ attribute: false }) state: ScriptoriumState | null = null;
  @property({ attribute: false }) canvas: Canvas | null = null;
  @property({ attribute: false }) lexicon: Lexicon | null = null;
  @property({ attribute: false }) palette = new Palette();
  @property({ attribute: false }) label: ConceptRef | null = null;
  /** One label does not take the place of another. */
  @property({ type: Boolean }) many = false;
  @property({ attribute: false }) live: Box | null = null;
  @property({ type: Boolean }) gathers = false;
  @property({ attribute: false }) kind: ShapeKind = "box";
  /** What lies on the canvas, in this layer and in others, and how it is shown. */
  @property({ attribute: false }) layering: { signs: Signs; chosen: Chosen; veiled: boolean } | null = null;
  /** What helps the hand; null where nothing does. */
  @property({ attribute: false }) help: Help | null = null;
  @property({ attribute: false }) texts: Texts = en;
  @property({ attribute: "login-url" }) loginUrl = "";

  override render() {
    const { state, texts, canvas } = this;
    const words = texts.scriptorium;
    if (!state || !canvas) return html`<aside class="rw-panel" aria-label=${words.panel}></aside>`;
    const { shapes, mayWrite } = state;
    return html`<aside class="rw-panel" aria-label=${words.panel}>
      <div class="rw-sheet">
        ${mayWrite ? html`<rubricator-kinds .kind=${this.kind} .texts=${texts}></rubricator-kinds>` : nothing}
        ${state.shut ? html`<p class="rw-refused" role="alert" data-testid="shut">${shapes ? words.shut(state.shut) : state.shut}</p>` : nothing}
        ${!mayWrite && !state.shut && shapes ? html`<p class="rw-hint" data-testid="reading">${words.reading}</p>` : nothing}
        <div class="rw-clashes" ?hidden=${!state.clashes.length}>
          ${state.clashes.map(
            (clash) =>
              html`<rubricator-collate .clash=${clash} .canvas=${this.#size} .texts=${texts}></rubricator-collate>`,
          )}
        </div>
        ${mayWrite ? html`${this.#card()}${helpBeside(this.help, texts, canvas, this.#isBoxed)}` : nothing}
        ${this.#layers()}
        <rubricator-annotations
          .shapes=${shapes ?? []}
          .undrawn=${state.undrawn}
          .canvas=${this.#size}
          .selected=${state.selected}
          .also=${state.also}
          ?gathers=${this.gathers}
          .palette=${this.palette}
          .texts=${texts}
          ?readonly=${!mayWrite}
        ></rubricator-annotations>
        ${credit(canvas, texts.lang)}
      </div>
      <footer class="rw-foot">
        <rubricator-company
          .present=${state.present}
          .texts=${texts}
          ?working=${mayWrite}
        ></rubricator-company>
        ${this.#status(state)}
      </footer>
    </aside>`;
  }

  #layers() {
    const { signs, chosen, veiled } = this.layering ?? {};
    // Where there is nothing there are no switches either.
    if (!signs?.layers.length) return nothing;
    return html`<rubricator-layers
      .signs=${signs}
      .chosen=${chosen}
      .veiled=${veiled}
      .texts=${this.texts}
    ></rubricator-layers>`;
  }

  get #size(): Size {
    const { canvas } = this;
    return canvas ? [canvas.width, canvas.height] : [1, 1];
  }

  /** One plain box is picked that may be changed. */
  get #isBoxed(): boolean {
    const picked = this.#picked;
    return Boolean(picked && !picked.lock && isPlain(picked) && !this.state?.also.length);
  }

  get #picked(): Shown | null {
    return this.state?.shapes?.find(({ id }) => id === this.state?.selected) ?? null;
  }

  /** Of what is picked the labels, the words and the place; else the label that the next one gets. */
  #card() {
    const { texts, state } = this;
    const several = state ? pickedIn(state) : [];
    if (several.length > 1) return this.#severalCard(several);
    const picked = this.#picked;
    const words = texts.scriptorium;
    if (picked?.lock)
      return html`<p class="rw-hint" role="status" data-testid="lock">${words.lock[picked.lock]}</p>`;
    const index = state?.shapes?.findIndex(({ id }) => id === picked?.id) ?? -1;
    const shape = picked && { ...picked, origin: "drawn" as const, prediction: null };
    const heading = picked ? words.named(index + 1, labelOf(picked, words.wordless)) : "";
    return html`<div class="rw-card">
      ${
        this.lexicon || shape
          ? html`<rubricator-label
              heading=${heading}
              .texts=${texts}
              .shape=${shape}
              .number=${index + 1}
              .next=${this.label}
              .lexicon=${this.lexicon}
              .palette=${this.palette}
              .canvas=${this.#size}
              .live=${this.live}
              .wayTo=${this.lexicon ? (this.help?.wayTo ?? null) : null}
              ?many=${this.many || (picked?.concepts.length ?? 0) > 1}
            ></rubricator-label>`
          : nothing
      }
      ${this.lexicon ? this.#many() : nothing} ${picked ? this.#words(picked) : nothing} ${this.#overtaken()}
    </div>`;
  }

  #severalCard(several: readonly Shown[]) {
    return html`<div class="rw-card">
      <rubricator-several
        .texts=${this.texts}
        .shapes=${several}
        .lexicon=${this.lexicon}
        .palette=${this.palette}
        ?many=${this.many || several.some(({ concepts }) => concepts.length > 1)}
      ></rubricator-several>
      ${this.lexicon ? this.#many() : nothing}
      ${this.#overtaken()}
    </div>`;
  }

  #many() {
    return html`<label class="rw-assist-each"
      ><input
        type="checkbox"
        data-testid="labels-many"
        .checked=${this.many}
        @change=${({ target }: Event) => this.tell("labels-many", { on: (target as HTMLInputElement).checked })}
      />
      ${this.texts.helping.manyLabels}</label
    >`;
  }

  #overtaken() {
    if (!this.state?.overtaken) return nothing;
    return html`<p class="rw-hint" role="status" data-testid="overtaken">${this.texts.scriptorium.overtaken}</p>`;
  }

  #words({ id, text }: Shown) {
    const words = this.texts.scriptorium;
    return html`<label class="rw-words"
      ><span class="rw-section-title">${words.words}</span> <span class="rw-hint">${words.wordsHint}</span>
      <textarea
        rows="2"
        maxlength=${MOST_WORDS}
        data-testid="words"
        .value=${text}
        @change=${({ target }: Event) => this.tell("words-written", { id, text: (target as HTMLTextAreaElement).value.trim() })}
      ></textarea>
    </label>`;
  }

  #status(state: ScriptoriumState) {
    const { texts } = this;
    const words = texts.scriptorium;
    const { sentence, tone } = togetherStatus(state, texts);
    const refused = state.courier.parcels.filter((parcel) => parcel.refused !== null);
    const signedOut = state.deaf === "signin" || state.courier.because === "signin";
    return html`<p class="rw-status" role="status" data-tone=${tone} data-testid="status">
        <i class="rw-status-dot" aria-hidden="true"></i><span>${sentence}</span>
        ${signedOut && this.loginUrl ? html`<a href=${this.loginUrl} target="_blank" rel="opener">${texts.signIn}</a>` : nothing}
      </p>
      ${
        refused.length
          ? html`<div class="rw-refused" role="alert" data-testid="refused">
              <p>${words.refused(refused.length)}</p>
              <ul>
                ${[...new Set(refused.map((parcel) => parcel.refused))].map((reason) => html`<li>${reason}</li>`)}
              </ul>
              <p class="rw-row">
                <button type="button" class="rw-button rw-button-small" @click=${() => this.tell("status-retry", {})}>${texts.tryAgain}</button>
                <button type="button" class="rw-button rw-button-small" @click=${() => this.tell("status-discard", {})}>${texts.discard}</button>
              </p>
            </div>`
          : nothing
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-margin": RubricatorMargin;
  }
}
