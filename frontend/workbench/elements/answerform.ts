/** What stands between the question and the comment: the form of an answer, shaped by what is asked. */

import { html } from "lit";
import type { Branch } from "../api/assist.ts";
import type { Campaign, Certainty, ConceptRef } from "../core/contract.ts";
import type { Answer, Shape } from "../core/draft.ts";
import type { Box, Size } from "../core/geometry.ts";
import { judged, shownIn } from "../core/judging.ts";
import type { Lexicon } from "../core/lexicon.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { SessionState } from "../core/sessionstate.ts";
import { picked } from "../core/several.ts";
import { textOf } from "../core/writing.ts";
import type { AssistState } from "./assisting.ts";
import { certainty } from "./certainty.ts";
import type { Palette } from "./pigments.ts";
import "./rubricator-assist.ts";
import "./rubricator-label.ts";
import { labelOf, placeSentence } from "./rubricator-shapes.ts";
import "./rubricator-several.ts";
import "./rubricator-suggestions.ts";
import "./rubricator-text.ts";
import "./rubricator-way.ts";
import { lettersOf, suggestions } from "./scene.ts";

/** What of the panel it shows. */
export interface Sheet {
  readonly session: SessionState | null;
  readonly texts: Texts;
  readonly selected: string | null;
  readonly also: readonly string[];
  readonly gathers: boolean;
  readonly label: ConceptRef | null;
  readonly live: Box | null;
  readonly lexicon: Lexicon | null;
  readonly palette: Palette;
  readonly assist: AssistState | null;
  /** From how sure a model must be its suggestions are shown. */
  readonly least: number;
  readonly preview: boolean;
  /** The labels above a label. */
  readonly wayTo: (concept: string) => Promise<readonly Branch[]>;
  sure(certainty: Certainty | null): void;
}

export function answerForm(sheet: Sheet, question: Campaign["question"], answer: Answer) {
  if (question.judges) return judging(sheet, answer);
  if (question.writes) return writing(sheet, question, answer);
  return question.draws ? locating(sheet, answer) : choosing(sheet, question, answer);
}

const sizeOf = ({ session }: Sheet): Size => {
  const canvas = session?.assignment?.task.canvas;
  return canvas ? [canvas.width, canvas.height] : [1, 1];
};

function locating(sheet: Sheet, answer: Answer) {
  const { texts, session } = sheet;
  const { many = false, required_label = false } = session?.campaign?.question ?? {};
  const index = answer.shapes.findIndex(({ id }) => id === sheet.selected);
  const boxes = (session?.campaign?.question.shapes ?? "box") === "box";
  const several = picked(answer, sheet.selected ? [...sheet.also, sheet.selected] : []);
  return html`${several.length > 1 ? severalCard(sheet, several, many) : singleCard(sheet, answer, index, many)}
    <rubricator-assist
      .texts=${texts}
      .state=${sheet.assist}
      ?boxes=${boxes}
      ?boxed=${boxes && index >= 0 && several.length < 2}
      ?similar=${!sheet.preview && (session?.assignment?.finds_similar ?? false)}
    ></rubricator-assist>
    <rubricator-suggestions
      .texts=${texts}
      .canvas=${sizeOf(sheet)}
      .image=${session?.assignment?.task.canvas ?? null}
      .predictions=${session ? suggestions(session) : []}
      .least=${sheet.least}
      .selected=${sheet.selected}
    ></rubricator-suggestions>
    <rubricator-shapes
      .texts=${texts}
      .canvas=${sizeOf(sheet)}
      .shapes=${answer.shapes}
      .selected=${sheet.selected}
      .also=${sheet.also}
      ?gathers=${sheet.gathers}
      ?readonly=${Boolean(session?.revisit?.whyNot)}
      .palette=${sheet.palette}
      ?demanding=${required_label}
    ></rubricator-shapes>`;
}

function singleCard(sheet: Sheet, answer: Answer, index: number, many: boolean) {
  const shape = answer.shapes[index] ?? null;
  return html`<rubricator-label
    .texts=${sheet.texts}
    .shape=${shape}
    .number=${index + 1}
    .next=${sheet.label}
    .lexicon=${sheet.lexicon}
    .palette=${sheet.palette}
    .canvas=${sizeOf(sheet)}
    .live=${sheet.live}
    .wayTo=${sheet.wayTo}
    ?many=${many}
    ?certain=${sheet.session?.campaign?.question.certainty ?? false}
    ?copies=${shape !== null && !sheet.session?.revisit?.whyNot}
  ></rubricator-label>`;
}

function severalCard(sheet: Sheet, shapes: readonly Shape[], many: boolean) {
  return html`<rubricator-several
    .texts=${sheet.texts}
    .shapes=${shapes}
    .lexicon=${sheet.lexicon}
    .palette=${sheet.palette}
    ?many=${many}
  ></rubricator-several>`;
}

/** What is shown, in words; while it is corrected, its label and place. */
function judging(sheet: Sheet, answer: Answer) {
  const { texts, session } = sheet;
  const shown = shownIn(session?.campaign ?? null, session?.assignment ?? null);
  if (!shown?.box) return html``;
  const { id, box, confidence } = shown;
  const shape = {
    ...(answer.shapes[0] ?? { ...shown, box, origin: "edited", prediction: id }),
    id,
  } as const;
  if (sheet.selected !== null) {
    return html`<rubricator-label
        .texts=${texts}
        .shape=${shape}
        .number=${1}
        heading=${texts.judging.otherLabel}
        .lexicon=${sheet.lexicon}
        .palette=${sheet.palette}
        .canvas=${sizeOf(sheet)}
        .live=${sheet.live}
        ?many=${session?.campaign?.question.many ?? false}
      ></rubricator-label>
      <p class="rw-hint">${texts.judging.correctHint}</p>`;
  }
  const sure = confidence === null ? "" : texts.sure(confidence);
  return html`<section class="rw-section rw-shown" aria-label=${texts.judging.shown} data-testid="shown">
    <h2 class="rw-section-title">${texts.judging.shown}</h2>
    <p class="rw-shown-label">${labelOf(texts, shape.concepts)}</p>
    <p class="rw-hint">${[sure, placeSentence(texts, shape, sizeOf(sheet))].filter(Boolean).join(" · ")}</p>
    <p class="rw-hint" role="status">${texts.judging.said[judged(answer)]}</p>
  </section>`;
}

function writing(sheet: Sheet, question: Campaign["question"], answer: Answer) {
  return html`<rubricator-text
    .question=${question}
    .text=${textOf(answer)}
    .texts=${sheet.texts}
    ?fixed=${Boolean(sheet.session?.revisit?.whyNot)}
  ></rubricator-text>`;
}

function choosing(sheet: Sheet, { many, answers, certainty: asked }: Campaign["question"], answer: Answer) {
  const { texts } = sheet;
  const name = many ? texts.chooseMany : texts.chooseOne;
  return html`<section class="rw-section" aria-label=${name}>
    <h2 class="rw-section-title">${name}</h2>
    <rubricator-concepts
      class="rw-big-choices ${answers.length ? "rw-few-choices" : ""}"
      .lexicon=${sheet.lexicon}
      .chosen=${answer.concepts}
      .many=${many}
      .texts=${texts}
      .name=${name}
      .letters=${lettersOf(answers, texts.lang)}
    ></rubricator-concepts>
    ${
      sheet.lexicon && !answers.length
        ? html`<rubricator-way
            .concept=${answer.concepts.at(-1) ?? null}
            .wayTo=${sheet.wayTo}
            .texts=${texts}
          ></rubricator-way>`
        : null
    }
    ${asked && answer.concepts.length ? certainty(answer.certainty, texts, (now) => sheet.sure(now)) : null}
  </section>`;
}
