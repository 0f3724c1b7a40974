/** What stands beside an image that is read: which it is, its layers, and all that is said of it. Pure. */

import { html, nothing } from "lit";
import { textIn } from "../core/contract.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Leaf } from "../core/manifest.ts";
import { credit } from "./credit.ts";
import type { Layering } from "./layering.ts";
import type { Opened, Refusal } from "./reading.ts";
import "./rubricator-layers.ts";
import "./rubricator-marks.ts";
import "./rubricator-strip.ts";

interface Read {
  readonly opened: Opened | null;
  readonly index: number;
  readonly selected: string | null;
  /** How many pages of annotations failed; null while they are read. */
  readonly failed: number | null;
  readonly layering: Layering;
  readonly lang: string;
  readonly texts: Texts;
}

export function readerPanel(read: Read, leaf: Leaf) {
  const { texts, opened, failed, lang } = read;
  const { reading } = texts;
  return html`<div class="rw-sheet">
      <header class="rw-question">
        <h2>${textIn(opened?.book.label, lang) || reading.manifest}</h2>
        <p class="rw-hint">${textIn(leaf.label, lang)}</p>
      </header>
      ${opened?.isElsewhere ? html`<p class="rw-hint" role="status">${reading.noCanvas}</p>` : nothing}
      ${leaf.isPartial ? html`<p class="rw-hint" role="status">${reading.partial}</p>` : nothing}
      ${failed ? html`<p class="rw-hint" role="status" data-testid="pages-failed">${reading.pagesFailed(failed)}</p>` : nothing}
      ${failed === null ? html`<p class="rw-hint" role="status">${reading.readingLayers}</p>` : layers(read, leaf)}
      <div>
        ${credit(leaf, lang)}
        <p class="rw-credit"><a href=${opened?.book.uri ?? ""} rel="noopener" target="_blank">${reading.manifest}</a></p>
      </div>
    </div>
    <rubricator-strip .leaves=${opened?.book.leaves ?? []} .index=${read.index} .texts=${texts}></rubricator-strip>`;
}

function layers({ texts, layering, selected }: Read, leaf: Leaf) {
  return html`<rubricator-layers
      .signs=${layering.signs}
      .chosen=${layering.chosen}
      .veiled=${layering.hidden}
      .texts=${texts}
    ></rubricator-layers>
    ${
      layering.layers.length
        ? html`<rubricator-marks
            .layers=${layering.shown}
            .canvas=${[leaf.width, leaf.height]}
            .selected=${selected}
            .texts=${texts}
          ></rubricator-marks>`
        : nothing
    }`;
}

/** In the place of the image: what is waited for, or why there is none. */
export function readerWaiting(texts: Texts, refusal: Refusal | null, again: () => void) {
  if (!refusal) {
    return html`<div class="rw-notice" role="status">
      <div class="rw-stage-wait" aria-hidden="true"></div>
      <p>${texts.reading.loading}</p>
    </div>`;
  }
  return html`<div class="rw-notice" role="alert" data-testid="refusal">
    <p>${refusal.say(texts)}</p>
    <button type="button" class="rw-button" @click=${again}>${texts.tryAgain}</button>
  </div>`;
}
