/** `<rubricator-trail>`: the last images handed in, as a strip to go back along. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { textIn } from "../core/contract.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Step } from "../core/trail.ts";
import type { Trouble } from "../core/trouble.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";

@customElement("rubricator-trail")
export class RubricatorTrail extends LightElement {
  @property({ attribute: false }) steps: readonly Step[] = [];
  /** The one that is taken up right now. */
  @property({ attribute: false }) shown: string | null = null;
  /** Why the last one that was asked for could not be taken up. */
  @property({ attribute: false }) trouble: Trouble | null = null;
  /** Whether the server may know of some. */
  @property({ type: Boolean }) more = false;
  @property({ attribute: false }) texts: Texts = en;

  override render() {
    const { steps, texts, trouble } = this;
    if (!steps.length && !this.more) return nothing;
    return html`${
      trouble
        ? html`<p class="rw-obstacle" role="alert">
            ${texts.cannotGoBack} ${trouble.kind === "refused" ? trouble.detail : nothing}
          </p>`
        : nothing
    }
      <details class="rw-trail" data-testid="trail" ?open=${this.shown !== null} @toggle=${this.#toggled}>
        <summary>${texts.trail}${icon("chevron")}</summary>
        <ol>
          ${steps.map((step, index) => this.#step(step, index))}
        </ol>
      </details>`;
  }

  #step({ contribution, crop, label, at }: Step, index: number) {
    const { texts } = this;
    const name = texts.trailNamed(index + 1, textIn(label, texts.lang), texts.moment(at));
    return html`<li>
      <button
        type="button"
        data-testid="trail-step"
        aria-label=${name}
        title=${name}
        aria-current=${contribution === this.shown ? "true" : nothing}
        @click=${() => this.tell("trail-go", { contribution })}
      >
        ${crop ? html`<img src=${crop} alt="" loading="lazy" @error=${hide} />` : nothing}
        <span aria-hidden="true">${index + 1}</span>
      </button>
    </li>`;
  }

  readonly #toggled = ({ currentTarget }: Event): void => {
    if ((currentTarget as HTMLDetailsElement).open) this.tell("trail-open", {});
  };
}

/** Behind a login there may be no picture: the number stays. */
function hide({ currentTarget }: Event): void {
  (currentTarget as HTMLElement).hidden = true;
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-trail": RubricatorTrail;
  }
}
