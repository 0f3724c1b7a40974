import { afterEach, expect, it } from "vitest";
import type { ReviewItem, ReviewTask, StepAsked } from "../core/contract.ts";
import { CAMPAIGN } from "../core/fixtures.ts";
import { en } from "../core/locale/en/index.ts";
import { texts as fr } from "../core/locale/fr/index.ts";
import { learn } from "../core/locale/index.ts";
import { RubricatorDocket } from "./rubricator-docket.ts";

const yes = { name: "yes", concept: "y", letters: {} };
const step = (name: string, more: Partial<StepAsked["question"]>): StepAsked => ({
  name,
  condition: null,
  question: { ...CAMPAIGN.question, prompt: { en: `${name}?` }, draws: false, ...more },
});
const STEPS = [
  step("mark", { answers: [yes] }),
  step("where", { draws: true, shapes: "polygon" }),
  step("words", { writes: true }),
  step("subject", {}),
];
const item = (id: string, more: Partial<ReviewItem> = {}): ReviewItem => ({
  ...{ id, step: id, box: null, concepts: [{ id: "y", label: "Yes" }], votes: [], members: [] },
  ...{ support: 2, seen: 3, disagreement: 0 },
  ...more,
});
const REVIEW = { items: STEPS.map(({ name }) => item(name)), remaining: 1 } as unknown as ReviewTask;
const sequence = { ...CAMPAIGN, question: { ...CAMPAIGN.question, steps: STEPS } };

afterEach(() => document.body.replaceChildren());

async function shown(more: Partial<RubricatorDocket>): Promise<RubricatorDocket> {
  const docket = Object.assign(new RubricatorDocket(), { campaign: sequence, review: REVIEW, ...more });
  document.body.append(docket);
  await docket.updateComplete;
  for (const name of ["rubricator-items", "rubricator-item"] as const)
    await docket.querySelector(name)?.updateComplete;
  return docket;
}

const said = (docket: Element, selector: string) =>
  [...docket.querySelectorAll(selector)].map(({ textContent }) => textContent?.replace(/\s+/g, " ").trim());

it("says of each step what people did, and of all of them that they are answers", async () => {
  const docket = await shown({ selected: "mark" });
  expect(said(docket, ".rw-shape-place")).toEqual([
    "2 of 3 said so",
    "2 of 3 drew it",
    "2 of 3 wrote it",
    "2 of 3 chose it",
  ]);
  expect(said(docket, "rubricator-items h2")).toEqual(["4 answers to decide"]);
  expect(said(docket, "[data-testid=status]")).toEqual(["4 answers are still undecided."]);
  expect(said(docket, "[data-testid=review-item] > .rw-hint")).toEqual(["2 of 3 said so"]);
});

it("says the same in French", async () => {
  learn("fr", fr);
  const docket = await shown({ texts: fr });
  expect(said(docket, ".rw-shape-place")).toEqual([
    "2 sur 3 l’ont dit",
    "2 sur 3 l’ont tracé",
    "2 sur 3 l’ont écrit",
    "2 sur 3 l’ont choisie",
  ]);
  expect(said(docket, "rubricator-items h2")).toEqual(["4 réponses à décider"]);
});

it("names labels where only labels are asked for, and boxes where boxes are drawn", async () => {
  const labels = { ...CAMPAIGN, question: { ...CAMPAIGN.question, draws: false } };
  const one = { ...REVIEW, items: [item("a", { step: "" })] };
  const of = async (campaign: typeof CAMPAIGN) => {
    const docket = await shown({ campaign, review: one, selected: "a" });
    return said(docket, "rubricator-items h2, .rw-shape-place, .rw-section-head h2");
  };
  expect(await of(labels)).toEqual(["Label 1: Yes", "1 label to decide", "2 of 3 chose it"]);
  expect(await of(CAMPAIGN)).toEqual(["Box 1: Yes", "1 box to decide", "2 of 3 drew it"]);
});

it("says what is missing where everybody said nothing", async () => {
  const docket = await shown({ review: { ...REVIEW, items: [] }, texts: en });
  expect(said(docket, ".rw-empty")[0]).toContain("add what is missing");
});

it("offers to accept the rest only where something stands to be accepted, and names a text that none wrote most", async () => {
  const writes = { ...CAMPAIGN, question: { ...CAMPAIGN.question, draws: false, writes: true } };
  const written = [{ value: "Beatus", language: "la", people: ["Ada"], support: 1 }];
  const open = item("a", { step: "", concepts: [], written } as unknown as Partial<ReviewItem>);
  const settled = { ...open, id: "b", text: { value: "Kyrie", language: "la" } };
  const of = async (...items: ReviewItem[]) => {
    const docket = await shown({
      campaign: writes,
      review: { ...REVIEW, items, remaining: 2 },
      selected: "a",
    });
    return docket;
  };
  const alone = await of(open);
  expect(said(alone, ".rw-section-head h2")).toContain("Text 1: no text has a majority");
  expect(alone.querySelector("[data-testid=accept-rest]")?.hasAttribute("hidden")).toBe(true);
  expect(alone.querySelector("rubricator-people")?.hasAttribute("hidden")).toBe(true);
  const both = await of(open, settled);
  expect(said(both, "[data-testid=accept-rest]")).toEqual(["Accept the last one"]);
  expect(both.querySelector("[data-testid=later]")?.classList.contains("rw-wide")).toBe(false);
});
