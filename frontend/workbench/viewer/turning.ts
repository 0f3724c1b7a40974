/** Turned and mirrored views: from where one looks to how canvas space lies on the screen, and the other way round. */

import { type Box, type Point, type Size, SMALLEST_SIDE } from "../core/geometry.ts";
import type { Turn } from "../core/imaging.ts";
import { cosSin, turned } from "../core/placing.ts";
import { toCanvas, type View } from "./view.ts";

/** Where one looks from, in the viewer's world. */
export interface Camera extends Turn {
  /** What is in the middle of the stage. */
  readonly centre: Point;
  /** CSS pixels per world unit. */
  readonly scale: number;
  readonly stage: Size;
  /** World units per canvas unit, along each axis. */
  readonly unit: Point;
}

export function viewOf({ centre, scale, rotation, flipped, stage, unit }: Camera): View {
  const [cos, sin] = cosSin(rotation);
  const side = flipped ? -scale : scale;
  const onScreen = ([x, y]: Point): Point => [side * (cos * x - sin * y), scale * (sin * x + cos * y)];
  const [ox, oy] = onScreen([-centre[0], -centre[1]]);
  return {
    origin: [stage[0] / 2 + ox, stage[1] / 2 + oy],
    right: onScreen([unit[0], 0]),
    down: onScreen([0, unit[1]]),
    stage,
  };
}

/** A way on the screen, as a way in the world. */
export function inWorld({ rotation, flipped, scale }: Omit<Camera, "unit">, [dx, dy]: Point): Point {
  return turned([(flipped ? -dx : dx) / scale, dy / scale], -rotation);
}

/** A place on the screen, as a place in the world. */
export function worldAt(camera: Camera, [x, y]: Point): Point {
  const [dx, dy] = inWorld(camera, [x - camera.stage[0] / 2, y - camera.stage[1] / 2]);
  return [camera.centre[0] + dx, camera.centre[1] + dy];
}

const fine = (value: number): number => Math.round(value * 1e9) / 1e9 + 0;

/** A step in a direction on the screen, as a step of as many canvas units. */
export function stepOnCanvas(view: View, [dx, dy]: Point): Point {
  const [ox, oy] = toCanvas(view, view.origin);
  const [x, y] = toCanvas(view, [view.origin[0] + dx, view.origin[1] + dy]);
  const length = Math.hypot(x - ox, y - oy);
  if (!length) return [0, 0];
  const share = Math.hypot(dx, dy) / length;
  return [fine((x - ox) * share), fine((y - oy) * share)];
}

type Edge = "e" | "w" | "s" | "n";

/** Which edges of a box face right and down on the screen. */
export function facing({ right, down }: View): { right: Edge; down: Edge } {
  const isUpright = Math.abs(right[0]) * Math.hypot(...down) >= Math.abs(down[0]) * Math.hypot(...right);
  return isUpright
    ? { right: right[0] >= 0 ? "e" : "w", down: down[1] >= 0 ? "s" : "n" }
    : { right: down[0] >= 0 ? "s" : "n", down: right[1] >= 0 ? "e" : "w" };
}

/** Grows or shrinks by the edges that face right and down on the screen: what the keyboard does. */
export function grownOnScreen(view: View, box: Box, dw: number, dh: number, canvas: Size): Box {
  const edges = facing(view);
  return stretched(stretched(box, edges.right, dw, canvas), edges.down, dh, canvas);
}

function stretched([x, y, w, h]: Box, edge: Edge, by: number, [width, height]: Size): Box {
  const side = (now: number, most: number) => clean(Math.min(Math.max(now + by, SMALLEST_SIDE), most));
  if (edge === "e") return [x, y, side(w, width - x), h];
  if (edge === "s") return [x, y, w, side(h, height - y)];
  if (edge === "w") return [clean(x + w - side(w, x + w)), y, side(w, x + w), h];
  return [x, clean(y + h - side(h, y + h)), w, side(h, y + h)];
}

const clean = (value: number): number => Math.round(value * 100) / 100 + 0;
