/** The full-size page of a wall of crops: nothing is there yet, or something is in the way. */

import { html, nothing } from "lit";
import type { Texts } from "../core/locale/texts.ts";
import type { Trouble } from "../core/trouble.ts";
import { ornament } from "./notice.ts";
import { patience } from "./rubricator-patience.ts";

interface Means {
  readonly home: string;
  readonly login: string;
  readonly again: () => void;
}

export function sortNotice(texts: Texts, trouble: Trouble | null, { home, login, again }: Means) {
  const [title, sentence] = words(texts, trouble);
  return html`<div class="rw-notice" role="status" data-testid="notice">
    ${ornament}
    <h1>${title}</h1>
    <p>${sentence}</p>
    ${trouble?.kind === "server" ? patience(trouble.retryAfterS, texts, again) : nothing}
    <p class="rw-row">
      ${trouble?.kind === "signin" ? html`<a class="rw-button rw-button-primary" href=${login}>${texts.signIn}</a>` : nothing}
      ${trouble ? html`<button type="button" class="rw-button" @click=${again}>${texts.tryAgain}</button>` : nothing}
      <a class="rw-button" href=${home}>${texts.back}</a>
    </p>
  </div>`;
}

function words(texts: Texts, trouble: Trouble | null): readonly [title: string, sentence: string] {
  if (!trouble) return [texts.sorting.emptyAll, texts.sorting.emptyAllText];
  return {
    offline: [texts.troubleOffline, texts.troubleOfflineText],
    signin: [texts.troubleSignin, texts.troubleSigninText],
    refused: [texts.troubleRefused, trouble.detail],
    server: [texts.troubleServer, texts.troubleServerText],
  }[trouble.kind] as [string, string];
}
