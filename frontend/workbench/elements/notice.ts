/** The quiet full-size pages of the workbench: loading, thanks, not open, nothing left, and what went wrong. */

import { html, nothing, type TemplateResult } from "lit";
import type { Texts } from "../core/locale/texts.ts";
import type { Phase, SessionState } from "../core/sessionstate.ts";
import { patience } from "./rubricator-patience.ts";

export interface NoticeLinks {
  readonly home: string;
  readonly login: string;
  readonly retry: () => void;
}

/** The page for a phase, or null while there is work to show. */
export function notice(session: SessionState, texts: Texts, links: NoticeLinks): TemplateResult | null {
  const said = wordsFor(session, texts);
  if (!said) return null;
  const { title, text, action } = said;
  return html`<div class="rw-notice" role="status" data-testid="notice" data-phase=${session.phase}>
    ${session.phase === "loading" ? html`<div class="rw-stage-wait" aria-hidden="true"></div>` : ornament}
    ${session.phase === "loading" ? html`<p>${title}</p>` : html`<h1>${title}</h1>`}
    ${text ? html`<p>${text}</p>` : nothing}
    ${said.waits === undefined ? nothing : patience(said.waits, texts, links.retry)}
    <p class="rw-row">
      ${
        action === "signin" && links.login
          ? html`<a class="rw-button rw-button-primary" href=${links.login}>${texts.signIn}</a>`
          : nothing
      }
      ${
        action === "retry" || action === "signin"
          ? html`<button type="button" class="rw-button" @click=${links.retry}>${texts.tryAgain}</button>`
          : nothing
      }
      ${links.home && session.phase !== "loading" ? html`<a class="rw-button" href=${links.home}>${texts.back}</a>` : nothing}
    </p>
  </div>`;
}

interface Words {
  readonly title: string;
  readonly text: string;
  readonly action?: "retry" | "signin";
  /** It is tried again by itself: after so many seconds, or when we think fit. */
  readonly waits?: number | null;
}

function wordsFor(session: SessionState, texts: Texts): Words | null {
  const mine = Math.max(session.progress?.mine ?? 0, session.handedIn);
  const words: Record<Exclude<Phase, "working">, () => Words> = {
    loading: () => ({ title: texts.loading, text: "" }),
    "nothing-left": () =>
      mine
        ? { title: texts.thanks, text: texts.thanksText(mine) }
        : { title: texts.nothingLeft, text: texts.nothingLeftText },
    "not-open": () => ({ title: texts.notOpen, text: texts.notOpenText[session.campaign?.status ?? "open"] }),
    "all-leased": () => ({ title: texts.allLeased, text: texts.allLeasedText, action: "retry" }),
    "not-qualified": () => ({
      title: texts.notQualified,
      text: session.mayRetry ? texts.notQualifiedTomorrow : texts.notQualifiedText,
    }),
    trouble: () => troubleWords(session, texts),
  };
  return session.phase === "working" ? null : words[session.phase]();
}

function troubleWords({ trouble }: SessionState, texts: Texts): Words {
  switch (trouble?.kind) {
    case "offline":
      return { title: texts.troubleOffline, text: texts.troubleOfflineText, action: "retry" };
    case "signin":
      return { title: texts.troubleSignin, text: texts.troubleSigninText, action: "signin" };
    case "refused":
      return { title: texts.troubleRefused, text: trouble.detail, action: "retry" };
    default:
      return {
        title: texts.troubleServer,
        text: texts.troubleServerText,
        action: "retry",
        waits: trouble?.retryAfterS ?? null,
      };
  }
}

/** A pen-flourish, as a rubricator would end a chapter. */
export const ornament = html`<svg class="rw-ornament" viewBox="0 0 120 28" width="120" height="28" aria-hidden="true">
  <path
    d="M4 14c14-14 30 10 44 0 5-4 3-9-1-8s-4 8 3 10c12 3 20-12 34-6 8 3 10 10 5 12s-8-4-3-8c8-6 22-4 30 0"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
  />
</svg>`;
