/** What stands beside the image that a volunteer works at. */

import { html } from "lit";
import type { ConceptRef } from "../core/contract.ts";
import type { Box } from "../core/geometry.ts";
import type { Lexicon } from "../core/lexicon.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { SessionState } from "../core/sessionstate.ts";
import type { Assisting, AssistState } from "./assisting.ts";
import type { Bunching } from "./bunching.ts";
import type { Layering } from "./layering.ts";
import type { Palette } from "./pigments.ts";
import "./rubricator-panel.ts";

interface WorkPage {
  readonly now: SessionState | null;
  readonly held: {
    readonly selected: string | null;
    readonly also: readonly string[];
    readonly label: ConceptRef | null;
  };
  readonly live: Box | null;
  readonly lexicon: Lexicon | null;
  readonly palette: Palette;
  readonly layering: Layering;
  readonly bunching: Bunching;
  readonly assisting: Assisting;
  readonly assist: AssistState | null;
  readonly texts: Texts;
  readonly preview: boolean;
  readonly example: string;
  readonly loginUrl: string;
  readonly guideUrl: string;
  readonly homeUrl: string;
  readonly api: string;
}

/** `session` is the step at hand. */
export const workPanel = (page: WorkPage, session: SessionState) => html`<rubricator-panel
  .session=${session}
  .whole=${page.now}
  .selected=${page.held.selected}
  .also=${page.held.also}
  ?gathers=${page.bunching.gathers}
  .label=${page.held.label}
  .live=${page.live}
  .lexicon=${page.lexicon}
  .palette=${page.palette}
  .layering=${{ signs: page.layering.signs, chosen: page.layering.chosen, veiled: page.layering.hidden }}
  .texts=${page.texts}
  .assisting=${page.assisting}
  .assist=${page.assist}
  ?preview=${page.preview}
  ?example=${page.example !== ""}
  login-url=${page.loginUrl}
  guide-url=${page.guideUrl}
  api=${page.api}
  home-url=${page.homeUrl}
></rubricator-panel>`;
