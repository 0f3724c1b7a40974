/** The quiet full-size page of a review: there is nothing left, or something is in the way. */

import { html, nothing } from "lit";
import type { ReviewTask } from "../core/contract.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Trouble } from "../core/trouble.ts";
import { ornament } from "./notice.ts";
import { patience } from "./rubricator-patience.ts";

interface Means {
  readonly home: string;
  readonly login: string;
  readonly again: () => void;
  /** Missing where nothing was decided yet. */
  readonly takeBack?: (() => void) | undefined;
}

export function reviewNotice(texts: Texts, review: ReviewTask | null, trouble: Trouble | null, means: Means) {
  const titles = {
    offline: texts.troubleOffline,
    signin: texts.troubleSignin,
    server: texts.troubleServer,
    refused: texts.troubleRefused,
  };
  const sentences = {
    offline: texts.troubleOfflineText,
    signin: texts.troubleSigninText,
    server: texts.troubleServerText,
    refused: trouble?.detail,
  };
  return html`<div class="rw-notice" role="status" data-testid="notice">
    ${ornament}
    <h1>${trouble ? titles[trouble.kind] : texts.reviewEmpty}</h1>
    <p data-testid="notice-text">${trouble ? sentences[trouble.kind] : nothingLeft(texts, review)}</p>
    ${trouble?.kind === "server" ? patience(trouble.retryAfterS, texts, means.again) : nothing}
    <p class="rw-row">
      ${trouble?.kind === "signin" && means.login ? html`<a class="rw-button rw-button-primary" href=${means.login}>${texts.signIn}</a>` : nothing}
      ${
        trouble
          ? html`<button type="button" class="rw-button" @click=${means.again}>${texts.tryAgain}</button>`
          : nothing
      }
      ${!trouble && means.takeBack ? takeBack(texts, "", means.takeBack) : nothing}
      ${means.home ? html`<a class="rw-button" href=${means.home}>${texts.back}</a>` : nothing}
    </p>
  </div>`;
}

export const takeBack = (texts: Texts, width: string, act: () => void) => html`<button
  type="button"
  class="rw-button ${width}"
  data-testid="take-back"
  @click=${act}
>
  ${texts.takeBack} <kbd aria-hidden="true">U</kbd>
</button>`;

function nothingLeft(texts: Texts, review: ReviewTask | null): string {
  const { own, second } = review ?? {};
  const said = [second && texts.reviewSecondText(second), own && texts.reviewOwnText(own)].filter(Boolean);
  return said.join(" ") || texts.reviewEmptyText;
}
