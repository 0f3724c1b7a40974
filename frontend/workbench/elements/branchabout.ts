/** What is known of a label in the tree, with pictures of what has been decided to be one. */

import { html, nothing } from "lit";
import type { Branch } from "../api/assist.ts";
import type { Texts } from "../core/locale/texts.ts";

export function aboutBranch(branch: Branch, { assist }: Texts, choose: () => void) {
  const { label, path, scope_note, notation, children, examples } = branch;
  return html`${path?.length ? html`<p class="rw-option-path">${path.join(" › ")}</p>` : nothing}
    <h3>${label}</h3>
    ${notation ? html`<p class="rw-hint">${notation}</p>` : nothing}
    ${scope_note ? html`<p>${scope_note}</p>` : nothing}
    ${children ? html`<p class="rw-hint">${assist.narrower(children)}</p>` : nothing}
    ${
      examples.length
        ? html`<div class="rw-branch-examples" role="group" aria-label=${assist.examples(label)}>
            ${examples.map((address, index) => html`<img src=${address} alt="${assist.examples(label)} ${index + 1}" loading="lazy" />`)}
          </div>`
        : html`<p class="rw-hint">${assist.noExamples}</p>`
    }
    <button type="button" class="rw-button rw-button-primary" data-testid="branch-choose" @click=${choose}>
      ${assist.choose}
    </button>`;
}
