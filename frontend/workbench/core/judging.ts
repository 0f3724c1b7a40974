/** Judging one thing that is shown: accepted as it is, corrected, or rejected; each a change of the answer. */

import type { Assignment, Campaign, ConceptRef, Prediction } from "./contract.ts";
import type { Answer, Shape } from "./draft.ts";
import type { Box, Size } from "./geometry.ts";

export type Judged = "open" | "accepted" | "edited" | "rejected";

/** What a task shows to be judged; null where people are asked something else. */
export function shownIn(campaign: Campaign | null, assignment: Assignment | null): Prediction | null {
  return (campaign?.question.judges && assignment?.predictions[0]) || null;
}

export function judged({ shapes, nothingHere }: Answer): Judged {
  if (nothingHere) return "rejected";
  const origin = shapes[0]?.origin;
  return origin === "accepted" || origin === "edited" ? origin : "open";
}

/** As it is shown, whatever was said before. `id` becomes the shape's, unless there is one. */
export function accept(answer: Answer, shown: Prediction, id: string): Answer {
  if (!shown.box || judged(answer) === "accepted") return answer;
  const shape: Shape = {
    id: answer.shapes[0]?.id ?? id,
    box: shown.box,
    concepts: shown.concepts,
    origin: "accepted",
    prediction: shown.id,
  };
  return { ...answer, shapes: [shape], rejected: [], nothingHere: false };
}

export function reject(answer: Answer, shown: Prediction): Answer {
  if (judged(answer) === "rejected") return answer;
  return { ...answer, shapes: [], rejected: [shown.id], nothingHere: true };
}

/** Another place or other labels; what ends up as it was shown is accepted. */
export function correct(
  answer: Answer,
  shown: Prediction,
  id: string,
  change: { box?: Box; concepts?: readonly ConceptRef[] },
): Answer {
  const before = answer.shapes[0] ?? { id, box: shown.box, concepts: shown.concepts };
  if (!before.box) return answer;
  const { box, concepts } = { box: before.box, concepts: before.concepts, ...change };
  const shape: Shape = { id: before.id, box, concepts, origin: "edited", prediction: shown.id };
  const same = isAsShown(shape, shown);
  if (same && judged(answer) === "open") return answer;
  if (same) return accept({ ...answer, shapes: [{ ...shape }], nothingHere: false }, shown, id);
  return { ...answer, shapes: [shape], rejected: [], nothingHere: false };
}

/** How much of the image is shown around what is judged, in lengths of its longer side. */
const AROUND = 0.75;

/** What is judged with some of the image around it, as far as that lies on the canvas. */
export function surroundings([x, y, w, h]: Box, [width, height]: Size): Box {
  const more = Math.max(w, h) * AROUND;
  const [left, top] = [Math.max(0, x - more), Math.max(0, y - more)];
  return [left, top, Math.min(width, x + w + more) - left, Math.min(height, y + h + more) - top];
}

/** Nothing said yet. */
export const unjudge = (answer: Answer): Answer =>
  judged(answer) === "open" ? answer : { ...answer, shapes: [], rejected: [], nothingHere: false };

function isAsShown({ box, concepts }: Shape, shown: Prediction): boolean {
  const sameBox = box.every((value, index) => value === shown.box?.[index]);
  const labels = concepts.map(({ id }) => id).sort();
  return sameBox && String(labels) === String(shown.concepts.map(({ id }) => id).sort());
}
