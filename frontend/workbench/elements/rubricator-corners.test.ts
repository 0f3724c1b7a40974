import { beforeEach, expect, it } from "vitest";
import type { Point } from "../core/geometry.ts";
import type { Place } from "../core/outline.ts";
import "./rubricator-corners.ts";
import type { RubricatorCorners } from "./rubricator-corners.ts";

const square: Point[] = [
  [10, 10],
  [30, 10],
  [30, 30],
  [10, 30],
];
let element: RubricatorCorners;
let told: (Place & { id: string })[];

beforeEach(async () => {
  told = [];
  element = document.createElement("rubricator-corners");
  Object.assign(element, { shape: "s", points: square, canvas: [100, 100] });
  element.addEventListener("stage-edit", (event) => told.push((event as CustomEvent).detail));
  document.body.replaceChildren(element);
  await element.updateComplete;
});

const all = (name: string) => [...element.querySelectorAll<HTMLElement>(`[data-testid=${name}]`)];

function type(name: string, index: number, value: string): HTMLInputElement {
  const field = all(name)[index] as HTMLInputElement;
  field.value = value;
  field.dispatchEvent(new Event("change"));
  return field;
}

it("takes typed numbers, brought into the canvas", () => {
  type("corner-x", 1, "400");
  expect(told).toEqual([
    { id: "s", box: [10, 10, 90, 20], points: [[10, 10], [100, 10], ...square.slice(2)] },
  ]);
});

it("puts back what would cross itself or is no number", () => {
  expect(type("corner-x", 0, "50").value).toBe("10");
  expect(type("corner-y", 0, "").value).toBe("10");
  expect(told).toEqual([]);
});

it("makes and deletes corners, each by a button that says which", () => {
  expect(all("corner-delete")[1]?.getAttribute("aria-label")).toBe("Delete corner 2");
  all("corner-delete")[1]?.click();
  all("corner-add")[0]?.click();
  expect(told.map(({ points }) => points?.length)).toEqual([3, 5]);
});

it("shows a point as two numbers without buttons", async () => {
  element.points = [[5, 6]];
  await element.updateComplete;
  expect(all("corner-x")).toHaveLength(1);
  expect(all("corner-delete")).toHaveLength(0);
  type("corner-y", 0, "8");
  expect(told[0]?.points).toEqual([[5, 8]]);
});
