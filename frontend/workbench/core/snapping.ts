/** Edges that come near others lie on them: those of the canvas, and those of the boxes around. */

import { type Box, cleaned, type Grip, type Size } from "./geometry.ts";

/** A line that something came to lie on, across the canvas: `x` upright, `y` level. */
export interface Guide {
  readonly axis: "x" | "y";
  readonly at: number;
}

export interface Snapped {
  readonly box: Box;
  readonly guides: readonly Guide[];
}

/** What boxes can lie on. */
export interface Lines {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export function linesOf(boxes: readonly Box[], [width, height]: Size): Lines {
  return {
    x: [0, width, ...boxes.flatMap(([x, , w]) => [x, x + w])],
    y: [0, height, ...boxes.flatMap(([, y, , h]) => [y, y + h])],
  };
}

/** The way from the nearest of some edges to the nearest line within reach; null when none is. */
function pull(edges: readonly number[], lines: readonly number[], reach: number) {
  let best: { by: number; at: number } | null = null;
  for (const edge of edges) {
    for (const at of lines) {
      const by = at - edge;
      if (Math.abs(by) <= reach && (!best || Math.abs(by) < Math.abs(best.by))) best = { by, at };
    }
  }
  return best;
}

/** A moved box keeps its size: whichever edge is nearest to a line pulls it along. `reach` in canvas units. */
export function snapMoved(box: Box, lines: Lines, reach: number): Snapped {
  const [x, y, w, h] = box;
  const across = pull([x, x + w], lines.x, reach);
  const down = pull([y, y + h], lines.y, reach);
  const snapped = cleaned([x + (across?.by ?? 0), y + (down?.by ?? 0), w, h]);
  return { box: snapped, guides: guides(across, down) };
}

/** Of a box that is drawn or resized only the edges under the hand move. Null sides would be: then nothing snaps. */
export function snapResized(box: Box, edges: Edges, lines: Lines, reach: number): Snapped {
  let [left, top] = box;
  let right = left + box[2];
  let bottom = top + box[3];
  const across = edges.x ? pull([edges.x === "low" ? left : right], lines.x, reach) : null;
  const down = edges.y ? pull([edges.y === "low" ? top : bottom], lines.y, reach) : null;
  if (edges.x === "low") left += across?.by ?? 0;
  else right += across?.by ?? 0;
  if (edges.y === "low") top += down?.by ?? 0;
  else bottom += down?.by ?? 0;
  if (right - left < 1 || bottom - top < 1) return { box, guides: [] };
  return { box: cleaned([left, top, right - left, bottom - top]), guides: guides(across, down) };
}

/** Which edges the hand holds: the lower or the higher number, or none along that axis. */
export interface Edges {
  readonly x: "low" | "high" | null;
  readonly y: "low" | "high" | null;
}

/** The edges under a hand at (x, y) that holds a grip; a box turned over has them the other way round. */
export function heldEdges(box: Box, grip: Exclude<Grip, "move">, [x, y]: readonly [number, number]): Edges {
  const half = (value: number, from: number, side: number) => (value < from + side / 2 ? "low" : "high");
  return {
    x: /[ew]/.test(grip) ? half(x, box[0], box[2]) : null,
    y: /[ns]/.test(grip) ? half(y, box[1], box[3]) : null,
  };
}

const guides = (across: { at: number } | null, down: { at: number } | null): Guide[] => [
  ...(across ? [{ axis: "x" as const, at: across.at }] : []),
  ...(down ? [{ axis: "y" as const, at: down.at }] : []),
];
