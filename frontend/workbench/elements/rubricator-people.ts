/** `<rubricator-people>`: who drew what; a switch for each person, in their pigment and line. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { LightElement } from "./light.ts";
import { Palette } from "./pigments.ts";

@customElement("rubricator-people")
export class RubricatorPeople extends LightElement {
  @property({ attribute: false }) people: readonly string[] = [];
  @property({ attribute: false }) unseen: ReadonlySet<string> = new Set();
  @property({ attribute: false }) palette = new Palette();
  @property({ attribute: false }) texts: Texts = en;

  override render() {
    if (!this.people.length) return nothing;
    return html`<fieldset class="rw-legend">
      <legend class="rw-section-title">${this.texts.people}</legend>
      ${this.people.map(
        (person) => html`<label>
          <input
            type="checkbox"
            .checked=${!this.unseen.has(person)}
            @change=${() => this.tell("people-toggle", { person })}
          />
          <i class="rw-swatch rw-pigment-${this.palette.of(person).name}" data-line=${this.palette.line(person)}></i>
          ${person}
        </label>`,
      )}
    </fieldset>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-people": RubricatorPeople;
  }
}
