/** The grips of the selected box: where they lie on screen and which one a finger or pointer has caught. */

import type { Box, Grip, Point, Size } from "../core/geometry.ts";
import { GRIPS } from "../core/geometry.ts";
import { toCanvas, toScreen, type View } from "./view.ts";

/** Below this side, in CSS pixels, the whole inside of a box moves it; above, only the grip in its middle. */
export const ROOMY_PX = 64;

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

/** Screen positions of the eight grips, in the order of `GRIPS`. */
export function gripPoints(view: View, [x, y, w, h]: Box): readonly (readonly [Grip, Point])[] {
  return GRIPS.map((grip) => {
    const gx = grip.includes("w") ? x : grip.includes("e") ? x + w : x + w / 2;
    const gy = grip.includes("n") ? y : grip.includes("s") ? y + h : y + h / 2;
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
  // In a small box the middle belongs to moving, else a finger could only ever resize it.
  const margin = Math.min(reach, Math.min(w, h) / 4);
  const deep = Math.min(x, w - x, y, h - y) > margin;
  if (inside && deep) {
    const middle = Math.hypot(x - w / 2, y - h / 2) <= Math.max(reach, 14);
    return everywhere || !isRoomy(view, box) || middle ? "move" : null;
  }
  const near = gripPoints(view, box)
    .map(([grip, at]) => ({ grip, far: Math.hypot(point[0] - at[0], point[1] - at[1]) }))
    .sort((a, b) => a.far - b.far)[0];
  return near && near.far <= reach ? near.grip : null;
}
