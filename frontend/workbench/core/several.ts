/** Several shapes handled as one: moved, copied, deleted and labelled in a single step of the history. */

import type { ConceptRef, Prediction } from "./contract.ts";
import {
  type Answer,
  acceptPrediction,
  changeShape,
  deleteShape,
  rejectPrediction,
  type Shape,
} from "./draft.ts";
import { type Box, moved, overlaps, type Size } from "./geometry.ts";
import { boundsOf, isPoint, type Place, placeOf, shifted } from "./outline.ts";

/** What is copied keeps this far from what it was copied from, as a share of the canvas's shorter side. */
const ASIDE_SHARE = 0.02;
const LEAST_ASIDE = 4;

/** The smallest box around some shapes; of points their places, not the squares around them. */
export function around(shapes: readonly Place[]): Box | null {
  const corners = shapes.flatMap(({ box: [x, y, w, h], points }) =>
    points?.length ? points : [[x, y] as const, [x + w, y + h] as const],
  );
  return corners.length ? boundsOf(corners) : null;
}

/** How far some shapes can go together: none leaves the canvas, and they keep their places to each other. */
export function travel(
  shapes: readonly Place[],
  dx: number,
  dy: number,
  canvas: Size,
): readonly [number, number] {
  const box = around(shapes);
  if (!box) return [0, 0];
  const [x, y] = moved(box, dx, dy, canvas);
  return [x - box[0], y - box[1]];
}

/** A shape's place so much further on. */
export function displaced({ box, points }: Place, dx: number, dy: number, canvas: Size): Place {
  return points?.length
    ? placeOf(shifted(points, dx, dy, canvas), canvas)
    : { box: moved(box, dx, dy, canvas) };
}

/** Those of some shapes that have one of these ids, in the order in which they stand; thousands at every frame. */
export function among<T extends { readonly id: string }>(shapes: readonly T[], ids: Iterable<string>): T[] {
  const wanted = new Set(ids);
  return wanted.size ? shapes.filter(({ id }) => wanted.has(id)) : [];
}

export const picked = (answer: Answer, ids: readonly string[]): readonly Shape[] => among(answer.shapes, ids);

export function shiftAll(
  answer: Answer,
  ids: readonly string[],
  dx: number,
  dy: number,
  canvas: Size,
): Answer {
  const moves = shifts(picked(answer, ids), dx, dy, canvas);
  return moves.reduce((now, { id, ...place }) => changeShape(now, id, place), answer);
}

/** Where each of some shapes stands when all have gone so far, or as far as the canvas lets them. */
export function shifts(
  shapes: readonly (Place & { readonly id: string })[],
  dx: number,
  dy: number,
  canvas: Size,
): (Place & { readonly id: string })[] {
  const by = travel(shapes, dx, dy, canvas);
  return shapes.map((shape) => ({ id: shape.id, ...displaced(shape, ...by, canvas) }));
}

export const deleteAll = (answer: Answer, ids: readonly string[]): Answer => ids.reduce(deleteShape, answer);

/** Gives all of them a label; where several labels are allowed and all have it, takes it from all. */
export function labelAll(
  answer: Answer,
  ids: readonly string[],
  concept: ConceptRef,
  { many }: { readonly many: boolean },
): Answer {
  const labels = labelled(picked(answer, ids), concept, { many });
  return labels.reduce((now, { id, concepts }) => changeShape(now, id, { concepts }), answer);
}

/** Some suggestions become shapes, others are refused; where one label is asked for only the first of each is taken. */
export function takenOver(
  answer: Answer,
  taken: readonly { readonly id: string; readonly prediction: Prediction }[],
  rejected: readonly string[],
  { many }: { readonly many: boolean },
): Answer {
  const asAsked = (prediction: Prediction) =>
    many ? prediction : { ...prediction, concepts: prediction.concepts.slice(0, 1) };
  const kept = taken.reduce(
    (now, { id, prediction }) => acceptPrediction(now, asAsked(prediction), id),
    answer,
  );
  return rejected.reduce(rejectPrediction, kept);
}

interface Labelled<C extends ConceptRef> {
  readonly id: string;
  readonly concepts: readonly C[];
}

/** The labels that some shapes have then; of those that stay as they are nothing. */
export function labelled<C extends ConceptRef>(
  shapes: readonly Labelled<C>[],
  concept: C,
  { many }: { readonly many: boolean },
): Labelled<C>[] {
  const has = ({ concepts }: Labelled<C>) => concepts.some(({ id }) => id === concept.id);
  const takesBack = many && shapes.every(has);
  return shapes.flatMap((shape) => {
    const others = shape.concepts.filter(({ id }) => id !== concept.id);
    if (takesBack) return [{ id: shape.id, concepts: others }];
    if (has(shape) && many) return [];
    return [{ id: shape.id, concepts: many ? [...others, concept] : [concept] }];
  });
}

/** One label in the place of another, and none twice. */
export const swapped = (
  concepts: readonly ConceptRef[],
  before: ConceptRef,
  now: ConceptRef,
): readonly ConceptRef[] =>
  concepts.filter(({ id }) => id !== now.id).map((concept) => (concept.id === before.id ? now : concept));

/** The labels that all of them have. */
export function common(shapes: readonly Pick<Shape, "concepts">[]): readonly ConceptRef[] {
  const [first, ...others] = shapes;
  return (first?.concepts ?? []).filter(({ id }) =>
    others.every(({ concepts }) => concepts.some((one) => one.id === id)),
  );
}

/** The same once more, moved together by (dx, dy) as far as the canvas lets them. */
export function displacedAll<T extends Place>(
  shapes: readonly T[],
  by: readonly [number, number],
  canvas: Size,
): readonly T[] {
  const [dx, dy] = travel(shapes, ...by, canvas);
  return shapes.map((shape) => ({ ...shape, ...displaced(shape, dx, dy, canvas) }));
}

/** Copies with ids of their own, drawn by hand as far as anybody is concerned. */
export const copies = (shapes: readonly Shape[], newId: () => string): readonly Shape[] =>
  shapes.map(({ box, points, concepts }) => ({
    ...(points?.length ? { box, points } : { box }),
    ...{ id: newId(), concepts, origin: "drawn" as const, prediction: null },
  }));

/** Beside: to the lower right, or wherever else there is room when the canvas ends. */
export function beside(shapes: readonly Place[], canvas: Size): readonly [number, number] {
  const step = Math.max(LEAST_ASIDE, Math.round(Math.min(...canvas) * ASIDE_SHARE));
  const ways = [
    [step, step],
    [-step, -step],
    [step, 0],
    [0, step],
    [-step, 0],
    [0, -step],
  ] as const;
  const far = (way: readonly [number, number]) => Math.hypot(...travel(shapes, ...way, canvas));
  return [...ways].sort((a, b) => far(b) - far(a))[0] ?? [step, step];
}

export const withCopies = (answer: Answer, made: readonly Shape[]): Answer =>
  made.length ? { ...answer, shapes: [...answer.shapes, ...made], nothingHere: false } : answer;

/** Shapes of another canvas at the places of this one, those that do not fit brought in. */
export function fittedIn<T extends Place>(shapes: readonly T[], canvas: Size): readonly T[] {
  const [width, height] = canvas;
  return shapes.map((shape) => {
    const [x, y, w, h] = shape.box;
    if (shape.points?.length) return { ...shape, ...placeOf(shifted(shape.points, 0, 0, canvas), canvas) };
    return { ...shape, box: moved([x, y, Math.min(w, width), Math.min(h, height)], 0, 0, canvas) };
  });
}

/** Those that a frame touches. */
export const framed = <T extends Place>(shapes: readonly T[], frame: Box): T[] =>
  shapes.filter((shape) => {
    const [point] = shape.points ?? [];
    if (!point || !isPoint(shape)) return overlaps(shape.box, frame);
    const [x, y, w, h] = frame;
    return point[0] >= x && point[0] <= x + w && point[1] >= y && point[1] <= y + h;
  });
