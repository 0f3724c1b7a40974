import { render } from "lit";
import { expect, it, vi } from "vitest";
import type { ReviewItem, StepAsked } from "../core/contract.ts";
import { CAMPAIGN } from "../core/fixtures.ts";
import { en } from "../core/locale/en/index.ts";
import { add, toDecision } from "../core/rulings.ts";
import { adding, takesMore } from "./adding.ts";

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
const [mark, where] = STEPS as [StepAsked, StepAsked];
const item = (id: string, name: string) => ({ id, step: name }) as ReviewItem;

it("takes one answer where nothing is drawn, and any number of shapes", () => {
  expect(takesMore(mark, [item("a", "mark")], {})).toBe(false);
  expect(takesMore(mark, [], {})).toBe(true);
  expect(takesMore(mark, [], add({}, "n", null, [], undefined, "mark"))).toBe(false);
  expect(takesMore(where, [item("b", "where")], add({}, "n", [0, 0, 1, 1], [], undefined, "where"))).toBe(
    true,
  );
});

it("hands in what was added with its step, and without one where one question is asked", () => {
  const sent = (name: string) =>
    toDecision("d", "t", [], add({}, "n", [0, 0, 5, 5], [], undefined, name)).items[0];
  expect(sent("where")).toMatchObject({ id: null, verdict: "added", step: "where" });
  expect(sent("")).not.toHaveProperty("step");
});

it("offers a button for each step that takes more", () => {
  const added = vi.fn();
  const shown = (one: typeof campaign | typeof CAMPAIGN) => {
    const place = document.createElement("div");
    render(adding(one, [item("a", "mark")], {}, en, added), place);
    return place;
  };
  const buttons = [...shown(campaign).querySelectorAll("button")];
  expect(buttons.map((button) => button.textContent?.trim())).toEqual(["where?", "spot?"]);
  buttons[1]?.click();
  expect(added).toHaveBeenCalledWith(STEPS[2]);
  expect(shown(CAMPAIGN).querySelector("button")).toBeNull();
});
