import { expect, it } from "vitest";
import type { ReviewItem, StepAsked } from "./contract.ts";
import { CAMPAIGN } from "./fixtures.ts";
import { askedOf, drawnIn, kindOf, kindOfAll, stepOf } from "./reviewed.ts";
import { add } from "./rulings.ts";

const step = (name: string, more: Partial<StepAsked["question"]>): StepAsked => ({
  name,
  condition: null,
  question: { ...CAMPAIGN.question, prompt: { en: `${name}?` }, ...more },
});
const STEPS = [
  step("mark", { draws: false }),
  step("where", { draws: true, shapes: "box" }),
  step("spot", { draws: true, shapes: "point" }),
];
const campaign = { ...CAMPAIGN, question: { ...CAMPAIGN.question, steps: STEPS } };
const items = [{ id: "a", step: "mark" }, { id: "b" }] as ReviewItem[];

it("draws for the step of what is picked, else for the first in which one draws", () => {
  expect(drawnIn(campaign, "spot")?.name).toBe("spot");
  expect(drawnIn(campaign, "mark")?.name).toBe("where");
  expect(drawnIn(CAMPAIGN, "")).toBeNull();
});

it("knows the step of an item and of what was added, and the question that it answers", () => {
  const reviewed = { campaign, items, rulings: add({}, "new", [0, 0, 1, 1], [], undefined, "spot") };
  expect(["a", "b", "new", null].map((id) => stepOf(reviewed, id))).toEqual(["mark", "", "spot", ""]);
  expect(askedOf(reviewed, "new")?.shapes).toBe("point");
  expect(askedOf(reviewed, "b")).toBe(campaign.question);
  expect(askedOf({ ...reviewed, campaign: null }, "b")).toBeNull();
});

it("says of each what people were asked for", () => {
  const kind = (more: Partial<StepAsked["question"]>) => kindOf({ ...CAMPAIGN.question, ...more });
  const yes = { name: "yes", concept: "y", letters: {} };
  expect(kind({ draws: true, shapes: "polygon" })).toBe("polygon");
  expect(kind({ draws: false, judges: true })).toBe("box");
  expect(kind({ draws: false, writes: true })).toBe("text");
  expect(kind({ draws: false, answers: [yes] })).toBe("answer");
  expect(kind({ draws: false, answers: [] })).toBe("label");
  expect(kindOfAll({ campaign })).toBe("answer");
  expect(kindOfAll({ campaign: CAMPAIGN })).toBe("box");
  expect(kindOfAll({ campaign: null })).toBe("box");
});
