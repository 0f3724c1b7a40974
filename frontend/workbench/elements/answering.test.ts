import { beforeEach, expect, it } from "vitest";
import type { Prediction } from "../core/contract.ts";
import { assignment, PretendServer, world } from "../core/fixtures.ts";
import { Session } from "../core/session.ts";
import { Answering } from "./answering.ts";
import { Palette } from "./pigments.ts";

const G = { id: "g", label: "G clef" };
const F = { id: "f", label: "F clef" };
const predictions: Prediction[] = [1, 2].map((n) => ({
  id: `p${n}`,
  box: [n * 100, 0, 50, 50],
  concepts: [G],
  confidence: 0.8,
}));

let session: Session;
let hand: Answering;

beforeEach(async () => {
  const server = new PretendServer([assignment("a1", { predictions })]);
  const options = { campaign: "clefs", person: "", locale: "en", device: "desktop" } as const;
  session = new Session(world(server), options, () => undefined);
  await session.start();
  hand = new Answering(session, new Palette(), () => undefined);
});

it("gives the next box the label chosen last, and lets a label be changed", () => {
  hand.draw({ box: [0, 0, 10, 10] });
  expect(session.answer.shapes[0]?.concepts).toEqual([]);
  hand.choose(G);
  hand.draw({ box: [20, 0, 10, 10] });
  hand.choose(F);
  expect(session.answer.shapes.map(({ concepts }) => concepts)).toEqual([[G], [F]]);
  expect(hand.held.label).toBe(F);
  hand.select(null);
  hand.choose(F);
  expect(hand.held.label).toBeNull();
});

it("accepts all suggestions in one step, and corrects one into `edited`", () => {
  hand.accept(predictions);
  expect(session.answer.shapes.map(({ origin, prediction }) => [origin, prediction])).toEqual([
    ["accepted", "p1"],
    ["accepted", "p2"],
  ]);
  session.undo();
  expect(session.answer.shapes).toEqual([]);
  hand.select("p1");
  expect(hand.confirm()).toBe(true);
  const [taken] = session.answer.shapes;
  expect(hand.held.selected).toBe("p2");
  hand.edit(taken?.id ?? "", { box: [101, 0, 50, 50] });
  expect(session.answer.shapes[0]?.origin).toBe("edited");
});

it("refuses a suggestion and deletes a box with the same key", () => {
  hand.remove("p2");
  expect(session.answer.rejected).toEqual(["p2"]);
  hand.draw({ box: [0, 0, 10, 10] });
  hand.remove(hand.held.selected ?? "");
  expect(session.answer.shapes).toEqual([]);
  expect(hand.held.selected).toBeNull();
});

it("walks through suggestions and boxes, round both ends", () => {
  hand.draw({ box: [500, 500, 10, 10] });
  hand.select(null);
  expect(hand.walk(1)).toEqual([100, 0, 50, 50]);
  expect(hand.walk(-1)).toEqual([500, 500, 10, 10]);
  expect(hand.walk(1)).toEqual([100, 0, 50, 50]);
});

it("asks for the label of a bare box before letting it go", () => {
  hand.draw({ box: [0, 0, 10, 10] });
  expect(hand.confirm()).toBe(false);
  hand.select(null);
  expect(hand.pickBare()).toEqual([0, 0, 10, 10]);
  hand.choose(G);
  expect(hand.confirm()).toBe(true);
  expect(hand.held.selected).toBeNull();
});
