/** The wall of what people said to be one thing, with how much of it is shown; or that there is nothing. Pure. */

import { html, nothing } from "lit";
import type { Texts } from "../core/locale/texts.ts";
import type { WallState } from "../core/wallwork.ts";
import { ornament } from "./notice.ts";
import "./rubricator-wall.ts";

interface Shown {
  readonly label: string;
  readonly lang: string;
  readonly more: () => void;
}

export function sortBody(wall: WallState, texts: Texts, { label, lang, more }: Shown) {
  const { sorting, loading } = texts;
  const { query, items } = wall;
  if (!query) return nothing;
  if (!items.length && wall.loading)
    return html`<p class="rw-sorting-empty rw-hint" role="status">${loading}</p>`;
  if (!items.length) {
    return html`<div class="rw-sorting-empty" data-testid="empty">
      ${ornament}
      <p>${query.state === "merged" ? sorting.emptyMerged : sorting.emptyDecided}</p>
    </div>`;
  }
  return html`<p class="rw-hint rw-sorting-hint"><span class="rw-by-mouse">${sorting.hint}</span><span class="rw-by-finger">${sorting.touchHint}</span></p>
    <rubricator-wall
      .items=${items}
      .total=${wall.total}
      .picked=${wall.picked}
      .label=${label}
      .texts=${texts}
      lang=${lang}
    ></rubricator-wall>
    <p class="rw-wall-more">
      <span class="rw-hint">${sorting.shownOf(items.length, wall.total)}</span>
      ${
        wall.cursor
          ? html`<button type="button" class="rw-button rw-button-small" data-testid="more" @click=${more}>
              ${sorting.more}
            </button>`
          : nothing
      }
    </p>`;
}
