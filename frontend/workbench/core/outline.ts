/** Outlines and points in canvas space: what a shape has beside its box when it is no box. */

import { type Box, cleaned, type Point, type Size } from "./geometry.ts";

/** The kinds of shape a question may ask for. */
export type ShapeKind = "box" | "polygon" | "point";

/** Where a shape is. `points`: the corners of an outline within the box, or the one point in its middle. */
export interface Place {
  readonly box: Box;
  readonly points?: readonly Point[] | undefined;
}

export const FEWEST_CORNERS = 3;
export const MOST_CORNERS = 1000;
/** What is looked at of a point reaches this share of the diagonal of its canvas to each side, as on the server. */
const REACH = 0.02;

const clean = (value: number): number => Math.round(value * 100) / 100 + 0;
const within = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** A point in hundredths of a unit: no number in an answer has more decimals. */
export const tidy = ([x, y]: Point): Point => [clean(x), clean(y)];

/** A point brought into the canvas, in hundredths of a unit. */
export const onCanvas = ([x, y]: Point, [width, height]: Size): Point => [
  clean(within(x, 0, width)),
  clean(within(y, 0, height)),
];

export const isPoint = ({ points }: Place): boolean => points?.length === 1;
export const isOutline = ({ points }: Place): boolean => (points?.length ?? 0) >= FEWEST_CORNERS;
export const isPlain = ({ points }: Place): boolean => !points?.length;

/** The smallest box around some points. */
export function boundsOf(points: readonly Point[]): Box {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return cleaned([left, top, Math.max(...xs) - left, Math.max(...ys) - top]);
}

/** The place that points make: an outline, or a point with the square around it. */
export function placeOf(points: readonly Point[], canvas: Size): Place {
  const [first] = points;
  if (!first || points.length > 1) return { box: boundsOf(points), points };
  const reach = REACH * Math.hypot(...canvas);
  return { box: cleaned([first[0] - reach, first[1] - reach, 2 * reach, 2 * reach]), points };
}

/** Moves all points by (dx, dy) as far as none leaves the canvas. */
export function shifted(points: readonly Point[], dx: number, dy: number, [width, height]: Size): Point[] {
  const [x, y, w, h] = boundsOf(points);
  const right = within(dx, -x, Math.max(-x, width - x - w));
  const down = within(dy, -y, Math.max(-y, height - y - h));
  return points.map(([px, py]) => onCanvas([px + right, py + down], [width, height]));
}

export const withCorner = (points: readonly Point[], index: number, to: Point): Point[] =>
  points.map((point, at) => (at === index ? to : point));

/** A corner more behind the one at `index`: where it is said, else in the middle of the edge. */
export function withInserted(points: readonly Point[], index: number, to?: Point): Point[] {
  const [a, b] = edgeOf(points, index);
  const corner: Point = to ?? [clean((a[0] + b[0]) / 2), clean((a[1] + b[1]) / 2)];
  return [...points.slice(0, index + 1), corner, ...points.slice(index + 1)];
}

/** One corner fewer; null when too few would be left. */
export function withoutCorner(points: readonly Point[], index: number): Point[] | null {
  return points.length > FEWEST_CORNERS ? points.filter((_, at) => at !== index) : null;
}

/** The two ends of the edge that begins at a corner. */
export function edgeOf(points: readonly Point[], index: number): readonly [Point, Point] {
  const a = points[index] ?? [0, 0];
  return [a, points[(index + 1) % points.length] ?? a];
}

/** By the shoelace formula, in square canvas units. */
export function outlineArea(points: readonly Point[]): number {
  let twice = 0;
  for (let index = 0; index < points.length; index++) {
    const [[ax, ay], [bx, by]] = edgeOf(points, index);
    twice += ax * by - bx * ay;
  }
  return Math.abs(twice) / 2;
}

/** Whether a point lies inside, by the even-odd rule. */
export function encloses(points: readonly Point[], [x, y]: Point): boolean {
  let inside = false;
  for (let index = 0; index < points.length; index++) {
    const [[ax, ay], [bx, by]] = edgeOf(points, index);
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}

/** The first two edges (by their first corners) that meet where they must not; null for an outline that is simple. */
export function crossing(points: readonly Point[]): readonly [number, number] | null {
  const count = points.length;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const met = j === i + 1 || (i === 0 && j === count - 1) ? foldsBack(points, i, j) : meets(points, i, j);
      if (met) return [i, j];
    }
  }
  return null;
}

/** Why points are no outline yet: too few, on one line, or crossing; null when they are one. */
export function flaw(points: readonly Point[]): "few" | "crossing" | null {
  if (new Set(points.map(String)).size < FEWEST_CORNERS) return "few";
  return crossing(points) || outlineArea(points) === 0 ? "crossing" : null;
}

function meets(points: readonly Point[], i: number, j: number): boolean {
  const [a, b] = edgeOf(points, i);
  const [c, d] = edgeOf(points, j);
  if (side(a, b, c) * side(a, b, d) > 0 || side(c, d, a) * side(c, d, b) > 0) return false;
  return [0, 1].every((axis) => {
    const at = (point: Point) => point[axis as 0 | 1];
    return (
      Math.min(at(c), at(d)) <= Math.max(at(a), at(b)) && Math.max(at(c), at(d)) >= Math.min(at(a), at(b))
    );
  });
}

/** Of two edges with one common corner: whether the second runs back along the first. */
function foldsBack(points: readonly Point[], i: number, j: number): boolean {
  const [a, b] = edgeOf(points, i);
  const [c, d] = edgeOf(points, j);
  const shared = j === i + 1 ? b : a;
  const [one, other] = j === i + 1 ? [a, d] : [b, c];
  if (side(shared, one, other) !== 0) return false;
  return (one[0] - shared[0]) * (other[0] - shared[0]) + (one[1] - shared[1]) * (other[1] - shared[1]) >= 0;
}

const side = (a: Point, b: Point, p: Point): number =>
  Math.sign((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]));
