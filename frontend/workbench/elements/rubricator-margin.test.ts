import { afterEach, describe, expect, it } from "vitest";
import type { Clash, Shown } from "../core/collation.ts";
import type { Canvas } from "../core/contract.ts";
import type { Parcel } from "../core/courier.ts";
import { Signs, waysOf } from "../core/layers.ts";
import { en } from "../core/locale/en/index.ts";
import type { ScriptoriumState } from "../core/scriptorium.ts";
import type { Presence } from "../core/shared.ts";
import { Palette } from "./pigments.ts";
import type { RubricatorMargin } from "./rubricator-margin.ts";
import "./rubricator-margin.ts";
import { initialOf } from "./rubricator-company.ts";
import { layerTogether, paintedTogether, togetherStatus } from "./together.ts";

const CANVAS: Canvas = {
  ...{ id: "c", uri: "https://example.org/c", label: { en: ["Leaf"] }, width: 1000, height: 2000 },
  image: { service: null, version: null, url: "/leaf.png", width: 500, height: 1000 },
};
const BO: Presence = { seat: 1, client: "w", name: "Bo", me: false, holds: "a" };
const shape = (more: Partial<Shown> = {}): Shown => ({
  ...{
    id: "a",
    box: [10, 20, 30, 40],
    concepts: [],
    text: "",
    lock: null,
    by: "Bo",
    holder: null,
    waits: false,
  },
  ...more,
});
const parcel = (more: Partial<Parcel> = {}): Parcel => ({
  ...{ key: "1", id: "a", act: "change", said: shape(), document: {}, base: 1 },
  ...{ tried: false, clash: false, refused: null },
  ...more,
});
const state = (more: Partial<ScriptoriumState> = {}): ScriptoriumState => ({
  ...{
    shapes: [shape()],
    undrawn: 0,
    clashes: [],
    present: [],
    mayWrite: true,
    mayManage: true,
    selected: null,
    also: [],
  },
  courier: { parcels: [], sending: false, because: null, kept: true },
  ...{ deaf: null, shut: "", undoable: false, redoable: false, overtaken: false },
  ...more,
});
const CLASH: Clash = {
  id: "a",
  mine: shape({ box: [10, 20, 30, 40] }),
  theirs: shape({ box: [500, 20, 30, 40], text: "moved" }),
  by: "Bo",
  held: false,
};

async function margin(now: Partial<ScriptoriumState>): Promise<RubricatorMargin> {
  const element = document.createElement("rubricator-margin");
  Object.assign(element, { state: state(now), canvas: CANVAS });
  document.body.append(element);
  await element.updateComplete;
  return element;
}

const one = (within: Element, name: string) => within.querySelector<HTMLElement>(`[data-testid="${name}"]`);
const text = (element: Element | null) => element?.textContent?.replace(/\s+/g, " ").trim() ?? "";

afterEach(() => document.body.replaceChildren());

describe("what stands beside a shared canvas", () => {
  it("lists who wrote and who holds each annotation", async () => {
    const element = await margin({
      shapes: [shape({ text: "a hare", holder: BO })],
      present: [BO],
      undrawn: 2,
    });
    expect(text(one(element, "annotation"))).toContain("a hare");
    expect(text(one(element, "annotation"))).toContain("by Bo");
    expect(text(one(element, "holder"))).toBe("Bo has it picked");
    expect(text(one(element, "company"))).toContain("Bo");
    expect(element.textContent).toContain("2 more speak of the whole image");
  });

  it("lists the first hundreds, and more when that is asked for", async () => {
    const shapes = Array.from({ length: 503 }, (_none, index) => shape({ id: `n${index}` }));
    const element = await margin({ shapes });
    const list = element.querySelector("rubricator-annotations");
    const rows = () => element.querySelectorAll("[data-testid=annotation]").length;
    await list?.updateComplete;
    expect([rows(), text(one(element, "annotations-more"))]).toEqual([500, en.layering.more(3)]);
    one(element, "annotations-more")?.click();
    await list?.updateComplete;
    expect([rows(), one(element, "annotations-more")]).toEqual([503, null]);
  }, 20_000);

  it("has the help for the hand below the label, for who may write", async () => {
    const help = {
      state: { said: "", busy: null, tightens: false },
      open: [{ id: "p", box: [1, 2, 3, 4], concepts: [], confidence: 0.8 }],
      ...{ picked: null, least: 0, wayTo: null },
    } as const;
    const element = await margin({ selected: "a" });
    element.help = help;
    await element.updateComplete;
    for (const inner of element.querySelectorAll<RubricatorMargin>(
      "rubricator-assist, rubricator-suggestions",
    ))
      await inner.updateComplete;
    expect(one(element, "assist-similar")?.getAttribute("aria-disabled")).toBe("false");
    expect(text(one(element, "assist-copy"))).toBe(en.helping.copy);
    expect(text(one(element, "suggestions"))).toContain(en.helping.candidatesHint);
    element.state = state({ selected: "a", mayWrite: false });
    await element.updateComplete;
    expect([one(element, "assist"), one(element, "suggestions")]).toEqual([null, null]);
  });

  it("shows two versions with what tells them apart, and tells the choice", async () => {
    const element = await margin({ clashes: [CLASH] });
    const clash = one(element, "clash");
    expect(text(clash)).toContain("Bo has changed this too");
    expect([...(clash?.querySelectorAll("dd") ?? [])].map(text)).toEqual([
      "without a label: top left of the image, very small, 10, 20 (30 × 40)",
      "moved: top centre of the image, very small, 500, 20 (30 × 40)",
    ]);
    const told: unknown[] = [];
    element.addEventListener("collated", (event) => told.push((event as CustomEvent).detail));
    for (const name of ["take-mine", "take-theirs", "take-both"])
      clash?.querySelector<HTMLElement>(`[data-testid=${name}]`)?.click();
    expect(told).toEqual(["mine", "theirs", "both"].map((choice) => ({ id: "a", choice })));
  });

  it("cannot keep both where one of them is a deletion", async () => {
    const element = await margin({ clashes: [{ ...CLASH, theirs: null }] });
    expect(text(one(element, "clash"))).toContain("Bo has deleted this meanwhile");
    expect(one(element, "take-both")).toBeNull();
  });

  it("says why what is picked cannot be changed, and offers no way to delete it", async () => {
    for (const lock of ["not-yours", "other-form"] as const) {
      const element = await margin({ shapes: [shape({ lock })], selected: "a" });
      expect(text(one(element, "lock"))).toBe(en.scriptorium.lock[lock]);
      expect(one(element, "annotation-delete")).toBeNull();
      element.remove();
    }
  });

  it("has no tools for who may only read, and says so", async () => {
    const element = await margin({ mayWrite: false, shapes: [shape({ lock: "reading" })] });
    expect(one(element, "kind-box")).toBeNull();
    expect(text(one(element, "reading"))).toContain("not write into it");
    expect(text(one(element, "company"))).toBe("");
  });

  it("keeps what a lost role leaves unsent, and says the server's reason", async () => {
    const courier = { parcels: [parcel({ refused: "No role." })], sending: false, because: null, kept: true };
    const element = await margin({ mayWrite: false, shut: "No role.", deaf: "refused", courier });
    expect(text(one(element, "shut"))).toContain("You cannot see this layer any more. No role.");
    expect(text(one(element, "refused"))).toContain("1 change is not accepted, and kept here: No role.");
  });

  it("tells the words that are written", async () => {
    const element = await margin({ selected: "a" });
    const told: unknown[] = [];
    element.addEventListener("words-written", (event) => told.push((event as CustomEvent).detail));
    const field = one(element, "words") as HTMLTextAreaElement;
    field.value = " a hare ";
    field.dispatchEvent(new Event("change"));
    expect(told).toEqual([{ id: "a", text: "a hare" }]);
  });

  it("says aloud who comes and goes", async () => {
    const element = await margin({});
    const company = element.querySelector("rubricator-company");
    element.state = state({ present: [BO] });
    await element.updateComplete;
    await company?.updateComplete;
    expect(text(company?.querySelector("[aria-live]") ?? null)).toBe("Bo has come.");
    element.state = state({ present: [] });
    await element.updateComplete;
    await company?.updateComplete;
    expect(text(company?.querySelector("[aria-live]") ?? null)).toBe("Bo has gone.");
  });
});

describe("the status line", () => {
  const courier = (because: ScriptoriumState["courier"]["because"], parcels = [parcel()]) => ({
    courier: { parcels, sending: false, because, kept: true },
  });
  it.each([
    [{}, "All is sent", "done"],
    [{ mayWrite: false }, "Others’ changes appear by themselves", "done"],
    [courier(null), "1 change is being sent…", "busy"],
    [courier("offline"), "No connection. 1 change is kept here", "held"],
    [courier("signin"), "You are signed out. 1 change is kept here", "held"],
    [courier("server"), "The server does not answer. 1 change is kept here", "held"],
    [{ deaf: "offline" }, "No connection. What others do", "held"],
    [{ deaf: "server" }, "The server does not answer just now", "held"],
    [{ deaf: "signin" }, "You are signed out.", "held"],
    [{ deaf: "refused", shut: "No." }, "Nothing more is heard", "held"],
    [{ ...courier(null, [parcel({ clash: true })]), clashes: [CLASH] }, "Choose above", "held"],
    [{ clashes: [{ ...CLASH, held: true }] }, "All is sent", "done"],
  ] as const)("%j", (more, sentence, tone) => {
    const said = togetherStatus(state(more as Partial<ScriptoriumState>), en);
    expect([said.sentence.startsWith(sentence), said.tone]).toEqual([true, tone]);
  });
});

it("paints what others hold in their pigment, and their version of what is disputed", () => {
  const shapes = paintedTogether(
    state({ shapes: [shape({ holder: BO })], clashes: [CLASH] }),
    new Palette(),
    [1000, 2000],
  );
  expect(shapes.map(({ id, label, ghost = false }) => [id, label, ghost])).toEqual([
    ["a", "1 · Bo", false],
    ["hold w", "", true],
    ["theirs a", "Bo", true],
  ]);
});

it("shows the layers of the canvas, its own among them, and none where nothing is written", async () => {
  const layer = layerTogether({ id: "l", title: { en: "Signs" } }, state());
  expect(waysOf(layer)).toEqual(["layer", "person"]);
  const element = await margin({});
  expect(element.querySelector("rubricator-layers")).toBeNull();
  element.layering = { signs: new Signs([layer]), chosen: {}, veiled: false };
  await element.updateComplete;
  await element.querySelector("rubricator-layers")?.updateComplete;
  expect(text(element.querySelector(".rw-layer-name"))).toBe("Signs");
  expect(layerTogether({ id: "l", title: {} }, { shapes: null }).shapes).toEqual([]);
});

it.each([
  ["Élodie", "É"],
  ["  bo", "B"],
  ["𠮷田", "𠮷"],
  ["", "?"],
])("the first letter of %j is %s", (name, letter) => {
  expect(initialOf(name)).toBe(letter);
});

it("lists no more than one can use, and always what is picked", async () => {
  const shapes = Array.from({ length: 700 }, (_, index) => shape({ id: `${index}` }));
  const element = await margin({ shapes, selected: "650" });
  expect(element.querySelectorAll('[data-testid="annotation"]')).toHaveLength(501);
  expect(element.textContent).toContain("199 more are drawn on the image");
  expect(element.querySelector('[data-annotation="650"] [aria-current]')?.textContent).toContain("651");
});

it("says only the server's reason where nothing was ever seen", async () => {
  const element = await margin({ shapes: null, mayWrite: false, shut: "Too many.", deaf: "refused" });
  expect(text(one(element, "shut"))).toBe("Too many.");
});
