/** A shared canvas as something of which several annotations can be picked, carried and copied at once. */

import type { Shown } from "../core/collation.ts";
import type { Size } from "../core/geometry.ts";
import type { Scriptorium } from "../core/scriptorium.ts";
import { among, shifts } from "../core/several.ts";
import type { Bench } from "./bunching.ts";

/** What one may not change can be picked alone, to be looked at, and never beside others. */
export function sharedBench(sitting: Scriptorium | null, place: string, size: Size): Bench | null {
  if (!sitting) return null;
  const { shapes, selected, also, mayWrite, undoable, redoable } = sitting.state;
  const open = mayWrite ? (shapes ?? []).filter(({ lock }) => lock === null) : [];
  const ids = new Set(open.map(({ id }) => id));
  return {
    size,
    shapes: open,
    picked: selected ? [...also, selected] : [],
    undoable,
    redoable,
    place,
    step: "",
    pick: (wanted) => sitting.pick(wanted.filter((id) => ids.has(id))),
    carry: (wanted, dx, dy) => {
      sitting.changeAll(
        shifts(among(open, wanted), dx, dy, size).map(({ id, ...change }) => ({ id, change })),
      );
    },
    add: (pieces) => {
      // What is copied comes from a shared canvas.
      const copied = pieces as readonly Shown[];
      sitting.createAll(
        copied.map(({ box, points, concepts, text }) =>
          points?.length ? { box, points, concepts, text } : { box, concepts, text },
        ),
      );
    },
  };
}
