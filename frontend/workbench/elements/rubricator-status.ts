/** `<rubricator-status>`: one line that always says where the work is: kept, on its way, handed in, or held up and why. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { en } from "../core/locale/en.ts";
import type { Texts } from "../core/locale/texts.ts";
import { subjectOf } from "../core/outbox.ts";
import type { SessionState } from "../core/session.ts";
import { LightElement } from "./light.ts";
import "./rubricator-choice.ts";

@customElement("rubricator-status")
export class RubricatorStatus extends LightElement {
  @property({ attribute: false }) session: SessionState | null = null;
  @property({ attribute: false }) texts: Texts = en;
  @property({ attribute: "login-url" }) loginUrl = "";

  override render() {
    const { session, texts } = this;
    if (!session) return nothing;
    const { sentence, tone } = statusOf(session, texts);
    const all = session.outbox.parcels.filter((parcel) => parcel.refused !== null);
    const refused = all.filter((parcel) => !parcel.present);
    // Of several changes to one answer the last says what is meant.
    const disputed = new Map(all.flatMap((one) => (one.present ? [[subjectOf(one), one] as const] : [])));
    return html`<p class="rw-status" role="status" data-tone=${tone} data-testid="status">
        <i class="rw-status-dot" aria-hidden="true"></i><span>${sentence}</span>
        ${
          session.outbox.because === "signin" && this.loginUrl
            ? html`<a href=${this.loginUrl} target="_blank" rel="opener">${texts.signIn}</a>`
            : nothing
        }
      </p>
      ${
        refused.length
          ? html`<div class="rw-refused" role="alert" data-testid="refused">
              <p>${texts.keptRefused(refused.length)}</p>
              <ul>
                ${[...new Set(refused.map((parcel) => parcel.refused))].map((reason) => html`<li>${reason}</li>`)}
              </ul>
              <p class="rw-row">
                <button type="button" class="rw-button rw-button-small" @click=${() => this.tell("status-retry", {})}>
                  ${texts.tryAgain}
                </button>
                <button type="button" class="rw-button rw-button-small" @click=${() => this.tell("status-discard", {})}>
                  ${texts.discard}
                </button>
              </p>
            </div>`
          : nothing
      }
      ${[...disputed.values()].map(
        (parcel) => html`<rubricator-choice .parcel=${parcel} .texts=${texts}></rubricator-choice>`,
      )}`;
  }
}

export type Tone = "calm" | "busy" | "done" | "held";

/** What the line says. Pure, so that every state can be tested. */
export function statusOf(session: SessionState, texts: Texts): { sentence: string; tone: Tone } {
  const { outbox, keeping, history, handedIn, revisit } = session;
  const waiting = outbox.parcels.filter((parcel) => parcel.refused === null).length;
  if (waiting && outbox.because === "offline") return { sentence: texts.keptOffline(waiting), tone: "held" };
  if (waiting && outbox.because === "signin") return { sentence: texts.keptSignin(waiting), tone: "held" };
  if (waiting && outbox.because) return { sentence: texts.keptServer(waiting), tone: "held" };
  if (waiting) return { sentence: texts.sending(waiting), tone: "busy" };
  if (keeping === "not-kept") return { sentence: texts.notKept, tone: "held" };
  if (keeping === "keeping") return { sentence: texts.keeping, tone: "busy" };
  if (history.past.length) return { sentence: texts.saved, tone: "done" };
  return handedIn && !revisit ? { sentence: texts.handedIn, tone: "done" } : { sentence: "", tone: "calm" };
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-status": RubricatorStatus;
  }
}
