import { describe, expect, it } from "vitest";
import type { Prediction } from "./contract.ts";
import * as draft from "./draft.ts";
import { assignment } from "./fixtures.ts";

const G = { id: "g", label: "G clef" };
const F = { id: "f", label: "F clef" };
const prediction: Prediction = { id: "p1", box: [1, 2, 30, 40], concepts: [G], confidence: 0.9 };
const accepted = draft.acceptPrediction(draft.BLANK, prediction, "s1");

describe("where a shape came from", () => {
  it("is told apart: drawn, accepted, edited", () => {
    expect(draft.addShape(draft.BLANK, "s", [0, 0, 5, 5], []).shapes[0]?.origin).toBe("drawn");
    expect(accepted.shapes[0]).toMatchObject({ origin: "accepted", prediction: "p1", box: [1, 2, 30, 40] });
    expect(draft.changeShape(accepted, "s1", { box: [1, 2, 30, 41] }).shapes[0]?.origin).toBe("edited");
    expect(draft.changeShape(accepted, "s1", { concepts: [F] }).shapes[0]?.origin).toBe("edited");
  });

  it("stays `accepted` when a change changes nothing", () => {
    expect(draft.changeShape(accepted, "s1", { box: [1, 2, 30, 40], concepts: [G] })).toBe(accepted);
  });

  it("makes a deleted suggestion a refused one", () => {
    const answer = draft.deleteShape(accepted, "s1");
    expect(answer.shapes).toEqual([]);
    expect(answer.rejected).toEqual(["p1"]);
    expect(draft.openPredictions(answer, [prediction])).toEqual([]);
  });

  it("takes a suggestion once only", () => {
    expect(draft.acceptPrediction(accepted, prediction, "s2")).toBe(accepted);
    expect(draft.openPredictions(draft.BLANK, [prediction])).toEqual([prediction]);
  });
});

describe("what is missing before an answer can be handed in", () => {
  it("is a box with its label, for a question of boxes", () => {
    const bare = draft.addShape(draft.BLANK, "s", [0, 0, 5, 5], []);
    expect(draft.obstacle(draft.BLANK, { draws: true, required_label: true })).toBe("no-answer");
    expect(draft.obstacle(bare, { draws: true, required_label: true })).toBe("no-label");
    expect(draft.obstacle(bare, { draws: true, required_label: false })).toBeNull();
    expect(draft.obstacle(accepted, { draws: true, required_label: true })).toBeNull();
  });

  it("is a choice, for a question of labels", () => {
    expect(draft.obstacle(draft.BLANK, { draws: false, required_label: true })).toBe("choose");
    expect(
      draft.obstacle(draft.toggleConcept(draft.BLANK, G, false), { draws: false, required_label: true }),
    ).toBeNull();
  });

  it("is nothing once somebody says that nothing is here", () => {
    const nothing = draft.sayNothingHere(draft.BLANK, true);
    expect(draft.obstacle(nothing, { draws: true, required_label: true })).toBeNull();
    expect(draft.addShape(nothing, "s", [0, 0, 5, 5], []).nothingHere).toBe(false);
  });
});

it("chooses one concept or several, and takes a choice back", () => {
  const one = draft.toggleConcept(draft.toggleConcept(draft.BLANK, G, false), F, false);
  expect(one.concepts).toEqual([F]);
  const two = draft.toggleConcept(draft.toggleConcept(draft.BLANK, G, true), F, true);
  expect(two.concepts).toEqual([G, F]);
  expect(draft.toggleConcept(two, G, true).concepts).toEqual([F]);
});

it("becomes exactly what the server wants", () => {
  const about = { id: "c1", timeSpentS: 12.3456, locale: "fr", device: "phone" } as const;
  expect(draft.toContribution({ ...accepted, comment: " hm " }, assignment("a1"), about)).toEqual({
    id: "c1",
    assignment: "a1",
    nothing_here: false,
    shapes: [{ id: "s1", box: [1, 2, 30, 40], concepts: ["g"], origin: "accepted", prediction: "p1" }],
    concepts: [],
    rejected_predictions: [],
    comment: "hm",
    time_spent_s: 12.3,
    locale: "fr",
    device: "phone",
    canvas_size: [1000, 2000],
  });
});

it("moves along when its canvas has another size", () => {
  const drawn = draft.addShape(draft.BLANK, "s1", [10, 20, 30, 40], [G]);
  const half = draft.inSpace(drawn, [1000, 2000], [500, 1000]);
  expect(half.shapes[0]?.box).toEqual([5, 10, 15, 20]);
  expect(draft.inSpace(half, [500, 1000], [1000, 2000])).toEqual(drawn);
  expect(draft.inSpace(drawn, [7, 7], [7, 7])).toBe(drawn);
});
