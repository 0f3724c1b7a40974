/** What of a sitting is painted on the image: the boxes drawn, and the suggestions still open. */

import type { Campaign, ConceptRef, Prediction } from "../core/contract.ts";
import { type Answer, openPredictions } from "../core/draft.ts";
import type { Box } from "../core/geometry.ts";
import { judged, shownIn } from "../core/judging.ts";
import { reaches } from "../core/layers.ts";
import type { Lexicon } from "../core/lexicon.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Place } from "../core/outline.ts";
import { current, isAsked, partOf, stepsOf } from "../core/sequence.ts";
import type { SessionState } from "../core/sessionstate.ts";
import type { StageShape } from "../viewer/stage.ts";
import { BONE, type Palette, VERMILION } from "./pigments.ts";

type Suggestion = Prediction & { readonly box: Box };

/** Suggestions that can be shown and have been neither accepted nor refused; of a model that is at least so sure. */
export function suggestions({ assignment, campaign, history }: SessionState, least = 0): Suggestion[] {
  if (!assignment || !campaign?.question.draws || campaign.question.judges) return [];
  return openPredictions(history.present, assignment.predictions).filter(
    (prediction): prediction is Suggestion =>
      prediction.box !== null && reaches(prediction.confidence, least),
  );
}

export function painted(session: SessionState, palette: Palette, least = 0): StageShape[] {
  const shown = shownIn(session.campaign, session.assignment);
  if (shown) {
    const locked = !session.campaign?.question.may_correct || Boolean(session.revisit?.whyNot);
    return judgedShape(session.history.present, shown, palette, { locked });
  }
  const drawn = session.history.present.shapes.map((shape, index) => paint(shape, `${index + 1}`, palette));
  const suggested = suggestions(session, least).map((prediction) => ({
    ...paint(prediction, "?", palette),
    line: "dashed" as const,
    locked: true,
  }));
  return [...suggested, ...drawn];
}

/** What else is asked about on the canvas: it tells where one is, and can be neither picked nor changed. */
export function context({ assignment }: SessionState): StageShape[] {
  return (assignment?.neighbours ?? []).map((box, index) => ({
    id: `neighbour-${index}`,
    box,
    colour: BONE.colour,
    label: "",
    line: "dotted" as const,
    faint: true,
    locked: true,
  }));
}

/** What was drawn in other steps of a sequence: it stays in sight and rests. */
export function resting({ campaign, history }: SessionState, palette: Palette): StageShape[] {
  const steps = stepsOf(campaign);
  const at = current(steps, history.present);
  const others = steps.filter(({ name }) => name !== at && isAsked(steps, history.present, name));
  return others.flatMap(({ name }) =>
    partOf(history.present, name).shapes.map((shape) => ({
      ...paint(shape, "", palette),
      id: `resting-${shape.id}`,
      faint: true,
      locked: true,
    })),
  );
}

/** What is judged, as it stands: it keeps its name on the stage however the answer's shape is called. */
export function judgedShape(
  answer: Answer,
  shown: Prediction,
  palette: Palette,
  { locked }: { readonly locked: boolean },
): StageShape[] {
  const [shape] = answer.shapes;
  const { box, concepts } = shape ?? shown;
  if (!box) return [];
  const said = judged(answer);
  const sign = { open: "?", accepted: "✓", edited: "✎", rejected: "✕" }[said];
  const line = said === "rejected" ? ({ line: "dashed" } as const) : {};
  const isLocked = locked || said === "rejected";
  return [{ ...paint({ id: shown.id, box, concepts }, sign, palette), ...line, locked: isLocked }];
}

/** Where other regions stand about the one in question: that one with half its size on every side, within the canvas. */
export function around({ assignment }: SessionState): Box | null {
  const { region, canvas } = assignment?.task ?? {};
  if (!region || !canvas || !assignment?.neighbours?.length) return null;
  const [x, y, w, h] = region;
  const [left, top] = [Math.max(0, x - w / 2), Math.max(0, y - h / 2)];
  const [right, bottom] = [Math.min(canvas.width, x + 1.5 * w), Math.min(canvas.height, y + 1.5 * h)];
  return [left, top, right - left, bottom - top];
}

function paint(
  { id, box, points, concepts }: Place & { id: string; concepts: readonly ConceptRef[] },
  sign: string,
  palette: Palette,
): StageShape {
  const [first] = concepts;
  const { colour } = first ? palette.of(first.id) : VERMILION;
  return { id, box, points, colour, label: first ? `${sign} ${first.label}` : sign };
}

/** The letters of a question's own answers in a language, by concept: “y” for yes, in French “o”. */
export function lettersOf(answers: Campaign["question"]["answers"], lang: string): Record<string, string> {
  const pairs = answers.map(({ concept, letters }) => [concept, letters[lang] ?? letters.en] as const);
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => Boolean(pair[1])));
}

/** What each letter does: it chooses one of the labels at hand. */
export function choosing(
  { quick }: Pick<Lexicon, "quick">,
  letters: Readonly<Record<string, string>>,
  choose: (index: number) => void,
): Record<string, () => void> {
  const known = quick.map(({ id }, index) => [letters[id], () => choose(index)] as const);
  return Object.fromEntries(known.filter((pair): pair is [string, () => void] => Boolean(pair[0])));
}

/** The keys that mean something here, with those of what helps the hand. */
export function keyMapOf(texts: Texts, { campaign }: SessionState): Texts["keyMap"] {
  const { help, keys } = texts.assist;
  const shapes = campaign?.question.shapes ?? "box";
  const known = (key: string | undefined) =>
    campaign?.question.draws
      ? shapes === "box" || !["S", "M"].includes(key ?? "")
      : ["G", "U"].includes(key ?? "");
  return [...texts.keyMap, [help, keys.filter(([[key]]) => known(key))]];
}
