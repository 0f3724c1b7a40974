/** “How sure are you?”: three words to choose one of, or none. */

import { html } from "lit";
import { CERTAINTIES, type Certainty } from "../core/contract.ts";
import type { Texts } from "../core/locale/texts.ts";

export const certainty = (
  said: Certainty | undefined,
  { assist }: Texts,
  say: (now: Certainty | null) => void,
) =>
  html`<div class="rw-certainty" role="group" aria-label=${assist.certain} data-testid="certainty">
    <span class="rw-hint">${assist.certain}</span>
    ${CERTAINTIES.map(
      (one) => html`<button
        type="button"
        class="rw-choice"
        data-testid="certainty-${one}"
        aria-pressed=${String(said === one)}
        @click=${() => say(said === one ? null : one)}
      >
        <i class="rw-certain" data-certain=${one} aria-hidden="true"></i><span>${assist.certainty[one]}</span>
      </button>`,
    )}
  </div>`;
