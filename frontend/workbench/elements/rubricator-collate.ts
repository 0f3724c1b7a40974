/** `<rubricator-collate>`: one's own and somebody else's version of an annotation, side by side, and the choice. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Clash } from "../core/collation.ts";
import type { Size } from "../core/geometry.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Choice } from "../core/scriptorium.ts";
import type { Said } from "../core/shared.ts";
import { LightElement } from "./light.ts";
import { placeSentence } from "./rubricator-shapes.ts";

@customElement("rubricator-collate")
export class RubricatorCollate extends LightElement {
  @property({ attribute: false }) clash: Clash | null = null;
  @property({ attribute: false }) canvas: Size = [1, 1];
  @property({ attribute: false }) texts: Texts = en;

  override render() {
    const { clash, texts } = this;
    if (!clash) return nothing;
    const words = texts.scriptorium;
    const { id, mine, theirs, by, held } = clash;
    const what = !theirs ? words.deletedMeanwhile : held ? words.changedWhileHeld : words.changedMeanwhile;
    return html`<div class="rw-refused" role=${held ? "status" : "alert"} data-testid="clash" data-annotation=${id}>
      <p>${what(by)}</p>
      <dl class="rw-versions">
        <div>
          <dt>${words.mine}</dt>
          <dd>${this.#version(mine)}</dd>
        </div>
        <div>
          <dt>${words.theirs}</dt>
          <dd>${this.#version(theirs)}</dd>
        </div>
      </dl>
      <p class="rw-row">
        ${this.#button("mine", words.takeMine)} ${this.#button("theirs", words.takeTheirs)}
        ${mine && theirs ? this.#button("both", words.takeBoth) : nothing}
      </p>
    </div>`;
  }

  #version(said: Said | null): string {
    const words = this.texts.scriptorium;
    if (!said) return words.deleted;
    const [x, y, w, h] = said.box.map(Math.round);
    const where = `${placeSentence(this.texts, said, this.canvas)}, ${words.at([x ?? 0, y ?? 0, w ?? 0, h ?? 0])}`;
    const both = said.concepts.length && said.text ? `, “${short(said.text)}”` : "";
    return words.saysNow(where, labelOf(said, words.wordless) + both);
  }

  #button(choice: Choice, name: string) {
    const id = this.clash?.id;
    return html`<button
      type="button"
      class="rw-button rw-button-small"
      data-testid="take-${choice}"
      @click=${() => this.tell("collated", { id, choice })}
    >
      ${name}
    </button>`;
  }
}

/** What an annotation says, in a line. */
export const labelOf = ({ concepts, text }: Pick<Said, "concepts" | "text">, wordless: string): string =>
  concepts.map(({ label }) => label).join(", ") || short(text) || wordless;

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 59).trimEnd()}…` : text);

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-collate": RubricatorCollate;
  }
}
