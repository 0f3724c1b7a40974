/** The grips of the selected box: where they lie on screen and which one a finger or pointer has caught. */

import type { Box, Grip, Point } from "../core/geometry.ts";
import { GRIPS } from "../core/geometry.ts";
import { onScreen, toScreen, type View } from "./view.ts";

/** Below this side, in CSS pixels, the whole inside of a box moves it; above, only the grip in its middle. */
export const ROOMY_PX = 64;

export const REACH_PX = { mouse: 9, pen: 14, touch: 24 } as const;
export type Hand = keyof typeof REACH_PX;

export const CURSORS: Readonly<Record<Grip, string>> = {
  n: "ns-resize",
  s: "ns-resize",
  e: "ew-resize",
  w: "ew-resize",
  nw: "nwse-resize",
  se: "nwse-resize",
  ne: "nesw-resize",
  sw: "nesw-resize",
  move: "move",
};

/** Screen positions of the eight grips, in the order of `GRIPS`. */
export function gripPoints(view: View, [x, y, w, h]: Box): readonly (readonly [Grip, Point])[] {
  return GRIPS.map((grip) => {
    const gx = grip.includes("w") ? x : grip.includes("e") ? x + w : x + w / 2;
    const gy = grip.includes("n") ? y : grip.includes("s") ? y + h : y + h / 2;
    return [grip, toScreen(view, [gx, gy])] as const;
  });
}

/** Whether the box is big enough on screen to be drawn inside of, and so shows a grip for moving. */
export function isRoomy(view: View, box: Box): boolean {
  const [, , w, h] = onScreen(view, box);
  return Math.min(w, h) >= ROOMY_PX;
}

/** The grip at a screen point. `everywhere`: the whole inside moves the box, however roomy it is. */
export function gripAt(
  view: View,
  box: Box,
  point: Point,
  hand: Hand,
  { everywhere }: { everywhere: boolean },
): Grip | null {
  const [x, y, w, h] = onScreen(view, box);
  const inside = point[0] >= x && point[0] <= x + w && point[1] >= y && point[1] <= y + h;
  const reach = REACH_PX[hand];
  // In a small box the middle belongs to moving, else a finger could only ever resize it.
  const margin = Math.min(reach, Math.min(w, h) / 4);
  const deep = Math.min(point[0] - x, x + w - point[0], point[1] - y, y + h - point[1]) > margin;
  if (inside && deep) {
    const middle = Math.hypot(point[0] - x - w / 2, point[1] - y - h / 2) <= Math.max(reach, 14);
    return everywhere || !isRoomy(view, box) || middle ? "move" : null;
  }
  const near = gripPoints(view, box)
    .map(([grip, at]) => ({ grip, far: Math.hypot(point[0] - at[0], point[1] - at[1]) }))
    .sort((a, b) => a.far - b.far)[0];
  return near && near.far <= reach ? near.grip : null;
}
