/** The tools of two pictures that are compared: swap, move together, lay over each other, light. */

import { html, nothing } from "lit";
import type { Texts } from "../core/locale/texts.ts";
import { type Icon, icon } from "./icons.ts";
import type { PairLight } from "./pairlight.ts";

export interface PairState {
  readonly linked: boolean;
  readonly over: boolean;
  /** How much of the upper one is seen. */
  readonly opacity: number;
  readonly light: Pick<PairLight, "opened" | "changed" | "toggle">;
  readonly swap: () => void;
  readonly link: () => void;
  readonly overlay: () => void;
  readonly fade: (opacity: number) => void;
}

export function pairTools(texts: Texts, state: PairState) {
  const { comparing } = texts;
  const { linked, over } = state;
  return html`<div class="rw-beside-tools" role="group" aria-label=${comparing.tools}>
    ${button("swap", comparing.swap, "X", null, state.swap)}
    ${over ? nothing : button("link", comparing.link, "K", linked, state.link)}
    ${button("over", comparing.overlay, "O", over, state.overlay)}
    ${
      over
        ? html`<input
            type="range"
            min="0"
            max="1"
            step="0.05"
            .value=${String(state.opacity)}
            aria-label=${comparing.opacity}
            data-testid="beside-opacity"
            @input=${({ target }: Event) => state.fade(Number((target as HTMLInputElement).value))}
          />`
        : nothing
    }
    ${lightButton(texts, state.light)}
  </div>`;
}

function lightButton({ imaging }: Texts, { opened, changed, toggle }: PairState["light"]) {
  return html`<button
    type="button"
    class="rw-beside-tool rw-tool-image"
    data-testid="beside-light"
    aria-label=${changed ? imaging.titleChanged : imaging.title}
    aria-expanded=${String(opened)}
    aria-keyshortcuts="I"
    title="${imaging.title} (I)"
    ?data-changed=${changed}
    @click=${toggle}
  >
    ${icon("image")}
  </button>`;
}

function button(sign: Icon, name: string, key: string, pressed: boolean | null, act: () => void) {
  return html`<button
    type="button"
    class="rw-beside-tool"
    data-testid="beside-${sign}"
    aria-pressed=${pressed === null ? nothing : String(pressed)}
    aria-keyshortcuts=${key}
    title="${name} (${key})"
    @click=${act}
  >
    ${icon(sign)}<span>${name}</span>
  </button>`;
}
