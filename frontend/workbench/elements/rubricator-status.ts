/** `<rubricator-status>`: one line that always says where the work is: kept, on its way, handed in, or held up and why. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { subjectOf } from "../core/outbox.ts";
import type { SessionState } from "../core/sessionstate.ts";
import { elsewhere } from "./elsewhere.ts";
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
    const { sentence, tone, quiet } = statusOf(session, texts);
    const all = session.outbox.parcels.filter((parcel) => parcel.refused !== null);
    const refused = all.filter((parcel) => !parcel.present);
    // Of several changes to one answer the last says what is meant.
    const disputed = new Map(all.flatMap((one) => (one.present ? [[subjectOf(one), one] as const] : [])));
    return html`<p class="rw-status" role="status" aria-live=${quiet ? "off" : "polite"} data-tone=${tone} data-testid="status">
        <i class="rw-status-dot" aria-hidden="true"></i><span>${sentence}</span>
        ${
          session.outbox.because === "signin" && this.loginUrl
            ? html`<a href=${this.loginUrl} target="_blank" rel="opener">${texts.signIn}</a>`
            : nothing
        }
      </p>
      ${elsewhere(session, texts, (name) => this.tell(name, {}))}
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

interface Said {
  readonly sentence: string;
  readonly tone: Tone;
  /** It changes with every stroke: to be read, not heard. */
  readonly quiet?: boolean;
}

/** What the line says. Pure, so that every state can be tested. */
export function statusOf(session: SessionState, texts: Texts): Said {
  const { outbox, handedIn, revisit } = session;
  const waiting = outbox.parcels.filter((parcel) => parcel.refused === null).length;
  if (waiting && outbox.because === "offline") return { sentence: texts.keptOffline(waiting), tone: "held" };
  if (waiting && outbox.because === "signin") return { sentence: texts.keptSignin(waiting), tone: "held" };
  if (waiting && outbox.because) return { sentence: texts.keptServer(waiting), tone: "held" };
  if (waiting) return { sentence: texts.sending(waiting), tone: "busy" };
  const draft = draftOf(session, texts);
  if (draft) return draft;
  return handedIn && !revisit ? { sentence: texts.handedIn, tone: "done" } : { sentence: "", tone: "calm" };
}

/** Where the unfinished answer stands; null when there is none. */
function draftOf({ keeping, there, thereBecause, history, hand }: SessionState, texts: Texts): Said | null {
  if (keeping === "not-kept") {
    if (there === "saved") return { sentence: texts.draft.onlyThere, tone: "held" };
    return { sentence: texts.notKept, tone: "held" };
  }
  if (keeping === "keeping") return { sentence: texts.keeping, tone: "busy", quiet: true };
  if (!history.past.length && !hand.sketch.length) return null;
  if (there === "waiting") return { sentence: texts.draft.waiting[thereBecause ?? "server"], tone: "held" };
  if (there === "saving") return { sentence: texts.draft.saving, tone: "busy", quiet: true };
  return { sentence: there === "saved" ? texts.draft.saved : texts.saved, tone: "done", quiet: true };
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-status": RubricatorStatus;
  }
}
