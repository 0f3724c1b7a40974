/** `<rubricator-sortbar>`: below a wall of crops: how many are selected, what can be done to them, and what was done. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { type CropItem, type SortVerdict, touched } from "../core/sorting.ts";
import type { WallState } from "../core/wallwork.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";

@customElement("rubricator-sortbar")
export class RubricatorSortbar extends LightElement {
  @property({ attribute: false }) wall: WallState | null = null;
  @property({ attribute: false }) label = "";
  /** What was done last, in sentences. */
  @property({ attribute: false }) said: readonly string[] = [];
  /** Where a crop is reviewed by itself. */
  @property({ attribute: false }) address: (item: CropItem) => string = () => "";
  @property({ attribute: false }) texts: Texts = en;

  override render() {
    const { wall } = this;
    if (!wall) return nothing;
    const count = wall.picked.size;
    return html`<footer class="rw-sorting-bar" ?data-picked=${count > 0} data-testid="bar">
      ${this.#trouble(wall)}
      ${this.said.length ? html`<ul class="rw-sorting-said" role="list" data-testid="said">${this.said.map((line) => html`<li>${line}</li>`)}</ul>` : nothing}
      ${count ? this.#picked(wall) : html`<div class="rw-sorting-acts">${this.#undo(wall)}</div>`}
    </footer>`;
  }

  #trouble({ trouble, unsent, items, busy }: WallState) {
    const { sorting, tryAgain, troubleServer } = this.texts;
    // Also once something else was looked at: nothing further is done before it is known what became of it.
    if (unsent.length && !busy)
      return html`<p class="rw-obstacle" role="alert" data-testid="not-sent">
        ${trouble?.detail || sorting.notSent}
        <button type="button" class="rw-button rw-button-small" data-testid="send-again" @click=${() => this.tell("sort-send", {})}>${tryAgain}</button>
        <button type="button" class="rw-button rw-button-small" @click=${() => this.tell("sort-drop", {})}>${sorting.cancel}</button>
      </p>`;
    return trouble && items.length
      ? html`<p class="rw-obstacle" role="alert">${trouble.detail || troubleServer}</p>`
      : nothing;
  }

  #picked({ items, picked, total, busy, done }: WallState) {
    const { sorting } = this.texts;
    const about = touched(items, picked);
    const one = picked.size === 1 ? items.find(({ id }) => picked.has(id)) : undefined;
    const act = (verdict: SortVerdict) => () => this.tell("sort-act", { verdict });
    return html`<p class="rw-sorting-count" data-testid="selected">
        <strong>${sorting.selected(picked.size, total, this.label)}</strong>
        ${about.kept ? html`<span class="rw-hint">${sorting.keptBeside(about.kept)}</span>` : nothing}
        ${about.own ? html`<span class="rw-hint">${sorting.ownAmong(about.own)}</span>` : nothing}
      </p>
      <div class="rw-sorting-acts">
        ${one ? html`<a class="rw-button" data-testid="open" href=${this.address(one)} target="_blank" rel="noopener">${sorting.open}</a>` : nothing}
        ${this.#undo({ done, busy })}
        <button type="button" class="rw-button rw-button-small" data-testid="pick-none" @click=${() => this.tell("sort-none", {})}>${sorting.none}</button>
        <button type="button" class="rw-button" data-testid="reject" @click=${act("rejected")}>${sorting.reject}</button>
        <button type="button" class="rw-button" data-testid="relabel" @click=${act("corrected")}>${sorting.relabel}</button>
        <button type="button" class="rw-button rw-button-primary" data-testid="accept" @click=${act("accepted")}>${busy ? sorting.sending : sorting.accept}</button>
      </div>`;
  }

  #undo({ done, busy }: Pick<WallState, "done" | "busy">) {
    return html`<button
      type="button"
      class="rw-button rw-button-small"
      data-testid="undo"
      aria-disabled=${String(!done.length || busy)}
      @click=${() => this.tell("sort-undo", {})}
    >
      ${icon("undo")} ${this.texts.sorting.undo}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-sortbar": RubricatorSortbar;
  }
}
