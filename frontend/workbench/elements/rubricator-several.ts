/** `<rubricator-several>`: the card of several picked shapes: one label for all, copies of all, all gone. */

import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Shape } from "../core/draft.ts";
import type { Lexicon } from "../core/lexicon.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { common } from "../core/several.ts";
import { LightElement } from "./light.ts";
import type { Palette } from "./pigments.ts";
import "./rubricator-concepts.ts";

@customElement("rubricator-several")
export class RubricatorSeveral extends LightElement {
  @property({ attribute: false }) shapes: readonly Pick<Shape, "id" | "concepts">[] = [];
  @property({ attribute: false }) lexicon: Lexicon | null = null;
  @property({ attribute: false }) palette: Palette | null = null;
  @property({ type: Boolean }) many = false;
  @property({ attribute: false }) texts: Texts = en;

  override render() {
    const { shapes, texts } = this;
    const { several } = texts;
    const name = several.picked(shapes.length);
    const id = shapes.at(-1)?.id ?? "";
    return html`<section class="rw-section rw-label" aria-label=${name} data-testid="several-card">
      <h2 class="rw-section-title">${name}</h2>
      <p class="rw-hint">${several.hint}</p>
      <rubricator-concepts
        .lexicon=${this.lexicon}
        .chosen=${common(shapes)}
        .many=${this.many}
        .texts=${texts}
        .palette=${this.palette}
        .name=${name}
      ></rubricator-concepts>
      <p class="rw-row">
        ${this.#button("several-duplicate", several.duplicate, () => this.tell("shapes-duplicate", {}))}
        ${this.#button("several-delete", several.deleteAll(shapes.length), () => this.tell("stage-delete", { id }))}
        ${this.#button("several-let", several.letGo, () => this.tell("stage-select", { id: null }))}
      </p>
    </section>`;
  }

  #button(test: string, words: string, act: () => void) {
    return html`<button type="button" class="rw-button rw-button-small" data-testid=${test} @click=${act}>
      ${words}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-several": RubricatorSeveral;
  }
}
