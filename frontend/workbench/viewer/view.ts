/** Where canvas space lies on the screen right now: an affine map, so that rotation and flip fit in without change. */

import type { Box, Point, Size } from "../core/geometry.ts";
import type { Lie } from "../core/linking.ts";

export interface View {
  /** Screen position of the canvas's origin, and of one canvas unit along each axis, in CSS pixels. */
  readonly origin: Point;
  readonly right: Point;
  readonly down: Point;
  /** Size of the stage in CSS pixels. */
  readonly stage: Size;
}

export const UNSEEN: View = { origin: [0, 0], right: [1, 0], down: [0, 1], stage: [0, 0] };

export const toScreen = ({ origin, right, down }: View, [x, y]: Point): Point => [
  origin[0] + x * right[0] + y * down[0],
  origin[1] + x * right[1] + y * down[1],
];

export function toCanvas({ origin, right, down }: View, [sx, sy]: Point): Point {
  const determinant = right[0] * down[1] - right[1] * down[0];
  const [dx, dy] = [sx - origin[0], sy - origin[1]];
  return [(dx * down[1] - dy * down[0]) / determinant, (dy * right[0] - dx * right[1]) / determinant];
}

/** The corners of a canvas box on screen, in drawing order. */
export function corners(view: View, [x, y, w, h]: Box): readonly [Point, Point, Point, Point] {
  return [
    toScreen(view, [x, y]),
    toScreen(view, [x + w, y]),
    toScreen(view, [x + w, y + h]),
    toScreen(view, [x, y + h]),
  ];
}

/** The upright screen rectangle around a canvas box. */
export function onScreen(view: View, box: Box): Box {
  const points = corners(view, box);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
}

/** The same, with less work where nothing is turned or mirrored: for thousands of boxes in a frame. */
export function placeOnScreen(view: View, box: Box): Box {
  const { origin, right, down } = view;
  if (right[1] !== 0 || down[0] !== 0 || right[0] < 0 || down[1] < 0) return onScreen(view, box);
  return [origin[0] + box[0] * right[0], origin[1] + box[1] * down[1], box[2] * right[0], box[3] * down[1]];
}

/** The part of the canvas that can be seen, as a box. It may reach over the canvas's edges. */
export function seen(view: View): Box {
  const [width, height] = view.stage;
  const points = [[0, 0] as const, [width, 0] as const, [width, height] as const, [0, height] as const].map(
    (point) => toCanvas(view, point),
  );
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
}

/** What is in view around its middle, with the sides of the stage, as if nothing were turned. */
export function straight(view: View): Box {
  const { stage, right, down } = view;
  const [x, y] = toCanvas(view, [stage[0] / 2, stage[1] / 2]);
  const [w, h] = [stage[0] / Math.hypot(...right), stage[1] / Math.hypot(...down)];
  return [x - w / 2, y - h / 2, w, h];
}

/** Which way the canvas lies on the screen. */
export function lieOf({ right, down }: View): Lie {
  const unit = ([x, y]: Point): Point => [x / Math.hypot(x, y), y / Math.hypot(x, y)];
  return { right: unit(right), down: unit(down) };
}

/** CSS pixels per canvas unit along x. */
export const scale = ({ right }: View): number => Math.hypot(right[0], right[1]);
