/**
 * `<rubricator-patience seconds="5">`: says that what did not work is tried again by itself, and tells `patience-over`
 * every time it is time. A server that names a moment (`Retry-After`) is asked no earlier.
 */

import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { LightElement } from "./light.ts";

/** So long we wait for a server that names no moment. */
const UNASKED_S = 20;
/** A server in need is not pressed. */
const SHORTEST_S = 5;
/** Nobody sits before a page for longer; the button is there before. */
const LONGEST_S = 600;

@customElement("rubricator-patience")
export class RubricatorPatience extends LightElement {
  @property({ type: Number }) seconds: number | null = null;
  @property({ attribute: false }) texts: Texts = en;
  #timer: ReturnType<typeof setInterval> | undefined;

  get #wait(): number {
    return Math.min(Math.max(Math.ceil(this.seconds ?? UNASKED_S), SHORTEST_S), LONGEST_S);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => this.tell("patience-over", {}), this.#wait * 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render() {
    return html`<p data-testid="patience">${this.texts.patience(this.#wait)}</p>`;
  }
}

/** The element in a notice; `over` is done when it is time. */
export const patience = (seconds: number | null, texts: Texts, over: () => void) =>
  html`<rubricator-patience .seconds=${seconds} .texts=${texts} @patience-over=${over}></rubricator-patience>`;

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-patience": RubricatorPatience;
  }
}
