/** A box between two corners, or with one grip elsewhere, as the hand has it: edges near a line come to lie on it. */

import { type Box, boxBetween, type Grip, type Point, resized, type Size } from "../core/geometry.ts";
import {
  type Guide,
  heldEdges,
  type Lines,
  linesOf,
  type Snapped,
  snapMoved,
  snapResized,
} from "../core/snapping.ts";

interface Place {
  readonly canvas: Size;
  /** How near is near, in canvas units. */
  readonly reach: number;
  /** What edges can lie on besides those of the canvas. */
  neighbours(except: readonly string[]): readonly Box[];
  guides(lines: readonly Guide[]): void;
}

export class Stretching {
  constructor(private readonly place: () => Place) {}

  /** Null when nothing is left of it. `loose`: no edge snaps. */
  drawn(anchor: Point, here: Point, loose: boolean): Box | null {
    const place = this.place();
    const box = boxBetween(anchor, here, place.canvas);
    if (!box) return null;
    const sides = {
      x: here[0] < anchor[0] ? "low" : "high",
      y: here[1] < anchor[1] ? "low" : "high",
    } as const;
    return snapped(place, [], loose, (lines) => snapResized(box, sides, lines, place.reach)) ?? box;
  }

  edited(
    { box, grip, shape, anchor }: { box: Box; grip: Grip; shape: string; anchor: Point },
    here: Point,
    loose: boolean,
  ): Box {
    const place = this.place();
    const now = resized(box, grip, here[0] - anchor[0], here[1] - anchor[1], place.canvas);
    const snap = (lines: Lines) =>
      grip === "move"
        ? snapMoved(now, lines, place.reach)
        : snapResized(now, heldEdges(now, grip, here), lines, place.reach);
    return snapped(place, [shape], loose, snap) ?? now;
  }
}

/** What lines near by make of a box; null where nothing shall snap. */
function snapped(
  place: Place,
  except: readonly string[],
  loose: boolean,
  snap: (lines: Lines) => Snapped,
): Box | null {
  if (loose) {
    place.guides([]);
    return null;
  }
  const { box, guides } = snap(linesOf(place.neighbours(except), place.canvas));
  place.guides(guides);
  return box;
}
