/** The grips of the selected box: where they lie on screen and which one a finger or pointer has caught. */

import type { Box, Grip, Point, Size } from "../core/geometry.ts";
import { GRIPS } from "../core/geometry.ts";
import { toCanvas, toScreen, type View } from "./view.ts";

/** Below this side, in CSS pixels, the whole inside of a box moves it; above, only the grip in its middle. */
export const ROOMY_PX = 64;

/** Below this side only the corners have grips: eight would hide what is inside. */
const TINY_PX = 36;

export const REACH_PX = { mouse: 9, pen: 14, touch: 24 } as const;
export type Hand = keyof typeof REACH_PX;

const CURSORS = ["ew-resize", "nwse-resize", "ns-resize", "nesw-resize"] as const;

/** The pointer's look over a grip: along the way on the screen in which it is dragged. */
export function cursorOf({ right, down }: View, grip: Grip): string {
  const east = Number(grip.includes("e")) - Number(grip.includes("w"));
  const south = grip === "move" ? 0 : Number(grip.includes("s")) - Number(grip.includes("n"));
  if (grip === "move" || !(east || south)) return "move";
  const [rx, ry] = [right[0] / Math.hypot(...right), right[1] / Math.hypot(...right)];
  const [dx, dy] = [down[0] / Math.hypot(...down), down[1] / Math.hypot(...down)];
  const eighths = Math.atan2(east * ry + south * dy, east * rx + south * dx) / (Math.PI / 4);
  return CURSORS[((Math.round(eighths) % 4) + 4) % 4] ?? "move";
}

/** For a finger the grips of a small box stand about it as if it were this large: there is room to catch each. */
const FINGER_ROOM_PX = 76;
/** And so much in the middle of it moves it. */
const FINGER_MIDDLE_PX = 22;

/** Screen positions of the eight grips, in the order of `GRIPS`; outside a box that is too small for a finger. */
export function gripPoints(view: View, box: Box, hand: Hand = "mouse"): readonly (readonly [Grip, Point])[] {
  const [x, y, w, h] = box;
  const out = (side: number) =>
    hand === "touch" && side < FINGER_ROOM_PX ? FINGER_ROOM_PX / Math.max(side, 1) : 1;
  const [across, down] = sides(view, box).map(out) as [number, number];
  return GRIPS.map((grip) => {
    const east = Number(grip.includes("e")) - Number(grip.includes("w"));
    const south = Number(grip.includes("s")) - Number(grip.includes("n"));
    const [gx, gy] = [x + (w / 2) * (1 + east * across), y + (h / 2) * (1 + south * down)];
    return [grip, toScreen(view, [gx, gy])] as const;
  });
}

/** Width and height of a box in CSS pixels, however the view is turned. */
export const sides = ({ right, down }: View, [, , w, h]: Box): Size => [
  w * Math.hypot(...right),
  h * Math.hypot(...down),
];

/** Whether the box is big enough on screen to be drawn inside of, and so shows a grip for moving. */
export const isRoomy = (view: View, box: Box): boolean => Math.min(...sides(view, box)) >= ROOMY_PX;

/** The grip at a screen point. `everywhere`: the whole inside moves the box, however roomy it is. */
export function gripAt(
  view: View,
  box: Box,
  point: Point,
  hand: Hand,
  { everywhere }: { everywhere: boolean },
): Grip | null {
  const [w, h] = sides(view, box);
  // Along the box's own axes, in CSS pixels from its corner.
  const [cx, cy] = toCanvas(view, point);
  const [x, y] = [((cx - box[0]) * w) / box[2], ((cy - box[1]) * h) / box[3]];
  const inside = x >= 0 && x <= w && y >= 0 && y <= h;
  const reach = REACH_PX[hand];
  if (hand === "touch" && Math.min(w, h) < FINGER_ROOM_PX) {
    return smallGripAt(view, box, point, {
      across: Math.abs(x - w / 2),
      down: Math.abs(y - h / 2),
      everywhere,
    });
  }
  // In a small box the middle belongs to moving, else a finger could only ever resize it.
  const margin = Math.min(reach, Math.min(w, h) / 4);
  const deep = Math.min(x, w - x, y, h - y) > margin;
  if (inside && deep) {
    const middle = Math.hypot(x - w / 2, y - h / 2) <= Math.max(reach, 14);
    return everywhere || !isRoomy(view, box) || middle ? "move" : null;
  }
  return nearest(gripPoints(view, box), point, reach);
}

/** In a box smaller than its grips the middle moves it, and the grips about it resize it. */
function smallGripAt(
  view: View,
  box: Box,
  point: Point,
  { across, down, everywhere }: { across: number; down: number; everywhere: boolean },
): Grip | null {
  if (Math.hypot(across, down) <= FINGER_MIDDLE_PX) return "move";
  const tiny = isTiny(view, box);
  const grips = gripPoints(view, box, "touch").filter(([grip]) => !tiny || grip.length === 2);
  const near = nearest(grips, point, REACH_PX.touch);
  if (near) return near;
  const [w, h] = sides(view, box);
  const isInside = across <= w / 2 && down <= h / 2;
  return isInside && (everywhere || !isRoomy(view, box)) ? "move" : null;
}

/** Whether only the corners of a box have grips. */
export const isTiny = (view: View, box: Box): boolean => Math.min(...sides(view, box)) < TINY_PX;

function nearest(grips: readonly (readonly [Grip, Point])[], point: Point, reach: number): Grip | null {
  const near = grips
    .map(([grip, at]) => ({ grip, far: Math.hypot(point[0] - at[0], point[1] - at[1]) }))
    .sort((a, b) => a.far - b.far)[0];
  return near && near.far <= reach ? near.grip : null;
}
