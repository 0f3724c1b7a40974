import { expect, it } from "vitest";
import { corners, onScreen, scale, seen, toCanvas, toScreen, type View } from "./view.ts";

const plain: View = { origin: [100, 50], right: [0.5, 0], down: [0, 0.25], stage: [800, 600] };
/** A quarter turn and a flip: nothing in here may rely on upright axes. */
const turned: View = { origin: [400, 300], right: [0, -0.5], down: [0.5, 0], stage: [800, 600] };

it.each([plain, turned])("goes to the screen and back", (view) => {
  for (const point of [
    [0, 0],
    [12.5, 99],
    [-40, 7],
  ] as const) {
    const [x, y] = toCanvas(view, toScreen(view, point));
    expect(x).toBeCloseTo(point[0]);
    expect(y).toBeCloseTo(point[1]);
  }
});

it("scales each axis by itself, for canvases of another shape than their image", () => {
  expect(onScreen(plain, [100, 100, 200, 200])).toEqual([150, 75, 100, 50]);
  expect(scale(plain)).toBe(0.5);
});

it("gives the upright rectangle around a turned box", () => {
  expect(onScreen(turned, [0, 0, 100, 40])).toEqual([400, 250, 20, 50]);
  expect(corners(turned, [0, 0, 100, 40])[1]).toEqual([400, 250]);
});

it("knows what part of the canvas can be seen", () => {
  expect(seen(plain)).toEqual([-200, -200, 1600, 2400]);
});
