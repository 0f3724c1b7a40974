/** What is told of the same task in other places: open in another tab, or drawn on in another browser. */

import { html, nothing } from "lit";
import type { Texts } from "../core/locale/texts.ts";
import type { SessionState } from "../core/sessionstate.ts";
import { summaryOf } from "./rubricator-choice.ts";

export function elsewhere(
  { besides, other }: SessionState,
  texts: Texts,
  tell: (name: "draft-take" | "draft-leave") => void,
) {
  const { draft } = texts;
  const words = other && (summaryOf(other.answer, texts) || texts.unlabelled);
  return html`${
    besides
      ? html`<p class="rw-hint rw-besides" role="status" data-testid="besides">${draft.besides(besides)}</p>`
      : nothing
  }
  ${
    other
      ? html`<div class="rw-refused" role="alert" data-testid="other-draft">
          <p>${other.from === "there" ? draft.otherThere(words ?? "") : draft.otherHere(words ?? "")}</p>
          <p class="rw-row">
            <button type="button" class="rw-button rw-button-small" data-testid="draft-take" @click=${() => tell("draft-take")}>
              ${draft.take}
            </button>
            <button type="button" class="rw-button rw-button-small" data-testid="draft-leave" @click=${() => tell("draft-leave")}>
              ${draft.leave}
            </button>
          </p>
        </div>`
      : nothing
  }`;
}
