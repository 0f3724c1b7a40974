/** One answer in the making: what a volunteer has drawn, chosen and refused, and each way to change it. */

import type {
  Assignment,
  Campaign,
  Certainty,
  ConceptRef,
  Contribution,
  Device,
  Origin,
  Own,
  Prediction,
  Task,
  Written,
} from "./contract.ts";
import { type Box, cleaned, iou } from "./geometry.ts";
import { isOutline, isPoint, outlineArea, type Place, tidy } from "./outline.ts";

export interface Shape extends Place {
  readonly id: string;
  readonly concepts: readonly ConceptRef[];
  readonly origin: Origin;
  readonly prediction: string | null;
  /** As the person says; absent where they do not. */
  readonly certainty?: Certainty;
}

export interface Answer {
  readonly shapes: readonly Shape[];
  readonly concepts: readonly ConceptRef[];
  readonly rejected: readonly string[];
  readonly nothingHere: boolean;
  readonly comment: string;
  /** Of the labels of the whole image. */
  readonly certainty?: Certainty;
  /** Of a pair: what was put on the left; what chance put there, unless it is said. */
  readonly left?: string;
  /** What was written; absent where nobody writes. */
  readonly texts?: readonly Written[];
  /** Of a sequence the answer to each step, also of those that are not asked any more, and the step gone to. */
  readonly steps?: Readonly<Record<string, Answer>>;
  readonly at?: string;
}

export const BLANK: Answer = { shapes: [], concepts: [], rejected: [], nothingHere: false, comment: "" };

export const isBlank = (answer: Answer): boolean =>
  answer.shapes.length + answer.concepts.length + answer.rejected.length === 0 &&
  !answer.texts?.length &&
  Object.values(answer.steps ?? {}).every(isBlank) &&
  !answer.nothingHere &&
  answer.comment === "";

export function addShape(
  answer: Answer,
  id: string,
  box: Box,
  concepts: readonly ConceptRef[],
  points?: Place["points"],
): Answer {
  const shape: Shape = { id, ...bare({ box, points }), concepts, origin: "drawn", prediction: null };
  return { ...answer, shapes: [...answer.shapes, shape], nothingHere: false };
}

/** Changes a shape's place or concepts; one that came from a prediction is from then on `edited`, one whose place was
 * copied is `drawn` once it has another. */
export function changeShape(
  answer: Answer,
  id: string,
  change: Partial<Place> & { concepts?: readonly ConceptRef[] },
): Answer {
  const found = answer.shapes.find((shape) => shape.id === id);
  if (!found || !differs(found, change)) return answer;
  const origin = originOf(found, change);
  const shapes = answer.shapes.map((shape) => (shape === found ? { ...shape, ...change, origin } : shape));
  return { ...answer, shapes };
}

function originOf({ origin }: Shape, { box, points }: Partial<Place>): Origin {
  if (origin === "accepted") return "edited";
  return origin === "copied" && (box || points) ? "drawn" : origin;
}

/** Says how sure one is of a shape, or with null takes that back. */
export function sayCertainty(answer: Answer, id: string | null, certainty: Certainty | null): Answer {
  if (id === null) {
    const { certainty: _before, ...rest } = answer;
    return certainty ? { ...rest, certainty } : rest;
  }
  const shapes = answer.shapes.map((shape) => {
    if (shape.id !== id) return shape;
    const { certainty: _before, ...rest } = shape;
    return certainty ? { ...rest, certainty } : rest;
  });
  return { ...answer, shapes };
}

/** Adds the shapes of another answer at the same places of a canvas of another size; what stands there already does not
 * come twice. */
export function copyShapes(
  answer: Answer,
  from: Answer,
  [before, now]: readonly [Size, Size],
  newId: () => string,
): Answer {
  const copies = inSpace(from, before, now)
    .shapes.map(
      ({ certainty: _said, ...shape }): Shape => ({
        ...shape,
        id: newId(),
        origin: "copied",
        prediction: null,
      }),
    )
    .filter((shape) => !twinOf(answer, shape));
  return copies.length ? { ...answer, shapes: [...answer.shapes, ...copies], nothingHere: false } : answer;
}

/** Deletes a shape; a prediction whose shape is deleted counts as refused, not as unseen. */
export function deleteShape(answer: Answer, id: string): Answer {
  const found = answer.shapes.find((shape) => shape.id === id);
  if (!found) return answer;
  const rejected = found.prediction ? [...answer.rejected, found.prediction] : answer.rejected;
  return { ...answer, shapes: answer.shapes.filter((shape) => shape !== found), rejected };
}

/** Takes a prediction over as a shape. `id` becomes the shape's. */
export function acceptPrediction(answer: Answer, prediction: Prediction, id: string): Answer {
  if (!prediction.box || isSettled(answer, prediction)) return answer;
  const { box, points, concepts } = prediction;
  const shape: Shape = {
    id,
    ...bare({ box, points }),
    concepts,
    origin: "accepted",
    prediction: prediction.id,
  };
  return { ...answer, shapes: [...answer.shapes, shape], nothingHere: false };
}

export function rejectPrediction(answer: Answer, id: string): Answer {
  if (answer.rejected.includes(id)) return answer;
  return { ...answer, rejected: [...answer.rejected, id] };
}

/** Chooses a concept for the whole image; choosing it again takes it away. */
export function toggleConcept(answer: Answer, concept: ConceptRef, many: boolean): Answer {
  const chosen = answer.concepts.some(({ id }) => id === concept.id);
  const others = answer.concepts.filter(({ id }) => id !== concept.id);
  if (chosen) return { ...answer, concepts: others };
  return { ...answer, concepts: many ? [...others, concept] : [concept], nothingHere: false };
}

export function sayNothingHere(answer: Answer, nothingHere: boolean): Answer {
  const { texts } = answer;
  return {
    ...answer,
    nothingHere,
    concepts: nothingHere ? [] : answer.concepts,
    ...(texts && { texts: nothingHere ? [] : texts }),
  };
}

/** Predictions not yet taken over or refused. */
export function openPredictions(answer: Answer, predictions: readonly Prediction[]): Prediction[] {
  return predictions.filter((prediction) => !isSettled(answer, prediction));
}

/** A shape standing on almost the same place: probably drawn twice by mistake. */
export function twinOf(answer: Answer, shape: Shape): Shape | undefined {
  return answer.shapes.find((other) => other !== shape && areTwins(other, shape));
}

/** Outlines with the same box and about the same area; points so near that the squares around them are almost one. */
export function areTwins(a: Place, b: Place): boolean {
  if (iou(a.box, b.box) <= 0.85) return false;
  if (!isOutline(a) || !isOutline(b)) return isPoint(a) === isPoint(b);
  const [one, other] = [outlineArea(a.points ?? []), outlineArea(b.points ?? [])];
  return Math.min(one, other) > 0.85 * Math.max(one, other);
}

/** A place as it is kept: a box says nothing of points. */
const bare = ({ box, points }: Place): Place => (points?.length ? { box, points } : { box });

export type Obstacle = "no-answer" | "no-label" | "choose" | "no-text" | null;

/** Why an answer cannot be handed in yet, or null. */
export function obstacle(
  answer: Answer,
  {
    draws,
    judges,
    writes,
    required_label: demanding,
  }: Pick<Campaign["question"], "draws" | "judges" | "writes" | "required_label">,
): Obstacle {
  if (answer.nothingHere) return null;
  if (writes) return answer.texts?.[0]?.value.trim() ? null : "no-text";
  if (!draws) return answer.concepts.length ? null : "choose";
  if (!answer.shapes.length) return "no-answer";
  // What is accepted has the labels that it has.
  if (judges && answer.shapes.every(({ origin }) => origin === "accepted")) return null;
  return demanding && answer.shapes.some((shape) => !shape.concepts.length) ? "no-label" : null;
}

export interface Circumstances {
  readonly id: string;
  readonly timeSpentS: number;
  readonly locale: string;
  readonly device: Device;
}

/** What of an assignment an answer to it names. */
type Lease = Pick<Assignment, "id"> & {
  readonly task: Partial<Pick<Task, "left" | "about" | "beside">> & {
    readonly canvas: { readonly width: number; readonly height: number };
  };
};

/** The answer as the server wants it; of a sequence as `asAsked` leaves it. */
export function toContribution(answer: Answer, assignment: Lease, about: Circumstances): Contribution {
  const { texts = [], ...whole } = sent(answer);
  const steps = answer.steps && Object.entries(answer.steps).map(([name, part]) => [name, sent(part)]);
  return {
    id: about.id,
    assignment: assignment.id,
    ...whole,
    ...(texts.length && { texts }),
    // In a sequence “nothing here” is said of steps.
    ...(steps && { nothing_here: false, steps: Object.fromEntries(steps) }),
    rejected_predictions: [...new Set(answer.rejected)],
    comment: answer.comment.trim(),
    ...leftIn(answer, assignment),
    time_spent_s: Math.round(about.timeSpentS * 10) / 10,
    locale: about.locale,
    device: about.device,
    canvas_size: sizeOf(assignment),
  };
}

function leftIn({ left }: Answer, { task }: Lease): Pick<Contribution, "left"> {
  const shown = left ?? task.left ?? task.about;
  return task.beside && shown ? { left: shown } : {};
}

type Sent = Pick<Contribution, "nothing_here" | "shapes" | "concepts" | "texts" | "certainty">;

/** What is said, without remarks. */
function sent(answer: Answer): Sent {
  const ids = (concepts: readonly ConceptRef[]) => concepts.map(({ id }) => id);
  return {
    nothing_here: answer.nothingHere,
    shapes: answer.shapes.map(({ box, points, concepts, ...rest }) => ({
      ...rest,
      ...(points?.length ? { points } : { box }),
      concepts: ids(concepts),
    })),
    concepts: ids(answer.concepts),
    texts: (answer.texts ?? []).map((text) => ({ ...text, value: text.value.trim() })),
    ...(answer.certainty && answer.concepts.length ? { certainty: answer.certainty } : {}),
  };
}

/** What stands on the server, as an answer to go on with. */
export function fromOwn({ answer }: Pick<Own, "answer">): Answer {
  const { comment, rejected_predictions: rejected, steps = {}, left } = answer;
  const parts = Object.entries(steps).map(([name, part]) => [name, read(part)]);
  return {
    ...read(answer),
    rejected,
    comment,
    ...(left && { left }),
    ...(parts.length && { steps: Object.fromEntries(parts) }),
  };
}

function read(
  part: Pick<Own["answer"], "nothing_here" | "shapes" | "concepts" | "texts" | "certainty">,
): Answer {
  const { concepts, nothing_here: nothingHere, texts, certainty } = part;
  const shapes = part.shapes.map(({ box, points, ...rest }) => ({ ...rest, ...bare({ box, points }) }));
  return {
    ...BLANK,
    shapes,
    concepts,
    nothingHere,
    ...(texts?.length && { texts }),
    ...(certainty && { certainty }),
  };
}

/** Whether two answers say the same. */
export const saysTheSame = (a: Answer, b: Answer): boolean =>
  JSON.stringify(said(a)) === JSON.stringify(said(b));

const said = ({
  shapes,
  concepts,
  rejected,
  nothingHere,
  comment,
  certainty,
  texts = [],
  steps = {},
}: Answer): unknown[] => [
  shapes.map(({ id, box, points, concepts: labels, certainty: sure }) => [
    id,
    points?.length ? points : box,
    labels.map((label) => label.id),
    sure ?? null,
  ]),
  certainty ?? null,
  concepts.map(({ id }) => id).sort(),
  [...rejected].sort(),
  nothingHere,
  comment.trim(),
  texts.map(({ value, language }) => [value.trim(), language]),
  Object.entries(steps)
    .filter(([, part]) => !isBlank(part))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, part]) => [name, said(part)]),
];

type Size = readonly [number, number];

/** Width and height of the canvas in whose space the shapes stand. */
export const sizeOf = ({ task: { canvas } }: Lease): Size => [canvas.width, canvas.height];

/** The answer with its shapes moved along when the canvas has another size than when they were drawn. */
export function inSpace(answer: Answer, from: Size, to: Size): Answer {
  const [sx, sy] = [to[0] / from[0], to[1] / from[1]];
  if (sx === 1 && sy === 1) return answer;
  const moved = ([x, y, w, h]: Box): Box => cleaned([x * sx, y * sy, w * sx, h * sy]);
  const shapes = answer.shapes.map((shape) => ({
    ...shape,
    ...bare({ box: moved(shape.box), points: shape.points?.map(([x, y]) => tidy([x * sx, y * sy])) }),
  }));
  const steps = Object.entries(answer.steps ?? {}).map(([name, part]) => [name, inSpace(part, from, to)]);
  return { ...answer, shapes, ...(answer.steps && { steps: Object.fromEntries(steps) }) };
}

function isSettled(answer: Answer, prediction: Prediction): boolean {
  return (
    answer.rejected.includes(prediction.id) ||
    answer.shapes.some((shape) => shape.prediction === prediction.id)
  );
}

function differs(shape: Shape, change: Partial<Place> & { concepts?: readonly ConceptRef[] }): boolean {
  const { box, points, concepts } = change;
  const sameBox =
    String(box ?? shape.box) === String(shape.box) && (!points || String(points) === String(shape.points));
  const same =
    !concepts ||
    (concepts.length === shape.concepts.length && concepts.every((c, i) => c.id === shape.concepts[i]?.id));
  return !(sameBox && same);
}
