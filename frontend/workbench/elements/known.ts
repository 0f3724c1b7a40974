/** What was known about the picture that was just handed in: a sentence, the labels, the places. */

import { html, nothing } from "lit";
import type { Feedback } from "../core/contract.ts";
import type { Texts } from "../core/locale/texts.ts";
import { icon } from "./icons.ts";
import { labelOf } from "./rubricator-shapes.ts";

const MOST_SHOWN = 3;

export function known(feedback: Feedback | null, texts: Texts, putAway: () => void) {
  if (!feedback) return nothing;
  const { sentence, shapes, concepts, nothing_here } = feedback;
  const places = shapes.length ? shapes.slice(0, MOST_SHOWN) : [{ crop: feedback.crop, concepts }];
  const more = shapes.length - places.length;
  const [text] = feedback.texts ?? [];
  const written = text && texts.writing.quoted(text.value);
  return html`<section class="rw-known" role="status" aria-label=${texts.known} data-testid="known">
    <div class="rw-section-head">
      <p>${sentence}</p>
      <button type="button" class="rw-button rw-button-small" aria-label=${texts.putAway} @click=${putAway}>
        ${icon("cross")}
      </button>
    </div>
    <ul>
      ${places.map(
        (place) => html`<li>
          <img src=${place.crop} alt="" loading="lazy" />
          ${feedback.beside ? html`<img src=${feedback.beside} alt="" loading="lazy" />` : nothing}
          <span>${nothing_here ? texts.nothingHere : (written ?? labelOf(texts, place.concepts))}</span>
        </li>`,
      )}
      ${more > 0 ? html`<li>${texts.knownMore(more)}</li>` : nothing}
    </ul>
  </section>`;
}
