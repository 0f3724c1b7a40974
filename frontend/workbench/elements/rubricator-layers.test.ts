import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Layer } from "../core/layers.ts";
import { RubricatorViewer } from "./rubricator-viewer.ts";

// The image needs a real browser; what is read beside it does not.
vi.mock("./rubricator-stage.ts", () => ({}));

beforeEach(() => localStorage.clear());
afterEach(() => document.body.replaceChildren());

const canvas = { id: "c", label: { none: ["f. 1"] }, width: 1000, height: 1400, tiles: null, image: "" };
const clef = { id: "k", label: "F clef" };
const layers: Layer[] = [
  {
    id: "model",
    title: { en: "Model 7" },
    kind: "predictions",
    shapes: [0.2, 0.5, 0.9].map((confidence, index) => ({
      id: `m${index}`,
      box: [10, 100 * index, 30, 30],
      concepts: [clef],
      confidence,
    })),
  },
  {
    id: "people",
    title: {},
    kind: "contributions",
    shapes: [{ id: "a", box: [1, 2, 3, 4], concepts: [], text: "Lettrine", person: "Heron 7" }],
  },
];

async function shown(of: readonly Layer[] = layers): Promise<RubricatorViewer> {
  document.body.innerHTML = `<script type="application/json" id="d">${JSON.stringify({ canvas, layers: of })}</script>`;
  const viewer = Object.assign(new RubricatorViewer(), { source: "d", lang: "en" });
  document.body.append(viewer);
  await settled(viewer);
  return viewer;
}

async function settled(viewer: RubricatorViewer): Promise<void> {
  for (let round = 0; round < 4; round++) {
    await viewer.updateComplete;
    for (const name of ["rubricator-layers", "rubricator-marks"] as const) {
      await viewer.querySelector(name)?.updateComplete;
    }
  }
}

const all = (viewer: Element, id: string) => [...viewer.querySelectorAll<HTMLElement>(`[data-testid=${id}]`)];
const said = (viewer: Element, id: string) =>
  all(viewer, id).map(({ textContent }) => textContent?.replace(/\s+/g, " ").trim());
const painted = (viewer: Element) =>
  (viewer.querySelector("rubricator-stage") as unknown as { shapes: { id: string; label: string }[] }).shapes;
const key = (name: string) =>
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));

it("names each layer, with its count and a letter that stands on its shapes", async () => {
  const viewer = await shown();
  expect([...viewer.querySelectorAll(".rw-layer-name")].map((name) => name.textContent)).toEqual([
    "Model 7",
    "Contributions",
  ]);
  expect(said(viewer, "layer-count")).toEqual(["3", "1"]);
  expect(painted(viewer).map(({ label }) => label)).toEqual([
    "A F clef",
    "A F clef",
    "A F clef",
    "B Lettrine",
  ]);
});

it("hides a layer, in the image as in the list, and says so", async () => {
  const viewer = await shown();
  all(viewer, "layer-shown")[0]?.click();
  await settled(viewer);
  expect(painted(viewer).map(({ id }) => id)).toEqual(["a"]);
  expect(said(viewer, "layer-count")).toEqual(["0 of 3", "1"]);
  expect(said(viewer, "layers-status")).toEqual(["1 of 4 annotations shown."]);
  expect(viewer.querySelectorAll(".rw-shape")).toHaveLength(1);
});

it("shows one layer only, and all again", async () => {
  const viewer = await shown();
  const [, only] = all(viewer, "layer-only");
  only?.click();
  await settled(viewer);
  expect(only?.getAttribute("aria-pressed")).toBe("true");
  expect(painted(viewer).map(({ id }) => id)).toEqual(["a"]);
  only?.click();
  await settled(viewer);
  expect(painted(viewer)).toHaveLength(4);
});

it("thins out by confidence, with the number in words", async () => {
  const viewer = await shown();
  const slider = all(viewer, "layer-least")[0] as HTMLInputElement;
  expect(slider.getAttribute("aria-valuetext")).toBe("all");
  slider.value = "50";
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  await settled(viewer);
  expect(said(viewer, "layer-count")).toEqual(["2 of 3", "1"]);
  expect(slider.getAttribute("aria-valuetext")).toBe("50\u202f%");
});

it("makes one layer fainter, says how faint, and remembers it", async () => {
  const viewer = await shown();
  const slider = all(viewer, "layer-opacity")[1] as HTMLInputElement;
  expect([slider.min, slider.getAttribute("aria-label")]).toEqual(["10", "Opacity (Contributions)"]);
  slider.value = "35";
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  await settled(viewer);
  expect(slider.getAttribute("aria-valuetext")).toBe("35\u202f%");
  const opacities = (of: Element) => painted(of).map((one) => (one as { opacity?: number }).opacity);
  expect(opacities(viewer)).toEqual([undefined, undefined, undefined, 0.35]);
  expect(opacities(await shown())).toEqual([undefined, undefined, undefined, 0.35]);
});

it("colours by what was chosen, and explains it", async () => {
  const viewer = await shown();
  const [by] = all(viewer, "layer-by") as HTMLSelectElement[];
  expect([...(by?.options ?? [])].map(({ value }) => value)).toEqual(["layer", "concept", "confidence"]);
  if (by) by.value = "confidence";
  by?.dispatchEvent(new Event("change", { bubbles: true }));
  await settled(viewer);
  expect(said(viewer, "layer-legend")).toEqual([
    "80–100\u202f% 1 40–60\u202f% 1 20–40\u202f% 1".replaceAll("\u202f", " "),
  ]);
  expect(painted(viewer)[2]?.label).toBe("90\u202f% F clef");
});

it("hides and shows all with h, but not while somebody types", async () => {
  const viewer = await shown();
  key("h");
  await settled(viewer);
  expect(painted(viewer)).toEqual([]);
  expect(said(viewer, "layers-status")).toEqual(["All layers are hidden."]);
  expect(said(viewer, "none-shown")).toHaveLength(1);
  all(viewer, "layer-by")[0]?.dispatchEvent(new KeyboardEvent("keydown", { key: "h", bubbles: true }));
  await settled(viewer);
  expect(painted(viewer)).toEqual([]);
  all(viewer, "layers-hide")[0]?.click();
  await settled(viewer);
  expect(painted(viewer)).toHaveLength(4);
});

it("remembers what was chosen, and does without where nothing can be kept", async () => {
  const viewer = await shown();
  all(viewer, "layer-shown")[0]?.click();
  await settled(viewer);
  expect(painted(await shown()).map(({ id }) => id)).toEqual(["a"]);
  const refuse = () => {
    throw new DOMException("no", "SecurityError");
  };
  vi.stubGlobal("localStorage", { getItem: refuse, setItem: refuse });
  expect(painted(await shown())).toHaveLength(4);
  vi.unstubAllGlobals();
});

it("says who, how sure and how many agreed", async () => {
  const [model, people] = layers as [Layer, Layer];
  const merged = { id: "x", box: null, concepts: [clef], agreement: { share: 2 / 3, support: 2, seen: 3 } };
  const viewer = await shown([model, people, { id: "m", title: { en: "Merged" }, shapes: [merged] }]);
  const places = [...viewer.querySelectorAll(".rw-shape-place")].map(({ textContent }) => textContent);
  expect(places[0]).toMatch(/20\s% sure/);
  expect(places[3]).toContain("by Heron 7");
  expect(places[4]).toBe("on the whole image · 2 of 3 agreed");
});

it("lists a hundred of many, and more when asked", async () => {
  const shapes = Array.from({ length: 250 }, (_, index) => ({ id: `${index}`, box: null, concepts: [clef] }));
  const viewer = await shown([{ id: "many", title: { en: "Many" }, shapes }]);
  const rows = () => viewer.querySelectorAll(".rw-shape").length;
  expect(rows()).toBe(100);
  viewer.querySelector<HTMLElement>("rubricator-marks .rw-button")?.click();
  await settled(viewer);
  expect(rows()).toBe(200);
  viewer.dispatchEvent(new CustomEvent("stage-select", { detail: { id: "249" } }));
  await settled(viewer);
  expect(rows()).toBe(201);
  expect(viewer.querySelector("[aria-current]")).not.toBeNull();
});

it("has no switches where there is nothing", async () => {
  const viewer = await shown([]);
  expect(said(viewer, "no-layers")).toEqual(["There are no annotations here."]);
});
