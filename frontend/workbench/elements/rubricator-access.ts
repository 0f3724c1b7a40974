/** `<rubricator-access>`: what an institution asks before it shows an image, and the button that leads to its sign-in. */

import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { browser } from "../api/access.ts";
import { Doorkeeper, type Outcome } from "../core/access.ts";
import { type Canvas, type LanguageMap, textIn } from "../core/contract.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { LightElement } from "./light.ts";

/** One for the page: who has signed in for one image need not do so for the next. */
export const doorkeeper = new Doorkeeper(browser);

@customElement("rubricator-access")
export class RubricatorAccess extends LightElement {
  @property({ attribute: false }) canvas: Canvas | null = null;
  @property({ attribute: false }) outcome: Outcome | null = null;
  @property({ attribute: false }) texts: Texts = en;
  @property({ attribute: false }) keeper = doorkeeper;
  @state() private waiting = false;
  @state() private blocked = false;

  override render() {
    const { outcome, texts } = this;
    const ask = outcome?.ask;
    if (!ask) return nothing;
    const say = (text: LanguageMap | undefined) => plainText(textIn(text, texts.lang));
    const host = new URL(ask.url ?? ask.token).host;
    const [heading, note] = [say(ask.heading), say(ask.note)];
    const [refused, why] = [say(outcome.heading), say(outcome.note)];
    return html`<div class="rw-access" role="group" aria-label=${texts.protectedImage} data-testid="access">
      ${
        refused || why
          ? html`<div role="alert">${refused ? html`<p><strong>${refused}</strong></p>` : nothing}
              ${why ? html`<p>${why}</p>` : nothing}</div>`
          : nothing
      }
      <h2>${heading || texts.protectedImage}</h2>
      <p>${note || texts.protectedBy(host)}</p>
      <p>${say(ask.label)}</p>
      <p class="rw-row">
        <button
          type="button"
          class="rw-button rw-button-primary"
          ?disabled=${this.waiting}
          @click=${this.#enter}
        >
          ${say(ask.confirm) || texts.signInAt(host)}
        </button>
      </p>
      <p class="rw-hint" role="status">${
        this.blocked ? texts.windowBlocked : this.waiting ? texts.windowOpen(host) : texts.opensWindow(host)
      }</p>
    </div>`;
  }

  readonly #enter = async (): Promise<void> => {
    const { canvas, outcome } = this;
    if (!canvas || !outcome?.ask) return;
    this.blocked = false;
    this.waiting = true;
    try {
      this.tell("access-outcome", { canvas, outcome: await this.keeper.enter(canvas, outcome.ask) });
    } catch {
      this.blocked = true;
    } finally {
      this.waiting = false;
    }
  };
}

/** Version 1 allows markup in its texts; it is read here, never shown as such. */
function plainText(text: string): string {
  return text.includes("<")
    ? (new DOMParser().parseFromString(text, "text/html").body.textContent ?? "")
    : text;
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-access": RubricatorAccess;
  }
}
