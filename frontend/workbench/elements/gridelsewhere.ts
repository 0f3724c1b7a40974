/** What is told of the same grid in another browser: where it was judged otherwise, and the choice between the two. */

import { html, nothing } from "lit";
import type { GridState } from "../core/gridstate.ts";
import type { Texts } from "../core/locale/texts.ts";

export function gridElsewhere({ other }: GridState, { draft }: Texts, act: { take(): void; leave(): void }) {
  if (!other) return nothing;
  const count = Object.keys(other.marks).length;
  return html`<div class="rw-refused" role="alert" data-testid="other-draft">
    <p>${other.from === "there" ? draft.cellsThere(count) : draft.cellsHere(count)}</p>
    <p class="rw-row">
      <button type="button" class="rw-button rw-button-small" data-testid="draft-take" @click=${() => act.take()}>
        ${draft.take}
      </button>
      <button type="button" class="rw-button rw-button-small" data-testid="draft-leave" @click=${() => act.leave()}>
        ${draft.leave}
      </button>
    </p>
  </div>`;
}
