/** How two views of different canvases move as one: where one looks, told so that the other can look there too. */

import { type Box, centre, type Point, type Size } from "./geometry.ts";

/** Which way a canvas lies on the screen, turned or mirrored: its right and its down, each of length 1. */
export interface Lie {
  readonly right: Point;
  readonly down: Point;
}

export const STRAIGHT: Lie = { right: [1, 0], down: [0, 1] };

/** Relative to what a stage shows at first: how much nearer, and how far from its middle in parts of its sides, as one sees it. */
export interface Look {
  readonly zoom: number;
  readonly dx: number;
  readonly dy: number;
}

export const HOME: Look = { zoom: 1, dx: 0, dy: 0 };

/** Where a stage looks that shows `seen` now and `home` at first, both with the sides of the stage. */
export function lookOf(seen: Box, home: Box, { right, down }: Lie = STRAIGHT): Look {
  const [x, y] = centre(seen);
  const [hx, hy] = centre(home);
  const zoom = seen[2] > 0 ? home[2] / seen[2] : 1;
  const [across, along] = [x - hx, y - hy];
  const dx = (across * right[0] + along * down[0]) / home[2];
  return { zoom, dx, dy: (across * right[1] + along * down[1]) / home[3] };
}

/** What a stage that shows `home` at first must show to look there: the way on the screen is the same. */
export function seenBy({ zoom, dx, dy }: Look, home: Box, { right, down }: Lie = STRAIGHT): Box {
  const [hx, hy] = centre(home);
  const [w, h] = [home[2] / zoom, home[3] / zoom];
  const [across, along] = [dx * home[2], dy * home[3]];
  const x = hx + across * right[0] + along * right[1];
  const y = hy + across * down[0] + along * down[1];
  return [x - w / 2, y - h / 2, w, h];
}

/** What stands around a region is seen so far on every side, as a share of its longer side. */
const MARGIN = 0.2;

/** A region with a margin, within its canvas: enough to see where it stands. */
export function surrounded([x, y, w, h]: Box, [width, height]: Size): Box {
  const margin = MARGIN * Math.max(w, h);
  const [left, top] = [Math.max(0, x - margin), Math.max(0, y - margin)];
  return [left, top, Math.min(width, x + w + margin) - left, Math.min(height, y + h + margin) - top];
}
