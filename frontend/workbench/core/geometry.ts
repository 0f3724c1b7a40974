/** Boxes in canvas space: made, moved, resized, found and described without knowing of pixels on screen. */

/** `[x, y, w, h]` in canvas units, origin top left, `w > 0` and `h > 0`. */
export type Box = readonly [x: number, y: number, w: number, h: number];
export type Point = readonly [x: number, y: number];
export type Size = readonly [width: number, height: number];

/** The eight grips of a box, by compass; `move` is its inside. */
export type Grip = "n" | "ne" | "e" | "se" | "s" | "sw" | "w" | "nw" | "move";
export const GRIPS: readonly Exclude<Grip, "move">[] = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];

/** The smallest side a box may have, in canvas units. */
export const SMALLEST_SIDE = 1;

const clean = (value: number): number => Math.round(value * 100) / 100 + 0;
const within = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** Rounds to two decimals without letting the far edge leave the canvas. */
export function cleaned(box: Box): Box {
  return [clean(box[0]), clean(box[1]), clean(box[2]), clean(box[3])];
}

/** The box between two opposite corners, cut at the canvas's edge; null when nothing is left of it. */
export function boxBetween(a: Point, b: Point, canvas: Size): Box | null {
  const left = within(Math.min(a[0], b[0]), 0, canvas[0]);
  const top = within(Math.min(a[1], b[1]), 0, canvas[1]);
  const right = within(Math.max(a[0], b[0]), 0, canvas[0]);
  const bottom = within(Math.max(a[1], b[1]), 0, canvas[1]);
  return fromEdges(left, top, right, bottom);
}

/** Moves by (dx, dy) and stops at the canvas's edge, keeping the size. */
export function moved(box: Box, dx: number, dy: number, canvas: Size): Box {
  const [x, y, w, h] = box;
  return cleaned([
    within(x + dx, 0, Math.max(0, canvas[0] - w)),
    within(y + dy, 0, Math.max(0, canvas[1] - h)),
    w,
    h,
  ]);
}

/** Drags one grip by (dx, dy); crossing the opposite edge turns the box over, as a hand expects. */
export function resized(box: Box, grip: Grip, dx: number, dy: number, canvas: Size): Box {
  if (grip === "move") return moved(box, dx, dy, canvas);
  let [left, top] = box;
  let right = left + box[2];
  let bottom = top + box[3];
  if (grip.includes("w")) left += dx;
  if (grip.includes("e")) right += dx;
  if (grip.includes("n")) top += dy;
  if (grip.includes("s")) bottom += dy;
  return boxBetween([left, top], [right, bottom], canvas) ?? smallestAt(left, top, canvas);
}

/** Grows or shrinks from the top left corner: what the keyboard does. */
export function grown(box: Box, dw: number, dh: number, canvas: Size): Box {
  const [x, y, w, h] = box;
  return cleaned([
    x,
    y,
    within(w + dw, SMALLEST_SIDE, canvas[0] - x),
    within(h + dh, SMALLEST_SIDE, canvas[1] - y),
  ]);
}

/** Brings typed numbers into the canvas; null when they are no box at all. */
export function fitted(box: Box, canvas: Size): Box | null {
  if (!box.every(Number.isFinite) || box[2] <= 0 || box[3] <= 0) return null;
  return boxBetween([box[0], box[1]], [box[0] + box[2], box[1] + box[3]], canvas);
}

export const contains = ([x, y, w, h]: Box, [px, py]: Point): boolean =>
  px >= x && py >= y && px <= x + w && py <= y + h;

export const overlaps = (a: Box, b: Box): boolean =>
  a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];

export const area = (box: Box): number => box[2] * box[3];
export const centre = ([x, y, w, h]: Box): Point => [x + w / 2, y + h / 2];

/** Intersection over union, 0–1. */
export function iou(a: Box, b: Box): number {
  const w = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const h = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (w <= 0 || h <= 0) return 0;
  return (w * h) / (area(a) + area(b) - w * h);
}

/** The shape under a point: the smallest one, so that a box inside a box can be reached. */
export function hit<T extends { readonly box: Box }>(shapes: readonly T[], point: Point): T | null {
  let found: T | null = null;
  for (const shape of shapes) {
    if (contains(shape.box, point) && (!found || area(shape.box) < area(found.box))) found = shape;
  }
  return found;
}

/** Reading order: by rows whose height is the typical box's, then left to right. */
export function inReadingOrder<T extends { readonly box: Box }>(shapes: readonly T[]): T[] {
  const heights = shapes.map((shape) => shape.box[3]).sort((a, b) => a - b);
  const row = Math.max(1, heights[Math.floor(heights.length / 2)] ?? 1);
  const rowOf = (shape: T) => Math.floor(centre(shape.box)[1] / row);
  return [...shapes].sort((a, b) => rowOf(a) - rowOf(b) || a.box[0] - b.box[0]);
}

export type Third = 0 | 1 | 2;

/** Which ninth of the canvas a box's centre lies in: the raw matter of a position sentence. */
export function ninth(box: Box, canvas: Size): { column: Third; row: Third } {
  const [x, y] = centre(box);
  const third = (value: number, whole: number) => within(Math.floor((3 * value) / whole), 0, 2) as Third;
  return { column: third(x, canvas[0]), row: third(y, canvas[1]) };
}

function fromEdges(left: number, top: number, right: number, bottom: number): Box | null {
  const [x, y] = [clean(left), clean(top)];
  const [w, h] = [clean(right - x), clean(bottom - y)];
  return w >= SMALLEST_SIDE && h >= SMALLEST_SIDE ? [x, y, w, h] : null;
}

function smallestAt(x: number, y: number, canvas: Size): Box {
  return [
    clean(within(x, 0, canvas[0] - SMALLEST_SIDE)),
    clean(within(y, 0, canvas[1] - SMALLEST_SIDE)),
    SMALLEST_SIDE,
    SMALLEST_SIDE,
  ];
}
