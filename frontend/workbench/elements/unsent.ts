/** Between tasks only the fate of what was handed in is of interest, and the way back to it. */

import { html, nothing } from "lit";
import type { Texts } from "../core/locale/texts.ts";
import type { SessionState } from "../core/sessionstate.ts";
import { known } from "./known.ts";
import "./rubricator-status.ts";
import "./rubricator-trail.ts";

export function unsent(session: SessionState, texts: Texts, login: string, putAway: () => void) {
  if (!session.outbox.parcels.length && !session.backable && !session.feedback) return nothing;
  return html`<footer class="rw-foot rw-foot-alone">
    ${known(session.feedback, texts, putAway)}
    <rubricator-trail .steps=${session.trail} .texts=${texts} ?more=${session.backable}></rubricator-trail>
    <rubricator-status .session=${session} .texts=${texts} login-url=${login}></rubricator-status>
  </footer>`;
}
