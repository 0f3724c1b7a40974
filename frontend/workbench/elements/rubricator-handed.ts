/** `<rubricator-handed>`: for a moment after handing in, what happened and the way back to it. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { en } from "../core/locale/en.ts";
import type { Texts } from "../core/locale/texts.ts";
import { subjectOf } from "../core/outbox.ts";
import type { SessionState } from "../core/session.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";

@customElement("rubricator-handed")
export class RubricatorHanded extends LightElement {
  @property({ attribute: false }) session: SessionState | null = null;
  @property({ attribute: false }) texts: Texts = en;

  override render() {
    const { texts } = this;
    const { justDone, outbox } = this.session ?? {};
    if (!justDone || !outbox) return nothing;
    const { contribution, changed } = justDone;
    const isHere = outbox.parcels.some((parcel) => subjectOf(parcel) === contribution);
    const isHeld = isHere && outbox.because !== null;
    // The line of the panel tells screen readers the same: this is the button beside it.
    return html`<div class="rw-handed" data-testid="handed">
      <span>${isHeld ? texts.keptHere : changed ? texts.changeSaved : texts.handedInShort}</span>
      <button
        type="button"
        class="rw-button rw-button-small"
        data-testid="undo-hand-in"
        @click=${() => this.tell("trail-go", { contribution })}
      >
        ${icon("undo")}${changed ? texts.changeAgain : texts.undo}
      </button>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-handed": RubricatorHanded;
  }
}
