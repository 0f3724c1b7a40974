/** The handles of a picked outline or point: its corners, the middles of its edges, and its inside. */

import type { Point } from "../core/geometry.ts";
import { edgeOf, encloses } from "../core/outline.ts";
import { type Hand, REACH_PX } from "./grips.ts";
import { toCanvas, toScreen, type View } from "./view.ts";

/** `corner`: that corner; `edge`: the middle of the edge behind that corner, where another can be made; `inside`: all. */
export interface Handle {
  readonly kind: "corner" | "edge" | "inside";
  readonly index: number;
}

/** An edge shorter than this on screen shows no handle in its middle: the corners need the room. */
export const ROOM_FOR_MIDDLE_PX = 44;

const far = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** Screen positions of the corners. */
export const cornersOnScreen = (view: View, points: readonly Point[]): Point[] =>
  points.map((point) => toScreen(view, point));

/** The edges (by their first corner) that have room for a handle, with the screen position of their middle. */
export function middlesOnScreen(view: View, points: readonly Point[]): (readonly [number, Point])[] {
  if (points.length < 3) return [];
  return points.flatMap((_, index) => {
    const [a, b] = edgeOf(points, index).map((end) => toScreen(view, end)) as [Point, Point];
    const middle: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    return far(a, b) >= ROOM_FOR_MIDDLE_PX ? [[index, middle] as const] : [];
  });
}

/** What of a picked shape lies under a hand; the inside only where `everywhere` says that all of it moves. */
export function handleAt(
  view: View,
  points: readonly Point[],
  at: Point,
  hand: Hand,
  { everywhere }: { everywhere: boolean },
): Handle | null {
  const reach = REACH_PX[hand];
  const nearest = (places: readonly (readonly [number, Point])[]) =>
    places
      .map(([index, place]) => ({ index, away: far(place, at) }))
      .filter(({ away }) => away <= reach)
      .sort((a, b) => a.away - b.away)[0];
  const corner = nearest(cornersOnScreen(view, points).map((place, index) => [index, place] as const));
  if (corner) return { kind: "corner", index: corner.index };
  const middle = nearest(middlesOnScreen(view, points));
  if (middle) return { kind: "edge", index: middle.index };
  if (everywhere && points.length > 2 && encloses(points, toCanvas(view, at)))
    return { kind: "inside", index: 0 };
  return null;
}
