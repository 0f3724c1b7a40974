/** Whole clusters under review: two that are one thing, and one that is several. */

import type { ConceptRef, ReviewItem } from "./contract.ts";
import { type Box, iou } from "./geometry.ts";
import { accept, type Part, type Ruling, type Rulings } from "./rulings.ts";

type Member = ReviewItem["members"][number];

/** Takes an item out of whatever cluster it was merged into, or lets go of what was merged into it. */
export function release(rulings: Rulings, id: string): Rulings {
  const into = rulings[id]?.into;
  if (into) {
    const head = rulings[into] as Ruling;
    const left = (head.merges ?? []).filter((one) => one !== id);
    const { [id]: _gone, ...rest } = rulings;
    if (left.length) return { ...rest, [into]: { ...head, merges: left } };
    const { [into]: _alone, ...others } = rest;
    return others;
  }
  const merged = new Set(rulings[id]?.merges ?? []);
  return Object.fromEntries(Object.entries(rulings).filter(([key]) => key !== id && !merged.has(key)));
}

/** `other` is the same thing as `first`: one box. */
export function merge(
  rulings: Rulings,
  first: ReviewItem,
  other: ReviewItem,
  items: readonly ReviewItem[],
): Rulings {
  const merges = rulings[first.id]?.merges ?? [];
  if (first.id === other.id || merges.includes(other.id)) return rulings;
  const brought = [other.id, ...(rulings[other.id]?.merges ?? [])];
  let now = release(rulings, other.id);
  const before = now[first.id]?.into ? undefined : now[first.id];
  if (now[first.id]?.into) now = release(now, first.id);
  const all = [...(before?.merges ?? []), ...brought];
  const members = items.filter(({ id }) => id === first.id || all.includes(id)).flatMap((one) => one.members);
  const gone = Object.fromEntries(
    brought.map((id) => [id, { ...blank(items, id), verdict: "merged" as const, into: first.id }]),
  );
  return {
    ...now,
    ...gone,
    [first.id]: {
      verdict: "merged",
      box: boxOfBoth([first, ...items.filter(({ id }) => all.includes(id))], members) ?? first.box,
      concepts: before?.concepts.length ? before.concepts : first.concepts,
      reason: before?.reason ?? "",
      merges: all,
    },
  };
}

/** One cluster becomes two: those whose label differs from what most say apart, else the last by itself. */
export function split(rulings: Rulings, item: ReviewItem): Rulings {
  if (item.members.length < 2) return rulings;
  const most = labelOf(item.members)?.id;
  const others = item.members.filter(({ concepts }) => !concepts.some(({ id }) => id === most));
  const apart = others.length && others.length < item.members.length ? others : item.members.slice(-1);
  return put(rulings, item, [item.members.filter((one) => !apart.includes(one)), apart]);
}

/** Puts an answer into another part; a new one begins where there is no such part, and an empty one ends. */
export function assign(rulings: Rulings, item: ReviewItem, member: string, part: number): Rulings {
  const parts = rulings[item.id]?.parts ?? [];
  const known = parts.map(({ members }) => members.filter((id) => id !== member));
  known[part] = [...(known[part] ?? []), member];
  const groups = known.map((ids) => item.members.filter(({ annotation }) => ids.includes(annotation)));
  const left = groups.filter((group) => group.length);
  return left.length < 2 ? rulings : put(rulings, item, left, parts);
}

/** Changes the box or the label of one part. */
export function amendPart(rulings: Rulings, id: string, part: number, change: Partial<Part>): Rulings {
  const before = rulings[id];
  if (!before?.parts) return rulings;
  const parts = before.parts.map((one, index) => (index === part ? { ...one, ...change } : one));
  return { ...rulings, [id]: { ...before, parts } };
}

function put(
  rulings: Rulings,
  item: ReviewItem,
  groups: readonly (readonly Member[])[],
  before: readonly Part[] = [],
): Rulings {
  const parts = groups.map((group): Part => {
    const members = group.map(({ annotation }) => annotation);
    // A part that has the same answers as before keeps what was made of it.
    const same = before.find((one) => one.members.join() === members.join());
    const label = labelOf(group);
    return same ?? { members, box: medianBox(group), concepts: label ? [label] : [] };
  });
  const now = release(rulings, item.id);
  const base = accept({}, item)[item.id] as Ruling;
  const reason = rulings[item.id]?.reason ?? "";
  return { ...now, [item.id]: { ...base, verdict: "split", reason, parts } };
}

const blank = (items: readonly ReviewItem[], id: string): Ruling => {
  const item = items.find((one) => one.id === id);
  return { verdict: "merged", box: item?.box ?? null, concepts: item?.concepts ?? [], reason: "" };
};

/** The label that more than half of them give. */
function labelOf(members: readonly Member[]): ConceptRef | null {
  const counts = new Map<string, number>();
  const all = members.flatMap(({ concepts }) => concepts);
  for (const { id } of all) counts.set(id, (counts.get(id) ?? 0) + 1);
  return all.find(({ id }) => 2 * (counts.get(id) ?? 0) > members.length) ?? null;
}

/** Of clusters that overlap the first the median of all answers; of pieces that lie apart, what holds them all. */
function boxOfBoth(clusters: readonly ReviewItem[], members: readonly Member[]): Box | null {
  const boxes = clusters.flatMap(({ box }) => (box ? [box] : []));
  const [first] = boxes;
  if (!first || boxes.every((box) => iou(first, box) > 0)) return medianBox(members);
  const [left, top] = [Math.min(...boxes.map(([x]) => x)), Math.min(...boxes.map(([, y]) => y))];
  const right = Math.max(...boxes.map(([x, , w]) => x + w));
  const bottom = Math.max(...boxes.map(([, y, , h]) => y + h));
  return [left, top, right - left, bottom - top];
}

/** Each edge at the median of the members' edges. */
export function medianBox(members: readonly Member[]): Box | null {
  const boxes = members.flatMap(({ box }) => (box ? [box] : []));
  if (!boxes.length) return null;
  const edge = (of: (box: Box) => number): number => {
    const sorted = boxes.map(of).sort((a, b) => a - b);
    const middle = (sorted.length - 1) / 2;
    return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
  };
  const left = edge(([x]) => x);
  const top = edge(([, y]) => y);
  return [left, top, edge(([x, , w]) => x + w) - left, edge(([, y, , h]) => y + h) - top];
}
