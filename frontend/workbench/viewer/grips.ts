/** The grips of the selected box: where they lie on screen and which one a finger or pointer has caught. */

import type { Box, Grip, Point } from "../core/geometry.ts";
import { GRIPS } from "../core/geometry.ts";
import { onScreen, toScreen, type View } from "./view.ts";

/** Below this side, in CSS pixels, the whole inside of a box moves it; above, only the grip in its middle. */
export const ROOMY_PX = 64;

/** Below this side only the corners have grips: eight would hide what is inside. */
const TINY_PX = 36;

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

/** For a finger the grips of a small box stand about it as if it were this large: there is room to catch each. */
const FINGER_ROOM_PX = 76;
/** And so much in the middle of it moves it. */
const FINGER_MIDDLE_PX = 22;

/** Screen positions of the eight grips, in the order of `GRIPS`; outside a box that is too small for a finger. */
export function gripPoints(view: View, box: Box, hand: Hand = "mouse"): readonly (readonly [Grip, Point])[] {
  const [x, y, w, h] = box;
  const [left, top, width, height] = onScreen(view, box);
  const middle: Point = [left + width / 2, top + height / 2];
  const out = (side: number) => (hand === "touch" && side < FINGER_ROOM_PX ? FINGER_ROOM_PX / side : 1);
  const [across, down] = [out(Math.max(width, 1)), out(Math.max(height, 1))];
  return GRIPS.map((grip) => {
    const gx = grip.includes("w") ? x : grip.includes("e") ? x + w : x + w / 2;
    const gy = grip.includes("n") ? y : grip.includes("s") ? y + h : y + h / 2;
    const [sx, sy] = toScreen(view, [gx, gy]);
    return [grip, [middle[0] + (sx - middle[0]) * across, middle[1] + (sy - middle[1]) * down]] as const;
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
  if (hand === "touch" && Math.min(w, h) < FINGER_ROOM_PX) {
    return smallGripAt(view, box, point, { everywhere });
  }
  // In a small box the middle belongs to moving, else a finger could only ever resize it.
  const margin = Math.min(reach, Math.min(w, h) / 4);
  const deep = Math.min(point[0] - x, x + w - point[0], point[1] - y, y + h - point[1]) > margin;
  if (inside && deep) {
    const middle = Math.hypot(point[0] - x - w / 2, point[1] - y - h / 2) <= Math.max(reach, 14);
    return everywhere || !isRoomy(view, box) || middle ? "move" : null;
  }
  return nearest(gripPoints(view, box), point, reach);
}

/** In a box smaller than its grips the middle moves it, and the grips about it resize it. */
function smallGripAt(
  view: View,
  box: Box,
  point: Point,
  { everywhere }: { everywhere: boolean },
): Grip | null {
  const [x, y, w, h] = onScreen(view, box);
  const [dx, dy] = [Math.abs(point[0] - x - w / 2), Math.abs(point[1] - y - h / 2)];
  const isMiddle = Math.hypot(dx, dy) <= FINGER_MIDDLE_PX;
  const grips = gripPoints(view, box, "touch").filter(([grip]) => !isTiny([x, y, w, h]) || grip.length === 2);
  if (isMiddle) return "move";
  const near = nearest(grips, point, REACH_PX.touch);
  if (near) return near;
  const isInside = dx <= w / 2 && dy <= h / 2;
  return isInside && (everywhere || !isRoomy(view, box)) ? "move" : null;
}

/** Whether only the corners of a box have grips; measured on screen. */
export const isTiny = ([, , w, h]: Box): boolean => Math.min(w, h) < TINY_PX;

function nearest(grips: readonly (readonly [Grip, Point])[], point: Point, reach: number): Grip | null {
  const near = grips
    .map(([grip, at]) => ({ grip, far: Math.hypot(point[0] - at[0], point[1] - at[1]) }))
    .sort((a, b) => a.far - b.far)[0];
  return near && near.far <= reach ? near.grip : null;
}
