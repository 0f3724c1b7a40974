/** What of a sitting is painted on the image: the boxes drawn, and the suggestions still open. */

import type { ConceptRef, Prediction } from "../core/contract.ts";
import { openPredictions } from "../core/draft.ts";
import type { Box } from "../core/geometry.ts";
import type { SessionState } from "../core/session.ts";
import type { StageShape } from "../viewer/stage.ts";
import { type Palette, VERMILION } from "./pigments.ts";

type Suggestion = Prediction & { readonly box: Box };

/** Suggestions that can be shown and have been neither accepted nor refused. */
export function suggestions({ assignment, campaign, history }: SessionState): Suggestion[] {
  if (!assignment || !campaign?.question.draws) return [];
  return openPredictions(history.present, assignment.predictions).filter(
    (prediction): prediction is Suggestion => prediction.box !== null,
  );
}

export function painted(session: SessionState, palette: Palette): StageShape[] {
  const drawn = session.history.present.shapes.map((shape, index) => paint(shape, `${index + 1}`, palette));
  const suggested = suggestions(session).map((prediction) => ({
    ...paint(prediction, "?", palette),
    line: "dashed" as const,
    locked: true,
  }));
  return [...suggested, ...drawn];
}

function paint(
  { id, box, concepts }: { id: string; box: Box; concepts: readonly ConceptRef[] },
  sign: string,
  palette: Palette,
): StageShape {
  const [first] = concepts;
  const { colour } = first ? palette.of(first.id) : VERMILION;
  return { id, box, colour, label: first ? `${sign} ${first.label}` : sign };
}
