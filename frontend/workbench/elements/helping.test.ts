import { beforeEach, expect, it, vi } from "vitest";
import type { FoundSearch } from "../api/assist.ts";
import { Unreadable } from "../api/pixels.ts";
import { HandClock, settled } from "../core/fixtures.ts";
import { en } from "../core/locale/en/index.ts";
import type { Scriptorium } from "../core/scriptorium.ts";
import { SharedCanvas, SIZE, sitting } from "../core/shared.fixtures.ts";
import type { Term } from "../core/shared.ts";
import { hearHelp, helpOf, helpTexts } from "./helped.ts";
import { Helping } from "./helping.ts";
import { LightElement } from "./light.ts";
import { Palette } from "./pigments.ts";
import type { Room } from "./room.ts";
import { Scribing } from "./scribing.ts";
import { SUGGESTIONS } from "./shown-through.ts";

const world = vi.hoisted(() => ({
  ink: null as unknown,
  failure: null as unknown,
  answers: [] as unknown[],
  asked: [] as { url: string; method?: string; json?: unknown }[],
}));
vi.mock("../api/pixels.ts", async (original) => ({
  ...(await original<typeof import("../api/pixels.ts")>()),
  partAround: async () => {
    if (world.failure) throw world.failure;
    return { gray: {}, box: {}, back: () => world.ink };
  },
}));
vi.mock("../core/ink.ts", () => ({ inkIn: () => (world.ink ? {} : null) }));
vi.mock("../api/client.ts", async (original) => ({
  ...(await original<typeof import("../api/client.ts")>()),
  request: async (url: string, init: { method?: string; json?: unknown } = {}) => {
    world.asked.push({ url, ...init });
    const answer = world.answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  },
}));

const F: Term = { id: "f", label: "F clef", uri: "https://example.org/f" };
const G: Term = { id: "g", label: "G clef", uri: "https://example.org/g" };
const BEFORE = { changes: "/before/", size: [500, 1000] as const };

class Desk extends LightElement {
  override tell(name: string, detail: unknown): void {
    super.tell(name, detail);
  }
  override lang = "en";
  texts = en;
  room = {
    canvas: { id: "c", width: SIZE[0], height: SIZE[1] },
    similar: "/similar/",
    tree: "/tree/",
    before: BEFORE,
  } as unknown as Room;
  sitting!: Scriptorium;
  stage = { focus: () => undefined, reveal: (box: unknown) => this.shown.push(box) };
  shown: unknown[] = [];
  labels = { take: vi.fn() };
  branches = { show: vi.fn() };
  tool = "draw" as const;
  kind = "box" as const;
  label: Term | null = null;
  live = null;
  changes = 0;
  found(): void {
    this.changes++;
  }
  readonly helping = new Helping(this);
  readonly scribing = new Scribing(this);
  readonly hearing = hearHelp(this);
  get now() {
    return this.sitting.state;
  }
}
customElements.define("test-desk", Desk);

let desk: Desk;
let canvas: SharedCanvas;

beforeEach(async () => {
  localStorage.clear();
  document.body.replaceChildren();
  Object.assign(world, { ink: [110, 110, 30, 30], failure: null, answers: [], asked: [] });
  canvas = new SharedCanvas();
  desk = new Desk();
  desk.sitting = sitting(canvas, "ada", { clock: new HandClock() }).at;
  await desk.sitting.start();
  document.body.append(desk);
});

const done = (...boxes: [number, number, number, number][]): FoundSearch => ({
  id: "s",
  state: "done",
  detail: "",
  predictions: boxes.map((box, index) => ({ id: `p${index}`, box, confidence: 0.9 - index / 10 })),
});
const boxes = () => desk.now.shapes?.map(({ box }) => box) ?? [];
const open = () => desk.helping.candidates.open.map(({ id }) => id);
async function search(...found: [number, number, number, number][]): Promise<void> {
  desk.label = F;
  desk.tell("stage-draw", { box: [100, 100, 50, 50] });
  world.answers = [done(...found)];
  await desk.helping.findSimilar();
}

it("draws a box to its ink as one step, which is taken back", async () => {
  desk.tell("stage-draw", { box: [100, 100, 50, 50] });
  await desk.helping.tighten();
  expect([boxes(), desk.helping.state.said]).toEqual([[[110, 110, 30, 30]], en.assist.tightened]);
  desk.sitting.undo();
  expect(boxes()).toEqual([[100, 100, 50, 50]]);
});

it("says why a box stays as it is", async () => {
  await desk.helping.tighten();
  expect(desk.helping.state.said).toBe(en.assist.pickBox);
  desk.tell("stage-draw", { box: [100, 100, 50, 50] });
  world.failure = new Unreadable();
  await desk.helping.tighten();
  expect([boxes(), desk.helping.state.said]).toEqual([[[100, 100, 50, 50]], en.assist.unreadable]);
});

it("tightens each box as it is drawn, and no outline", async () => {
  desk.tell("assist-tightens", { on: true });
  desk.tell("stage-draw", { box: [100, 100, 50, 50] });
  await settled();
  desk.tell("stage-draw", {
    box: [300, 300, 50, 50],
    points: [
      [300, 300],
      [350, 300],
      [320, 350],
    ],
  });
  await settled();
  expect(boxes()).toEqual([
    [110, 110, 30, 30],
    [300, 300, 50, 50],
  ]);
});

it("leaves a box alone that somebody else has changed while its picture came", async () => {
  desk.tell("stage-draw", { box: [100, 100, 50, 50] });
  const tightening = desk.helping.tighten();
  desk.sitting.change(desk.now.selected ?? "", { box: [500, 500, 50, 50] });
  await tightening;
  expect(boxes()).toEqual([[500, 500, 50, 50]]);
});

it("shows what was found to oneself alone, with the label of the box", async () => {
  await search([100, 100, 50, 50], [400, 400, 50, 50], [600, 600, 50, 50]);
  expect(world.asked[0]).toMatchObject({
    url: "/similar/",
    method: "POST",
    json: { box: [100, 100, 50, 50] },
  });
  expect(open()).toEqual(["p1", "p2"]);
  expect(desk.helping.state.said).toBe(en.helping.found(2));
  await settled();
  expect(canvas.standing).toHaveLength(1);
  expect(desk.helping.candidates.painted(new Palette())).toMatchObject([
    { label: "? F clef", line: "dashed", locked: true },
    { label: "? F clef" },
  ]);
  expect(desk.helping.candidates.layer(en)).toMatchObject({ id: SUGGESTIONS, kind: "predictions" });
});

it("draws a candidate for everybody; taken back it is a candidate again", async () => {
  await search([400, 400, 50, 50], [600, 600, 50, 50]);
  desk.tell("suggestion-accept", { predictions: [{ id: "p0" }] });
  await settled();
  expect(desk.now.shapes?.at(-1)).toMatchObject({ box: [400, 400, 50, 50], concepts: [F] });
  expect([open(), canvas.standing.length]).toEqual([["p1"], 2]);
  desk.sitting.undo();
  expect(open()).toEqual(["p0", "p1"]);
});

it("goes from one to the next by Enter and Delete", async () => {
  await search([400, 400, 50, 50], [600, 600, 50, 50], [800, 800, 50, 50]);
  desk.tell("stage-select", { id: "p0", reveal: true });
  expect([desk.helping.candidates.picked, desk.now.selected, desk.shown]).toEqual([
    "p0",
    null,
    [[400, 400, 50, 50]],
  ]);
  desk.tell("stage-confirm", {});
  expect([desk.helping.candidates.picked, open()]).toEqual(["p1", ["p1", "p2"]]);
  desk.tell("stage-delete", { id: "p1" });
  expect([desk.helping.candidates.picked, open(), boxes().length]).toEqual(["p2", ["p2"], 2]);
  desk.tell("stage-select", { id: desk.now.shapes?.[0]?.id });
  expect(desk.helping.candidates.picked).toBeNull();
});

it("takes what was looked at as one step", async () => {
  await search([400, 400, 50, 50], [600, 600, 50, 50], [800, 800, 50, 50]);
  desk.tell("suggestions-looked", { accepted: [{ id: "p0" }, { id: "p2" }], rejected: ["p1"] });
  expect([boxes().length, open()]).toEqual([3, []]);
  desk.sitting.undo();
  expect([boxes().length, open()]).toEqual([1, ["p0", "p2"]]);
});

it("looks for nothing where one may only look on, and says what the server says", async () => {
  await search();
  expect(desk.helping.state.said).toBe(en.assist.foundNothing);
  world.answers = [{ ...done(), state: "failed", detail: "The picture could not be had." }];
  await desk.helping.findSimilar();
  expect(desk.helping.state).toMatchObject({ busy: null, said: "The picture could not be had." });
  canvas.roles.set("ada", { write: false, manage: false });
  await desk.sitting.poll();
  world.asked = [];
  await desk.helping.findSimilar();
  await desk.helping.copy();
  expect(world.asked).toEqual([]);
});

it("copies from the page before at the same place, without its words and what is here already", async () => {
  const standing = { revision: 1, stands: true, document: {}, points: [], mine: true, by: null };
  world.answers = [
    {
      changes: [
        { ...standing, id: "1", box: [50, 50, 20, 10], concepts: [F] },
        { ...standing, id: "2", box: [250, 250, 25, 25], concepts: [G] },
        { ...standing, id: "3", box: [1, 1, 5, 5], concepts: [], stands: false },
      ],
    },
  ];
  desk.tell("stage-draw", { box: [500, 500, 50, 50] });
  await desk.helping.copy();
  expect(desk.now.shapes?.slice(1)).toMatchObject([{ box: [100, 100, 40, 20], concepts: [F], text: "" }]);
  expect(desk.helping.state.said).toBe(en.assist.copied(1));
  desk.sitting.undo();
  expect(boxes()).toHaveLength(1);
});

it("says why nothing is copied", async () => {
  world.answers = [{ changes: [] }, new Error("no network")];
  await desk.helping.copy();
  expect(desk.helping.state.said).toBe(en.helping.nothingToCopy);
  await desk.helping.copy();
  expect(desk.helping.state.said).toBe(en.helping.copyFailed);
  desk.room = { ...desk.room, before: null };
  await desk.helping.copy();
  expect(desk.helping.state.said).toBe(en.helping.noPageBefore);
});

it("says a broader label in the place of the one that stands", () => {
  desk.label = F;
  desk.tell("stage-draw", { box: [100, 100, 50, 50] });
  desk.tell("concept-instead", { instead: F, concept: G });
  expect(desk.now.shapes?.[0]?.concepts).toEqual([G]);
  desk.tell("branch-chosen", { concept: F });
  expect(desk.labels.take).toHaveBeenCalledWith(F);
  desk.tell("assist", { act: "guide" });
  expect(desk.branches.show).toHaveBeenCalledWith("g");
});

it("offers no tree where there is no vocabulary", () => {
  desk.room = { ...desk.room, tree: null };
  expect(Object.keys(desk.helping.keys)).toEqual(["s", "m", "c"]);
  expect(helpOf(desk.helping, 0).wayTo).toBeNull();
  expect(helpTexts(en).assist.copy).toBe(en.helping.copy);
});
