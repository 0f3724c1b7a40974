/** How two views of different canvases move as one: where one looks, told so that the other can look there too. */

import { type Box, centre, type Size } from "./geometry.ts";

/** Relative to what a stage shows at first: how much nearer, and how far from its middle in parts of its sides. */
export interface Look {
  readonly zoom: number;
  readonly dx: number;
  readonly dy: number;
}

export const HOME: Look = { zoom: 1, dx: 0, dy: 0 };

/** Where a stage looks that shows `seen` now and `home` at first. */
export function lookOf(seen: Box, home: Box): Look {
  const [x, y] = centre(seen);
  const [hx, hy] = centre(home);
  const zoom = seen[2] > 0 ? home[2] / seen[2] : 1;
  return { zoom, dx: (x - hx) / home[2], dy: (y - hy) / home[3] };
}

/** What a stage that shows `home` at first must show to look there. */
export function seenBy({ zoom, dx, dy }: Look, home: Box): Box {
  const [hx, hy] = centre(home);
  const [w, h] = [home[2] / zoom, home[3] / zoom];
  return [hx + dx * home[2] - w / 2, hy + dy * home[3] - h / 2, w, h];
}

/** What stands around a region is seen so far on every side, as a share of its longer side. */
const MARGIN = 0.2;

/** A region with a margin, within its canvas: enough to see where it stands. */
export function surrounded([x, y, w, h]: Box, [width, height]: Size): Box {
  const margin = MARGIN * Math.max(w, h);
  const [left, top] = [Math.max(0, x - margin), Math.max(0, y - margin)];
  return [left, top, Math.min(width, x + w + margin) - left, Math.min(height, y + h + margin) - top];
}
