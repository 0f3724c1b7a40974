import { expect, it } from "vitest";
import { merge, split } from "./clusters.ts";
import type { ReviewItem } from "./contract.ts";
import type { Box } from "./geometry.ts";
import { accept, add, correct, type Rulings } from "./rulings.ts";
import { acceptAll, carryAll, mergeAll, rejectAll, relabelAll } from "./sheaf.ts";

const F = { id: "f", label: "F clef" };
const G = { id: "g", label: "G clef" };
const item = (id: string, box: Box | null, more: Partial<ReviewItem> = {}): ReviewItem => ({
  ...{ id, box, concepts: [F], votes: [], support: 2, seen: 2, disagreement: 0 },
  members: ["anna", "bo"].map((participant, index) => ({
    ...{ annotation: `${id}-${participant}`, participant, box, concepts: [index ? G : F] },
  })),
  ...more,
});
const one = item("one", [0, 0, 10, 10]);
const two = item("two", [4, 0, 10, 10]);
const three = item("three", [50, 50, 10, 10]);
const items = [one, two, three];
const said = (rulings: Rulings) =>
  Object.fromEntries(Object.entries(rulings).map(([id, { verdict }]) => [id, verdict]));

it("accepts those that are picked, and keeps what was made by hand", () => {
  const made = correct({}, one, { concepts: [G] });
  const now = acceptAll(split(made, three), items, ["one", "two", "three"]);
  expect(said(now)).toEqual({ one: "corrected", two: "accepted", three: "split" });
  expect(said(acceptAll({}, items, ["two"]))).toEqual({ two: "accepted" });
});

it("leaves texts without a majority to be read, and rejects what is not asked any more", () => {
  const text = item("text", null, { written: [{ value: "a", language: "la", people: ["anna"] }] as never });
  const moot = item("moot", [1, 1, 2, 2], { moot: true });
  expect(said(acceptAll({}, [text, moot], ["text", "moot"]))).toEqual({ moot: "rejected" });
});

it("rejects them, lets go of what was merged, and takes away what was added", () => {
  const added = add(merge({}, one, two, items), "mine", [1, 2, 3, 4], [F]);
  const now = rejectAll(added, items, ["one", "mine"]);
  expect(said(now)).toEqual({ one: "rejected" });
});

it("labels all of them, what was added too, and nothing that fell apart or belongs to another", () => {
  const before = add(split(merge({}, one, two, items), three), "mine", [1, 2, 3, 4], [F]);
  const now = relabelAll(before, items, ["one", "two", "three", "mine"], { concept: G, many: false });
  expect(said(now)).toEqual({ one: "merged", two: "merged", three: "split", mine: "added" });
  expect([now.one?.concepts, now.mine?.concepts]).toEqual([[G], [G]]);
  expect(now.three).toBe(before.three);
  expect(said(relabelAll({}, items, ["one", "three"], { concept: F, many: false }))).toEqual({
    one: "accepted",
    three: "accepted",
  });
  const more = relabelAll({}, items, ["one", "three"], { concept: G, many: true });
  expect([more.one?.concepts, more.three?.verdict]).toEqual([[F, G], "corrected"]);
  expect(said(relabelAll(more, items, ["one", "three"], { concept: G, many: true }))).toEqual({
    one: "accepted",
    three: "accepted",
  });
});

it("makes one of them all with the first", () => {
  const now = mergeAll({}, items, ["three", "one", "two"]);
  expect(now.one).toMatchObject({ verdict: "merged", merges: ["two", "three"] });
  expect([now.two?.into, now.three?.into]).toEqual(["one", "one"]);
  const outline = item("outline", [0, 0, 5, 5], {
    points: [
      [0, 0],
      [5, 0],
      [0, 5],
    ],
  });
  expect(mergeAll({}, [one, outline], ["one", "outline"])).toEqual({});
});

it("moves them together as far as the canvas goes, and accepts what comes back to its place", () => {
  const canvas = [100, 100] as const;
  const gone = carryAll({}, items, ["one", "two"], { way: [-5, 7], canvas });
  expect([gone.one?.box, gone.two?.box, gone.one?.verdict]).toEqual([
    [0, 7, 10, 10],
    [4, 7, 10, 10],
    "corrected",
  ]);
  const back = carryAll(gone, items, ["one", "two"], { way: [0, -7], canvas });
  expect(said(back)).toEqual({ one: "accepted", two: "accepted" });
  const mine = add(accept({}, three), "mine", [1, 2, 3, 4], [F]);
  expect(carryAll(mine, items, ["mine"], { way: [5, 5], canvas }).mine?.box).toEqual([6, 7, 3, 4]);
});
