/** `<rubricator-kinds>`: whether boxes, outlines or points are drawn; tells `kind-chosen`. */

import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { ShapeKind } from "../core/outline.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";

export const KINDS = [
  ["box", "draw", "B"],
  ["polygon", "outline", "U"],
  ["point", "point", "P"],
] as const;

@customElement("rubricator-kinds")
export class RubricatorKinds extends LightElement {
  @property({ attribute: false }) kind: ShapeKind = "box";
  @property({ attribute: false }) texts: Texts = en;

  override render() {
    const words = this.texts.scriptorium;
    return html`<div class="rw-kinds" role="group" aria-label=${words.kinds}>
      ${KINDS.map(
        ([kind, sign, key]) => html`<button
          type="button"
          class="rw-tool"
          data-testid="kind-${kind}"
          aria-pressed=${String(kind === this.kind)}
          aria-keyshortcuts=${key.toLowerCase()}
          title="${words.kind[kind]} (${key})"
          @click=${() => this.tell("kind-chosen", { kind })}
        >
          ${icon(sign)}<span>${words.kind[kind]}</span>
        </button>`,
      )}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-kinds": RubricatorKinds;
  }
}
