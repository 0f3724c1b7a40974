/** `<rubricator-way>`: what stands above a label, each a broader answer: as specific as one is sure. */

import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ConceptRef } from "../core/contract.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";

@customElement("rubricator-way")
export class RubricatorWay extends LightElement {
  /** The label that stands. */
  @property({ attribute: false }) concept: ConceptRef | null = null;
  /** The way from the top down to a label. */
  @property({ attribute: false }) wayTo: ((concept: string) => Promise<readonly ConceptRef[]>) | null = null;
  @property({ attribute: false }) texts: Texts = en;
  @state() private way: readonly ConceptRef[] = [];

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("concept") && changed.get("concept")?.id !== this.concept?.id) void this.#follow();
  }

  override render() {
    const { concept, texts, way } = this;
    const above = way.at(-1)?.id === concept?.id ? way.slice(0, -1) : [];
    return html`<div class="rw-way" role="group" aria-label=${texts.assist.keys.at(-1)?.[1] ?? ""}>
      ${above.map(
        (one) => html`<button
          type="button"
          class="rw-link"
          data-testid="broader"
          @click=${() => this.tell("concept-instead", { instead: concept, concept: one })}
        >
          ${one.label}</button
        ><span aria-hidden="true"> › </span>`,
      )}
      ${above.length ? html`<strong>${concept?.label}</strong>` : nothing}
      <button type="button" class="rw-link rw-way-tree" data-testid="browse" aria-keyshortcuts="G" title="${texts.assist.guide} (G)" @click=${() => this.tell("assist", { act: "guide" })}>
        ${icon("tree")}${texts.assist.guide}
      </button>
    </div>`;
  }

  async #follow(): Promise<void> {
    const asked = this.concept?.id;
    // Without the way the label can still be said; only what is broader is not offered.
    const way = asked && this.wayTo ? await this.wayTo(asked).catch(() => []) : [];
    if (this.concept?.id === asked) this.way = way;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-way": RubricatorWay;
  }
}
