/** The pair that a task asks about, in the order in which it stands: as chance had it, or as the person put it. */

import { nothing } from "lit";
import type { Assignment, Task } from "../core/contract.ts";
import type { Answer } from "../core/draft.ts";
import type { Box } from "../core/geometry.ts";
import type { StageShape } from "../viewer/stage.ts";
import { credit } from "./credit.ts";
import { VERMILION } from "./pigments.ts";
import type { Side } from "./rubricator-beside.ts";

/** Left and right; null for a task that is about one thing. `left` names the annotation that stands there. */
export function pairOf(task: Task | null | undefined, left?: string | null): readonly [Side, Side] | null {
  if (!task?.beside) return null;
  const { canvas, region, beside } = task;
  const pair = [{ canvas, region }, beside] as const;
  return (left ?? task.left ?? task.about) === beside.annotation ? [pair[1], pair[0]] : pair;
}

/** The answer with the two in the other order. */
export function swapped(answer: Answer, { task }: Assignment): Answer {
  const { about, beside, left } = task;
  if (!beside || !about) return answer;
  return { ...answer, left: (answer.left ?? left ?? about) === about ? beside.annotation : about };
}

/** Whose images these are, in the order in which they stand. */
export function credits(task: Task, left: string | undefined, lang: string) {
  const [first, second] = pairOf(task, left) ?? [];
  if (!first || !second) return credit(task.canvas, lang);
  return [
    credit(first.canvas, lang),
    first.canvas.id === second.canvas.id ? nothing : credit(second.canvas, lang),
  ];
}

/** The frame around what is meant. */
export const framed = (region: Box | null): readonly StageShape[] =>
  region ? [{ id: "pair", box: region, colour: VERMILION.colour, label: "", locked: true }] : NONE;
const NONE: readonly StageShape[] = [];
