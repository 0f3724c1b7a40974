import { expect, it } from "vitest";
import { amendPart, assign, medianBox, merge, release, split } from "./clusters.ts";
import type { ReviewItem } from "./contract.ts";
import * as rulings from "./rulings.ts";

const G = { id: "g", label: "G clef" };
const F = { id: "f", label: "F clef" };
const member = (annotation: string, x: number, concept = G) => ({
  annotation,
  participant: annotation,
  box: [x, 0, 10, 10] as const,
  concepts: [concept],
});
const item = (id: string, members: ReviewItem["members"]): ReviewItem => ({
  id,
  box: [0, 0, 10, 10],
  concepts: [G],
  votes: [],
  support: members.length,
  seen: 3,
  disagreement: 0.3,
  members,
});
const one = item("one", [member("a", 0), member("b", 2), member("c", 4, F)]);
const two = item("two", [member("d", 6)]);
const three = item("three", [member("e", 8)]);
const all = [one, two, three];

it("makes one of two, with the median of all boxes, and posts it as one judgement", () => {
  const now = merge({}, one, two, all);
  expect(now.one).toMatchObject({ verdict: "merged", merges: ["two"], box: [3, 0, 10, 10] });
  expect(now.two).toMatchObject({ verdict: "merged", into: "one" });
  expect(rulings.undecided(now, all)).toEqual([three]);
  expect(rulings.toDecision("d", "t", all, now).items).toEqual([
    { id: "one", verdict: "merged", box: [3, 0, 10, 10], concepts: ["g"], reason: "", merges: ["two"] },
  ]);
});

it("takes over what was merged before, and lets go of it", () => {
  const now = merge(merge({}, two, three, all), one, two, all);
  expect(now.one?.merges).toEqual(["two", "three"]);
  expect(now.three?.into).toBe("one");
  expect(release(now, "three").one?.merges).toEqual(["two"]);
  expect(release(merge({}, one, two, all), "two")).toEqual({});
  expect(release(now, "one")).toEqual({});
  expect(rulings.accept(now, two).one?.merges).toEqual(["three"]);
  expect(rulings.reject(merge({}, one, two, all), one).two).toBeUndefined();
});

it("holds both pieces of what lies apart", () => {
  const far = { ...two, box: [100, 20, 10, 10] as const };
  expect(merge({}, one, far, [one, far]).one?.box).toEqual([0, 0, 110, 30]);
});

it("never merges a box with itself, or twice", () => {
  expect(merge({}, one, one, all)).toEqual({});
  const now = merge({}, one, two, all);
  expect(merge(now, one, two, all)).toBe(now);
});

it("splits by label first, and answers go from part to part", () => {
  const now = split({}, one);
  expect(now.one?.parts?.map(({ members }) => members)).toEqual([["a", "b"], ["c"]]);
  expect(now.one?.parts?.map(({ concepts }) => concepts[0]?.id)).toEqual(["g", "f"]);
  const moved = assign(now, one, "b", 1);
  expect(moved.one?.parts?.map(({ members }) => members)).toEqual([["a"], ["b", "c"]]);
  expect(assign(moved, one, "a", 1)).toBe(moved); // one part alone would be no split
  expect(assign(moved, one, "b", 2).one?.parts).toHaveLength(3);
  expect(split({}, two)).toEqual({});
});

it("posts every part with its answers, its box and its label", () => {
  const now = amendPart(split({}, one), "one", 1, { concepts: [G], box: [50, 0, 5, 5] });
  const [posted] = rulings.toDecision("d", "t", [one], now).items;
  expect(posted).toMatchObject({ id: "one", verdict: "split" });
  expect(posted?.parts).toEqual([
    { members: ["a", "b"], box: [1, 0, 10, 10], concepts: ["g"] },
    { members: ["c"], box: [50, 0, 5, 5], concepts: ["g"] },
  ]);
});

it("knows no box of answers without one", () => {
  expect(medianBox([{ ...member("a", 0), box: null }])).toBeNull();
});
