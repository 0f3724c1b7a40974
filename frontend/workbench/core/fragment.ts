/** Media fragments: the rectangle that an address names behind its `#`. */

import type { Box, Size } from "./geometry.ts";

/** The region in `#xywh=…` of an address, in canvas units and on the canvas; null without one. */
export function regionIn(hash: string, [width, height]: Size): Box | null {
  const match = /(?:^#?|&)xywh=(?:(pixel|percent):)?([\d.]+),([\d.]+),([\d.]+),([\d.]+)(?:&|$)/.exec(
    decodeURIComponent(hash.replace(/%(?![\da-f]{2})/gi, "%25")),
  );
  if (!match) return null;
  const [kx, ky] = match[1] === "percent" ? [width / 100, height / 100] : [1, 1];
  const [x = 0, y = 0, w = 0, h = 0] = match.slice(2).map(Number);
  return onCanvas([x * kx, y * ky, w * kx, h * ky], [width, height]);
}

/** The part of a box that lies on the canvas; null when nothing does. */
export function onCanvas([x, y, w, h]: Box, [width, height]: Size): Box | null {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(width, x + w), Math.min(height, y + h)];
  return right > left && bottom > top ? [left, top, right - left, bottom - top] : null;
}
