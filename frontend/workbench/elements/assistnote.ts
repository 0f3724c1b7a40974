/** What the help for the hand says, over the image: wherever the panel is scrolled to, the eye is here. */

import { html } from "lit";
import type { Texts } from "../core/locale/texts.ts";
import type { AssistState } from "./assisting.ts";

export const assistNote = (state: AssistState | null, { assist }: Texts, stop: () => void) => {
  const { said = "", busy = null } = state ?? {};
  return html`<div class=${said ? "rw-stage-note rw-assist-note" : "rw-unseen"}>
    <span role="status" data-testid="assist-said">${said}</span>
    ${
      busy === "similar"
        ? html`<button type="button" class="rw-button rw-button-small" data-testid="assist-stop" @click=${stop}>
            ${assist.stopLooking}
          </button>`
        : null
    }
  </div>`;
};
