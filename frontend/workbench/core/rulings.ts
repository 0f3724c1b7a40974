/** A curator's decisions on one image: about every consensus box, and the boxes everybody missed. */

import { release } from "./clusters.ts";
import type { ConceptRef, Decision, ReviewItem, Verdict, Written } from "./contract.ts";
import type { Box } from "./geometry.ts";
import type { Place } from "./outline.ts";

export interface Ruling {
  readonly verdict: Verdict;
  readonly box: Box | null;
  /** The corners of an outline, or one point; empty for a box. */
  readonly points?: Place["points"];
  readonly concepts: readonly ConceptRef[];
  /** What stands, where people write. */
  readonly text?: Written | null;
  readonly reason: string;
  /** Of a sequence the step that something added answers. */
  readonly step?: string;
  /** The items that became one with this. */
  readonly merges?: readonly string[];
  /** The item that this became a part of: it has no verdict of its own. */
  readonly into?: string;
  /** What this falls into. */
  readonly parts?: readonly Part[];
}

export interface Part {
  readonly members: readonly string[];
  readonly box: Box | null;
  readonly concepts: readonly ConceptRef[];
}

/** By item id; added boxes under an id of their own. */
export type Rulings = Readonly<Record<string, Ruling>>;

/** What was said of items before, beside the crops of other images, where the task itself waits. */
export const fromKept = (items: readonly ReviewItem[]): Rulings =>
  Object.fromEntries(
    items.flatMap(({ id, box, points, concepts, kept }) =>
      kept
        ? [
            [
              id,
              {
                verdict: kept.verdict,
                box,
                points,
                concepts: kept.concepts.length ? kept.concepts : concepts,
                reason: kept.reason,
              },
            ],
          ]
        : [],
    ),
  );

export const accept = (rulings: Rulings, item: ReviewItem): Rulings => {
  // Where no text has a majority, the one that is most like all others.
  const [nearest] = item.written ?? [];
  if (nearest && !item.text) return correct(rulings, item, { text: plain(nearest) });
  return taken(rulings, item);
};

const taken = (rulings: Rulings, item: ReviewItem): Rulings => ({
  ...release(rulings, item.id),
  [item.id]: {
    verdict: "accepted",
    box: item.box,
    points: item.points,
    concepts: item.concepts,
    ...(item.text && { text: item.text }),
    reason: rulings[item.id]?.reason ?? "",
  },
});

export const plain = ({ value, language }: Written): Written => ({ value, language });

/** Whether two texts are the same, letter by letter. */
export const sameText = (a?: Written | null, b?: Written | null): boolean =>
  a?.value.trim() === b?.value.trim() && a?.language === b?.language;

export const reject = (rulings: Rulings, item: ReviewItem): Rulings => {
  const now = taken(rulings, item);
  return { ...now, [item.id]: { ...(now[item.id] as Ruling), verdict: "rejected" } };
};

/** Accepts whatever has no ruling yet; of texts only what has a majority. */
export const acceptRest = (rulings: Rulings, items: readonly ReviewItem[]): Rulings =>
  items.reduce((now, item) => (now[item.id] || isOpen(item) ? now : settle(now, item)), rulings);

/** What is not asked after what stands before it is rejected. */
export const settle = (rulings: Rulings, item: ReviewItem): Rulings =>
  (item.moot ? reject : accept)(rulings, item);

/** How many `acceptRest` would accept. */
export const acceptable = (rulings: Rulings, items: readonly ReviewItem[]): number =>
  undecided(rulings, items).filter((item) => !isOpen(item)).length;

export const isOpen = ({ written, text }: ReviewItem): boolean => Boolean(written?.length) && !text;

/** Changes a place or label; what ends as the consensus had it counts as accepted. */
export function correct(
  rulings: Rulings,
  item: ReviewItem,
  change: Partial<Place> & { concepts?: readonly ConceptRef[]; text?: Written },
): Rulings {
  const before = rulings[item.id];
  if (before?.merges) return { ...rulings, [item.id]: { ...before, ...change } };
  const box = change.box ?? before?.box ?? item.box;
  const points = change.points ?? before?.points ?? item.points;
  const concepts = change.concepts ?? before?.concepts ?? item.concepts;
  const samePlace = String(box) === String(item.box) && String(points ?? "") === String(item.points ?? "");
  const sameLabels = ids(concepts) === ids(item.concepts);
  const text = change.text ?? before?.text ?? item.text;
  const verdict = samePlace && sameLabels && sameText(text, item.text) ? "accepted" : "corrected";
  return {
    ...release(rulings, item.id),
    [item.id]: { verdict, box, points, concepts, ...(text && { text }), reason: before?.reason ?? "" },
  };
}

export const add = (
  rulings: Rulings,
  id: string,
  box: Box | null,
  concepts: readonly ConceptRef[],
  points?: Place["points"],
  step = "",
): Rulings => ({
  ...rulings,
  [id]: { verdict: "added", box, points, concepts, reason: "", ...(step && { step }) },
});

export function amend(rulings: Rulings, id: string, change: Partial<Ruling>): Rulings {
  const before = rulings[id];
  return before ? { ...rulings, [id]: { ...before, ...change } } : rulings;
}

/** Takes a ruling back: an added box is gone, an item is undecided again. */
export function withdraw(rulings: Rulings, id: string): Rulings {
  const { [id]: _gone, ...rest } = rulings;
  return rest;
}

export const undecided = (rulings: Rulings, items: readonly ReviewItem[]): ReviewItem[] =>
  items.filter(({ id }) => !rulings[id]);

export const addedIn = (rulings: Rulings): (readonly [string, Ruling])[] =>
  Object.entries(rulings).filter(([, { verdict }]) => verdict === "added");

export function toDecision(
  id: string,
  task: string,
  items: readonly ReviewItem[],
  rulings: Rulings,
): Decision {
  const known = new Set(items.map((item) => item.id));
  const decided = Object.entries(rulings)
    .filter(([, { into }]) => !into)
    .map(([key, { concepts, box, points, into: _into, parts, text, ...ruling }]) => ({
      id: known.has(key) ? key : null,
      ...ruling,
      ...(text && { text: { ...text, value: text.value.trim() } }),
      // What has points is told by them alone.
      ...(points?.length ? { box: null, points } : { box }),
      concepts: concepts.map((concept) => concept.id),
      ...(parts && {
        parts: parts.map((part) => ({ ...part, concepts: part.concepts.map(({ id }) => id) })),
      }),
    }));
  return { id, task, items: decided };
}

const ids = (concepts: readonly ConceptRef[]): string =>
  concepts
    .map(({ id }) => id)
    .sort()
    .join();
