/** What all our elements share: they render into the page itself, and not before their language is there. */

import { LitElement } from "lit";
import { languageComes } from "../api/languages.ts";

// Asked for at once: the first element that speaks it would have to wait.
void languageComes(document.documentElement.lang);

export class LightElement extends LitElement {
  /** Tokens, ids and labels of the page hold inside. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override async scheduleUpdate(): Promise<void> {
    const coming = languageComes(this.lang);
    if (coming) await coming;
    super.scheduleUpdate();
  }

  /** Tells the parents: bubbles through every element above. */
  protected tell<T>(name: string, detail: T): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
