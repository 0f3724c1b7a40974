/** The answer in hand as something of which several shapes can be picked, carried and copied at once. */

import { newId } from "../api/world.ts";
import { type Shape, sizeOf } from "../core/draft.ts";
import type { Desk } from "../core/sessionstate.ts";
import { copies, shiftAll, withCopies } from "../core/several.ts";
import type { Answering } from "./answering.ts";
import type { Bench } from "./bunching.ts";

export function answerBench(hand: Answering | null, desk: Desk | null): Bench | null {
  if (!hand || !desk) return null;
  const { assignment, history } = desk.state;
  const { selected, also } = hand.held;
  const size = assignment ? sizeOf(assignment) : ([1, 1] as const);
  return {
    size,
    shapes: desk.answer.shapes,
    picked: selected ? [...also, selected] : [],
    undoable: history.past.length > 0,
    redoable: history.future.length > 0,
    place: assignment?.id ?? "",
    step: desk.step ?? "",
    pick: (ids) => hand.pick(ids),
    carry: (ids, dx, dy) => desk.change((now) => shiftAll(now, ids, dx, dy, size)),
    add: (pieces) => {
      // What is copied comes from an answer, this one or the one before.
      const made = copies(pieces as readonly Shape[], newId);
      desk.change((now) => withCopies(now, made));
      hand.pick(made.map(({ id }) => id));
    },
  };
}
