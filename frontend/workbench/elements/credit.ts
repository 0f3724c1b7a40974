/** Whose image this is: its title, its institution's required statement, its licence. */

import { html, nothing } from "lit";
import { type Canvas, textIn } from "../core/contract.ts";

export function credit({ label, manifest }: Canvas, lang: string) {
  const source = [textIn(label, lang), textIn(manifest?.label, lang)].filter(Boolean).join(" · ");
  const statement = textIn(manifest?.required_statement?.value, lang);
  const rights = manifest?.rights;
  if (!source && !statement && !rights) return nothing;
  return html`<p class="rw-credit" data-testid="credit">
    ${source}
    ${statement ? html`<br />${textIn(manifest?.required_statement?.label, lang)}: ${plain(statement)}` : nothing}
    ${rights && /^https?:/.test(rights) ? html` · <a href=${rights} rel="license">${rightsName(rights)}</a>` : nothing}
  </p>`;
}

/** A required statement may hold markup; its text is enough here. */
const plain = (markup: string): string =>
  new DOMParser().parseFromString(markup, "text/html").body.textContent ?? "";

function rightsName(address: string): string {
  const creative = /creativecommons\.org\/(?:licenses\/([a-z-]+)\/([\d.]+)|publicdomain\/(zero|mark))/.exec(
    address,
  );
  if (creative?.[1]) return `CC ${creative[1].toUpperCase()} ${creative[2]}`;
  if (creative?.[3]) return creative[3] === "zero" ? "CC0" : "Public Domain";
  return new URL(address).hostname;
}
