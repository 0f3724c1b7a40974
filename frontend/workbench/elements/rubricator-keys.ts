/** `<rubricator-keys>`: the dialog that lists keys and gestures; `show()` opens it. */

import { html } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";

@customElement("rubricator-keys")
export class RubricatorKeys extends LightElement {
  @property({ attribute: false }) texts: Texts = en;
  @property({ attribute: false }) map: Texts["keyMap"] | null = null;
  /** What is the same on every map. */
  @property({ attribute: false }) more: Texts["keyMap"] = [];
  @query("dialog") private dialog!: HTMLDialogElement;

  show(): void {
    if (!this.dialog.open) this.dialog.showModal();
  }

  override render() {
    const { texts } = this;
    return html`<dialog class="rw-dialog" aria-labelledby="rw-keys-title" data-testid="keys" @click=${this.#outside}>
      <div class="rw-dialog-body">
        <header>
          <h2 id="rw-keys-title">${texts.keys}</h2>
          <button type="button" class="rw-tool" aria-label=${texts.close} @click=${() => this.dialog.close()}>
            ${icon("cross")}
          </button>
        </header>
        <div class="rw-keymap">
          ${[...(this.map ?? texts.keyMap), ...this.more].map(
            ([title, rows]) => html`<section>
              <h3>${title}</h3>
              <dl>
                ${rows.map(
                  ([keys, means]) => html`<div>
                    <dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt>
                    <dd>${means}</dd>
                  </div>`,
                )}
              </dl>
            </section>`,
          )}
        </div>
      </div>
    </dialog>`;
  }

  readonly #outside = (event: MouseEvent): void => {
    if (event.target === this.dialog) this.dialog.close();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-keys": RubricatorKeys;
  }
}
