/** `<rubricator-strip>`: from image to image: back, on, and an overview of all of them that opens below the image. */

import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { textIn } from "../core/contract.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Leaf } from "../core/manifest.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";

/** So many small images are there at once: the neighbours of the one that is shown. */
const AROUND = 60;

@customElement("rubricator-strip")
export class RubricatorStrip extends LightElement {
  @property({ attribute: false }) leaves: readonly Leaf[] = [];
  @property({ attribute: false }) index = 0;
  @property({ attribute: false }) texts: Texts = en;
  @state() private isOpen = false;

  override render() {
    const { leaves, index, texts } = this;
    const { reading } = texts;
    if (leaves.length < 2) return nothing;
    return html`<nav class="rw-strip" aria-label=${reading.overview}>
      ${this.isOpen ? this.#overview() : nothing}
      <p class="rw-strip-row">
        ${this.#step(-1, reading.previous)}
        <button
          type="button"
          class="rw-button rw-button-small"
          aria-expanded=${String(this.isOpen)}
          data-testid="overview"
          @click=${this.#toggle}
        >
          <span class="rw-unseen">${reading.overview}, </span>${reading.pageOf(index + 1, leaves.length)}
        </button>
        ${this.#step(1, reading.next)}
      </p>
    </nav>`;
  }

  #step(step: 1 | -1, name: string) {
    const to = this.index + step;
    const isOff = to < 0 || to >= this.leaves.length;
    return html`<button
      type="button"
      class="rw-button rw-button-small rw-strip-step"
      data-step=${step}
      aria-label=${name}
      title=${name}
      aria-disabled=${String(isOff)}
      @click=${() => isOff || this.#go(to)}
    >
      ${icon("back")}
    </button>`;
  }

  #overview() {
    const from = Math.max(0, this.index - AROUND);
    const near = this.leaves.slice(from, this.index + AROUND + 1);
    return html`<ol class="rw-strip-list" data-testid="strip">
      ${near.map((leaf, at) => this.#small(leaf, from + at))}
    </ol>`;
  }

  #small(leaf: Leaf, at: number) {
    const label = textIn(leaf.label, this.texts.lang);
    return html`<li>
      <button
        type="button"
        class="rw-strip-small"
        aria-label=${this.texts.reading.canvas(at + 1, label)}
        aria-current=${at === this.index ? "true" : nothing}
        @click=${() => this.#go(at)}
      >
        ${
          leaf.thumbnail
            ? html`<img src=${leaf.thumbnail} alt="" loading="lazy" decoding="async" @error=${bare} />`
            : html`<span class="rw-strip-none" aria-hidden="true"></span>`
        }
        <span aria-hidden="true">${label || at + 1}</span>
      </button>
    </li>`;
  }

  readonly #toggle = async (): Promise<void> => {
    this.isOpen = !this.isOpen;
    await this.updateComplete;
    this.#bring();
  };

  async #go(to: number): Promise<void> {
    this.tell("strip-go", { index: to });
    await this.updateComplete;
    this.#bring();
  }

  /** Scrolls the strip, and never the page that it stands on. */
  #bring(): void {
    const list = this.querySelector<HTMLElement>(".rw-strip-list");
    const current = list?.querySelector<HTMLElement>("[aria-current]")?.parentElement;
    if (list && current) list.scrollLeft = current.offsetLeft - (list.clientWidth - current.offsetWidth) / 2;
  }
}

/** A small image that does not come leaves its name. */
const bare = ({ target }: Event): void => (target as HTMLElement).remove();

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-strip": RubricatorStrip;
  }
}
