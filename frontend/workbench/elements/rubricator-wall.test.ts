import { afterEach, describe, expect, it } from "vitest";
import { en } from "../core/locale/en/index.ts";
import type { CropItem, Picked } from "../core/sorting.ts";
import type { RubricatorPiles } from "./rubricator-piles.ts";
import "./rubricator-piles.ts";
import type { RubricatorWall } from "./rubricator-wall.ts";
import "./rubricator-wall.ts";

const crop = (id: string, change: Partial<CropItem> = {}): CropItem => ({
  id,
  state: "merged",
  task: id,
  canvas_label: { none: [`fol. ${id}`] },
  box: [0, 0, 1, 1],
  crop: "",
  concepts: [{ id: "f", label: "F clef" }],
  support: 2,
  seen: 5,
  reasons: [{ code: "votes", text: "2 of 5 said so." }],
  verdict: null,
  reason: null,
  beside: [],
  own: false,
  ...change,
});

async function laid(items: readonly CropItem[]) {
  const wall = document.createElement("rubricator-wall");
  Object.assign(wall, { items, total: 212, label: "F clef", texts: en });
  document.body.append(wall);
  await wall.updateComplete;
  const told: string[][] = [];
  wall.addEventListener("wall-pick", (event) => {
    wall.picked = (event as CustomEvent<{ picked: Picked }>).detail.picked;
    told.push([...wall.picked]);
  });
  const tiles = () => [...wall.querySelectorAll<HTMLElement>(".rw-tile")];
  return { wall: wall as RubricatorWall, told, tiles };
}

afterEach(() => document.body.replaceChildren());

describe("the wall", () => {
  it("is a list of which several are selected, each named with why it stands there", async () => {
    const { wall, tiles } = await laid([
      crop("1"),
      crop("2", { own: true, reasons: [], verdict: "rejected" }),
    ]);
    const list = wall.querySelector("[role=listbox]");
    expect(list?.getAttribute("aria-multiselectable")).toBe("true");
    expect(list?.getAttribute("aria-label")).toBe("F clef, 212 crops");
    expect(tiles().map((one) => one.getAttribute("aria-label"))).toEqual([
      "Crop 1 of 212. F clef. fol. 1. 2 of 5 said so.",
      "Crop 2 of 212. F clef. fol. 2. kept: rejected. your own answer",
    ]);
    expect(tiles().map(({ tabIndex }) => tabIndex)).toEqual([0, -1]);
  });

  it("is walked and selected by keys", async () => {
    const { wall, told, tiles } = await laid([crop("1"), crop("2"), crop("3")]);
    tiles()[0]?.focus();
    expect(wall.press(" ", false)).toBe(true);
    expect(wall.press("ArrowRight", true)).toBe(true);
    expect(wall.press("ArrowRight", true)).toBe(true);
    expect(wall.press("ArrowRight", true)).toBe(false);
    expect(told).toEqual([["1"], ["1", "2"], ["1", "2", "3"]]);
    expect(document.activeElement).toBe(tiles()[2]);
    expect(wall.press("x", false)).toBe(false);
  });

  it("selects by clicks, and a range with Shift", async () => {
    const { told, tiles } = await laid([crop("1"), crop("2"), crop("3"), crop("4")]);
    tiles()[3]?.click();
    tiles()[1]?.dispatchEvent(new MouseEvent("click", { shiftKey: true, bubbles: true }));
    tiles()[3]?.click();
    expect(told).toEqual([["4"], ["4", "2", "3"], ["2", "3"]]);
  });
});

describe("the labels beside it", () => {
  it("are found without accents, with counts in words", async () => {
    const piles = document.createElement("rubricator-piles") as RubricatorPiles;
    const counts = { merged: 2, decided: 0 };
    piles.piles = [
      { id: "a", label: "Clef d’ut", depth: 1, ...counts, below: { merged: 5, decided: 0 } },
      { id: "b", label: "Épée", depth: 1, ...counts, below: counts },
      { id: null, label: "", depth: 0, ...counts, below: counts },
    ];
    document.body.append(piles);
    await piles.updateComplete;
    const names = () => [...piles.querySelectorAll(".rw-pile")].map((one) => one.getAttribute("aria-label"));
    expect(names()).toEqual(["Clef d’ut, 2, with narrower ones 5", "Épée, 2", "No label agreed on, 2"]);
    const field = piles.querySelector("input") as HTMLInputElement;
    field.value = "epe";
    field.dispatchEvent(new Event("input"));
    await piles.updateComplete;
    expect(names()).toEqual(["Épée, 2"]);
  });
});
