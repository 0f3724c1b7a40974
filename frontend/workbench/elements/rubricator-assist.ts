/** `<rubricator-assist>`: the help that there is for the picked box and for the image, as buttons. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Act, AssistState } from "./assisting.ts";
import { type Icon, icon } from "./icons.ts";
import { LightElement } from "./light.ts";

@customElement("rubricator-assist")
export class RubricatorAssist extends LightElement {
  @property({ attribute: false }) state: AssistState | null = null;
  @property({ attribute: false }) texts: Texts = en;
  /** A plain box is picked. */
  @property({ type: Boolean }) boxed = false;
  /** Boxes are what is drawn here. */
  @property({ type: Boolean }) boxes = false;
  /** Whether more like a box may be looked for. */
  @property({ type: Boolean }) similar = false;

  override render() {
    const { state, texts } = this;
    if (!state) return nothing;
    const { assist } = texts;
    const looking = state.busy === "similar";
    return html`<section class="rw-assist" aria-label=${assist.help} data-testid="assist">
      <div class="rw-assist-acts">
        ${
          this.boxes
            ? this.#button(
                "tighten",
                "tighten",
                assist.tighten,
                assist.tightenHint,
                "S",
                !this.boxed || state.busy === "ink",
              )
            : nothing
        }
        ${
          this.boxes && this.similar
            ? this.#button(
                "similar",
                "similar",
                assist.similar,
                assist.similarHint,
                "M",
                !this.boxed || looking,
              )
            : nothing
        }
        ${this.#button("copy", "copy", assist.copy, assist.copyHint, "C", false)}
      </div>
      ${
        this.boxes
          ? html`<label class="rw-assist-each"
              ><input
                type="checkbox"
                data-testid="tighten-each"
                .checked=${state.tightens}
                @change=${({ target }: Event) => this.tell("assist-tightens", { on: (target as HTMLInputElement).checked })}
              />
              ${assist.tightenEach}</label
            >`
          : nothing
      }
    </section>`;
  }

  #button(act: Act, sign: Icon, name: string, hint: string, key: string, off: boolean) {
    return html`<button
      type="button"
      class="rw-button rw-button-small"
      data-testid="assist-${act}"
      title="${hint} (${key})"
      aria-keyshortcuts=${key}
      aria-disabled=${String(off)}
      @click=${() => off || this.tell("assist", { act })}
    >
      ${icon(sign)}<span>${name}</span>
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-assist": RubricatorAssist;
  }
}
