/** What the volunteer looks at: the image with all that is drawn on it, or two images beside each other. */

import { html } from "lit";
import type { Box } from "../core/geometry.ts";
import { surroundings } from "../core/judging.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { SessionState } from "../core/sessionstate.ts";
import type { Tool } from "../viewer/gestures.ts";
import type { Held } from "./answering.ts";
import type { Bunching } from "./bunching.ts";
import type { Layering } from "./layering.ts";
import { pairOf } from "./pair.ts";
import type { Palette } from "./pigments.ts";
import "./rubricator-beside.ts";
import "./rubricator-stage.ts";
import { around, context, painted, resting } from "./scene.ts";
import { CONTEXT, SUGGESTIONS, shownThrough } from "./shown-through.ts";
import type { Stepping } from "./stepping.ts";

interface Surface {
  readonly api: string;
  readonly lang: string;
  readonly texts: Texts;
  readonly held: Held;
  readonly tool: Tool;
  readonly palette: Palette;
  readonly layering: Layering;
  readonly bunching: Bunching;
  readonly stepping: Stepping;
}

/** `session` is the step at hand, `whole` of a sequence all of it. */
export function worksurface(page: Surface, session: SessionState, whole: SessionState) {
  const { task } = session.assignment ?? {};
  const pairs = session.campaign?.question.pairs && (!task || task.beside);
  return pairs ? pair(page, session) : image(page, session, whole);
}

function image(page: Surface, session: SessionState, whole: SessionState) {
  const { texts, palette, held } = page;
  const { draws = true, judges = false, shapes = "box" } = session.campaign?.question ?? {};
  const { canvas = null, region = null } = session.assignment?.task ?? {};
  const inView: Box | null =
    judges && canvas && region ? surroundings(region, [canvas.width, canvas.height]) : region;
  const all = [...context(session), ...resting(whole, palette), ...painted(session, palette)];
  return html`<rubricator-stage
    .canvas=${canvas}
    .region=${inView}
    .around=${around(session)}
    .ahead=${session.next?.task.canvas ?? null}
    .shapes=${shownThrough(all, [CONTEXT, SUGGESTIONS], page.layering, { picked: held.selected })}
    .selected=${held.selected}
    .also=${judges ? null : held.also}
    ?gathers=${page.bunching.gathers}
    .tool=${draws && !judges ? page.tool : "move"}
    .texts=${texts}
    .name=${texts.image}
    .memory=${page.api}
    .draws=${shapes}
    ?readonly=${!draws || Boolean(session.revisit?.whyNot)}
    ?confirms=${page.stepping.confirms}
  ></rubricator-stage>`;
}

function pair(page: Surface, { assignment, history, next }: SessionState) {
  const [first, second] = pairOf(assignment?.task, history.present.left) ?? [null, null];
  return html`<rubricator-beside
    .first=${first}
    .second=${second}
    .ahead=${pairOf(next?.task)}
    .memory=${page.api}
    lang=${page.lang}
  ></rubricator-beside>`;
}
