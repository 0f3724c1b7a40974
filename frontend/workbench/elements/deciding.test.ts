import { LitElement } from "lit";
import { customElement } from "lit/decorators.js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Campaign, ReviewItem, StepAsked } from "../core/contract.ts";
import { CAMPAIGN } from "../core/fixtures.ts";
import { en } from "../core/locale/en/index.ts";
import { Deciding } from "./deciding.ts";
import { reviewBench, sheafOf } from "./sheafing.ts";

const clef = { id: "f", label: "F clef" };
const item = (id: string, more: Partial<ReviewItem> = {}): ReviewItem => ({
  ...{ id, box: [0, 0, 10, 10], concepts: [clef], votes: [], support: 2, seen: 2, disagreement: 0 },
  members: ["anna", "bo"].map((participant) => ({
    ...{ annotation: `${id}-${participant}`, participant, box: [0, 0, 10, 10] as const, concepts: [clef] },
  })),
  ...more,
});

@customElement("deciding-host")
class Host extends LitElement {
  campaign: Campaign | null = CAMPAIGN;
  ruled = (): void => undefined;
  items: readonly ReviewItem[] = [item("one"), item("two"), item("three")];
  stage = { focus: vi.fn(), reveal: vi.fn() };
  card = { search: vi.fn() };
  texts = en;
  say = vi.fn();
  tool = "move" as "draw" | "move";
  deciding = new Deciding(this);
}

let host: Host;
const tell = (name: string, detail: unknown = {}) => host.dispatchEvent(new CustomEvent(name, { detail }));
const verdicts = () =>
  Object.fromEntries(Object.entries(host.deciding.rulings).map(([id, { verdict }]) => [id, verdict]));

beforeEach(() => {
  host = new Host();
  document.body.append(host);
});
afterEach(() => document.body.replaceChildren());

describe("a decision", () => {
  it("goes on to the next open one, and round to what was left", () => {
    tell("rubricator-image-shown");
    expect(host.deciding.selected).toBe("one");
    host.deciding.walk(1);
    host.deciding.accept();
    expect(host.deciding.selected).toBe("three");
    tell("item-reject");
    expect([verdicts(), host.deciding.selected]).toEqual([{ two: "accepted", three: "rejected" }, "one"]);
    expect(host.stage.reveal).toHaveBeenLastCalledWith([0, 0, 10, 10], { share: 0.2 });
  });

  it("is undone and redone, and forgotten with its image", () => {
    tell("items-accept-rest");
    expect(Object.values(verdicts())).toEqual(["accepted", "accepted", "accepted"]);
    host.deciding.travel("undo");
    expect(verdicts()).toEqual({});
    host.deciding.travel("redo");
    expect(Object.keys(verdicts())).toHaveLength(3);
    host.deciding.begin({});
    expect([verdicts(), host.deciding.selected, host.deciding.history.past]).toEqual([{}, null, []]);
  });

  it("keeps what was corrected when it is accepted", () => {
    tell("stage-select", { id: "one" });
    tell("stage-edit", { id: "one", box: [1, 1, 9, 9] });
    tell("stage-confirm");
    expect(verdicts()).toEqual({ one: "corrected" });
    expect(host.deciding.rulings.one?.box).toEqual([1, 1, 9, 9]);
  });

  it("merges two in two presses, and splits one that has several answers", () => {
    tell("stage-select", { id: "one" });
    tell("item-merge");
    expect(host.deciding.merging).toBe("one");
    tell("stage-select", { id: "two" });
    tell("item-merge");
    expect([verdicts(), host.deciding.merging]).toEqual([{ one: "merged", two: "merged" }, null]);
    tell("stage-select", { id: "three" });
    tell("item-split");
    expect(verdicts().three).toBe("split");
    tell("item-split");
    expect(verdicts().three).toBeUndefined();
  });
});

describe("what is added", () => {
  it("is drawn, picked, and gone again when it is rejected", () => {
    host.tool = "draw";
    tell("stage-draw", { box: [5, 5, 5, 5] });
    const [added = ""] = Object.keys(host.deciding.rulings);
    expect([host.deciding.selected, verdicts()[added], host.tool]).toEqual([added, "added", "move"]);
    tell("stage-delete");
    expect([verdicts(), host.deciding.selected]).toEqual([{}, null]);
  });

  it("answers a step: where one draws the hand draws, else its label is asked for", async () => {
    const step = (name: string, draws: boolean): StepAsked => ({
      ...{ name, condition: null, question: { ...CAMPAIGN.question, draws, shapes: "polygon" } },
    });
    const steps = [step("mark", false), step("where", true)] as const;
    host.campaign = { ...CAMPAIGN, question: { ...CAMPAIGN.question, steps } };
    tell("step-add", { step: steps[1] });
    expect([host.tool, host.deciding.drawing?.shapes, host.deciding.kind]).toEqual([
      "draw",
      "polygon",
      "polygon",
    ]);
    tell("stage-draw", { box: [5, 5, 5, 5] });
    expect(Object.values(host.deciding.rulings)[0]?.step).toBe("where");
    tell("step-add", { step: steps[0] });
    await host.updateComplete;
    expect(host.card.search).toHaveBeenCalledOnce();
    expect([host.deciding.step, host.deciding.kind]).toEqual(["mark", "label"]);
  });
});

describe("several at once", () => {
  const bench = () => reviewBench(host.deciding, "task", [100, 100]);

  it("get one verdict as one step, and the next open one is picked", () => {
    bench()?.pick(["one", "two/1", "two"]);
    expect(host.deciding.picked).toEqual(["one", "two"]);
    host.deciding.accept();
    expect([verdicts(), host.deciding.picked]).toEqual([{ one: "accepted", two: "accepted" }, ["three"]]);
    expect(host.say).toHaveBeenLastCalledWith(en.sheaf.accepted(2));
    host.deciding.travel("undo");
    expect(verdicts()).toEqual({});
    bench()?.pick(["one", "three"]);
    tell("stage-delete", { id: "three" });
    expect(verdicts()).toEqual({ one: "rejected", three: "rejected" });
  });

  it("get one label, and stay in hand", () => {
    const other = { id: "g", label: "G clef" };
    bench()?.pick(["one", "two"]);
    tell("concept-chosen", { concept: other });
    expect(["one", "two"].map((id) => host.deciding.rulings[id]?.concepts)).toEqual([[other], [other]]);
    expect(host.deciding.picked).toEqual(["one", "two"]);
    expect(host.say).toHaveBeenLastCalledWith(en.sheaf.labelled(2, "G clef"));
  });

  it("may have several labels where the question lets them, and so may one alone", () => {
    const other = { id: "g", label: "G clef" };
    host.campaign = { ...CAMPAIGN, question: { ...CAMPAIGN.question, many: true } };
    host.deciding.select("one");
    tell("concept-chosen", { concept: other });
    expect(host.deciding.rulings.one?.concepts).toEqual([clef, other]);
    bench()?.pick(["one", "two"]);
    tell("concept-chosen", { concept: other });
    expect(host.deciding.rulings.two?.concepts).toEqual([clef, other]);
    tell("concept-chosen", { concept: other });
    expect([verdicts(), sheafOf(host.deciding)?.many]).toEqual([{ one: "accepted", two: "accepted" }, true]);
  });

  it("become one by one key", () => {
    bench()?.pick(["three", "one", "two"]);
    host.deciding.merge();
    expect(host.deciding.rulings.one).toMatchObject({ verdict: "merged", merges: ["two", "three"] });
    expect([host.deciding.picked, host.deciding.merging]).toEqual([["one"], null]);
    host.deciding.travel("undo");
    expect(verdicts()).toEqual({});
  });

  it("are let go with what is gone", () => {
    tell("stage-draw", { box: [1, 1, 5, 5] });
    const mine = host.deciding.selected ?? "";
    bench()?.pick(["one", mine]);
    host.deciding.travel("undo");
    expect(host.deciding.picked).toEqual(["one"]);
    host.deciding.select(null);
    expect(sheafOf(host.deciding)).toBeNull();
  });

  it("are carried and copied as one step each", () => {
    bench()?.pick(["one", "two"]);
    bench()?.carry(["one", "two"], 5, 5);
    expect(host.deciding.rulings.two?.box).toEqual([5, 5, 10, 10]);
    bench()?.add(bench()?.shapes.slice(0, 2) ?? []);
    expect(Object.values(verdicts())).toEqual(["corrected", "corrected", "added", "added"]);
    expect(host.deciding.rulings[host.deciding.selected ?? ""]?.concepts).toEqual([clef]);
    expect(sheafOf(host.deciding)).toMatchObject({ mergeable: 0, labelled: true });
    host.deciding.travel("undo");
    expect(Object.values(verdicts())).toEqual(["corrected", "corrected"]);
  });
});
