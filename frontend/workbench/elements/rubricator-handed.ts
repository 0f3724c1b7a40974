/** `<rubricator-handed>`: for a moment after handing in, what happened and the way back to it. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { subjectOf } from "../core/outbox.ts";
import type { SessionState } from "../core/sessionstate.ts";
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
    const here = outbox.parcels.filter((parcel) => subjectOf(parcel) === contribution);
    // What the server says no to has a place of its own.
    if (here.some(({ refused }) => refused !== null)) return nothing;
    const underWay = outbox.because === null ? texts.sending(1) : texts.keptHere;
    const done = changed ? texts.changeSaved : texts.handedInShort;
    // The line of the panel tells screen readers the same: this is the button beside it.
    return html`<div class="rw-handed" data-testid="handed">
      <span>${here.length ? underWay : done}</span>
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
