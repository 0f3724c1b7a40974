/** A label in a list of those found: its pigment, what of it was typed, its other names and where it stands. */

import { html, nothing } from "lit";
import type { ConceptFound, ConceptRef } from "../core/contract.ts";
import { matchIn } from "../core/lexicon.ts";
import type { Texts } from "../core/locale/texts.ts";
import { icon } from "./icons.ts";
import type { Palette } from "./pigments.ts";

interface Option {
  readonly id: string;
  /** What was typed. */
  readonly asked: string;
  readonly texts: Texts;
  readonly palette: Palette | null;
  readonly chosen: boolean;
  readonly active: boolean;
  readonly recent: boolean;
  readonly choose: () => void;
}

export function conceptSwatch(palette: Palette | null, { id }: ConceptRef) {
  const pigment = palette?.of(id);
  return pigment ? html`<i class="rw-swatch rw-pigment-${pigment.name}"></i>` : nothing;
}

export function conceptOption(concept: ConceptFound, option: Option) {
  const { matched, label, path } = concept;
  const { texts } = option;
  return html`<li
    id=${option.id}
    role="option"
    class="rw-option"
    aria-selected=${String(option.chosen)}
    data-active=${String(option.active)}
    data-testid="concept-option"
    @pointerdown=${(event: Event) => event.preventDefault()}
    @click=${option.choose}
  >
    <span class="rw-option-label">${conceptSwatch(option.palette, concept)}<span>${marked(label, option.asked)}</span></span>
    ${matched && matched !== label ? html`<span class="rw-option-also">${texts.alsoCalled(matched)}</span>` : nothing}
    ${path?.length ? html`<span class="rw-option-path">${path.join(" › ")}</span>` : nothing}
    ${option.recent ? html`<span class="rw-option-path">${texts.recent}</span>` : nothing}
  </li>`;
}

function marked(label: string, asked: string) {
  const match = matchIn(label, asked);
  if (!match) return label;
  const [from, to] = match;
  return html`${label.slice(0, from)}<mark>${label.slice(from, to)}</mark>${label.slice(to)}`;
}

interface Chosen {
  readonly chosen: readonly ConceptRef[];
  readonly palette: Palette | null;
  readonly texts: Texts;
}

/** Chosen labels that are not among the nine, each with a way to take it back. */
export function chosenElsewhere(
  { chosen, palette, texts }: Chosen,
  quick: readonly ConceptRef[],
  choose: (concept: ConceptRef) => void,
) {
  const others = chosen.filter(({ id }) => !quick.some((concept) => concept.id === id));
  if (!others.length) return nothing;
  return html`<div class="rw-choices">
    ${others.map(
      (concept) => html`<button
        type="button"
        class="rw-choice"
        aria-pressed="true"
        aria-label=${texts.clearLabel(concept.label)}
        @click=${() => choose(concept)}
      >
        ${conceptSwatch(palette, concept)}<span>${concept.label}</span>${icon("cross")}
      </button>`,
    )}
  </div>`;
}
