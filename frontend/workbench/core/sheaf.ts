/** One verdict, label or way for several items under review; each becomes what one alone would have become. Pure. */

import { merge } from "./clusters.ts";
import type { ConceptRef, ReviewItem } from "./contract.ts";
import type { Size } from "./geometry.ts";
import { labelsOf } from "./reviewed.ts";
import { amend, correct, isOpen, type Ruling, type Rulings, reject, settle, withdraw } from "./rulings.ts";
import { labelled, shifts } from "./several.ts";

/** What was made of it by hand: it is not put back by a verdict about many. */
const isMade = (ruling: Ruling | undefined): boolean =>
  ruling !== undefined && ["corrected", "merged", "split"].includes(ruling.verdict);

const known = (items: readonly ReviewItem[], ids: readonly string[]): ReviewItem[] =>
  items.filter(({ id }) => ids.includes(id));

/** What was corrected, merged or split stays so; texts without a majority wait to be read. */
export const acceptAll = (rulings: Rulings, items: readonly ReviewItem[], ids: readonly string[]): Rulings =>
  known(items, ids).reduce(
    (now, item) => (isMade(now[item.id]) || isOpen(item) ? now : settle(now, item)),
    rulings,
  );

/** What was added is gone again. */
export function rejectAll(rulings: Rulings, items: readonly ReviewItem[], ids: readonly string[]): Rulings {
  const now = known(items, ids).reduce(reject, rulings);
  return ids.filter((id) => now[id]?.verdict === "added").reduce(withdraw, now);
}

/**
 * A label for all, or one more where there may be several; what all have is taken from all then. What fell into parts, or
 * became a part of another, keeps its own.
 */
export function relabelAll(
  rulings: Rulings,
  items: readonly ReviewItem[],
  ids: readonly string[],
  { concept, many }: { readonly concept: ConceptRef; readonly many: boolean },
): Rulings {
  const open = ids.filter((id) => !rulings[id]?.parts && !rulings[id]?.into);
  return labelled(labelsOf({ items, rulings }, open), concept, { many }).reduce((now, { id, concepts }) => {
    const item = items.find((one) => one.id === id);
    return item ? correct(now, item, { concepts }) : amend(now, id, { concepts });
  }, rulings);
}

/** All become one with the first. */
export function mergeAll(rulings: Rulings, items: readonly ReviewItem[], ids: readonly string[]): Rulings {
  const [first, ...others] = mergeable(items, ids);
  return first ? others.reduce((now, other) => merge(now, first, other, items), rulings) : rulings;
}

/** Those that can become one: boxes that people drew. */
export const mergeable = (items: readonly ReviewItem[], ids: readonly string[]): ReviewItem[] =>
  known(items, ids).filter(({ box, points }) => box && !points?.length);

/** All of them go so far, or as far as the canvas lets them. */
export function carryAll(
  rulings: Rulings,
  items: readonly ReviewItem[],
  ids: readonly string[],
  { way: [dx, dy], canvas }: { readonly way: readonly [number, number]; readonly canvas: Size },
): Rulings {
  const places = ids.flatMap((id) => {
    const { box, points } = rulings[id] ?? items.find((item) => item.id === id) ?? { box: null };
    const stays = rulings[id]?.parts || rulings[id]?.into;
    return box && !stays ? [{ id, box, ...(points?.length ? { points } : {}) }] : [];
  });
  return shifts(places, dx, dy, canvas).reduce((now, { id, ...place }) => {
    const item = items.find((one) => one.id === id);
    return item ? correct(now, item, place) : amend(now, id, place);
  }, rulings);
}
