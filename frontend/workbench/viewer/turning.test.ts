import { expect, it } from "vitest";
import { type Box, grown } from "../core/geometry.ts";
import { angle, mirrored, seenAngle, turnedBy, UPRIGHT } from "../core/imaging.ts";
import { cursorOf, gripAt } from "./grips.ts";
import { type Camera, facing, grownOnScreen, inWorld, stepOnCanvas, viewOf, worldAt } from "./turning.ts";
import { corners, onScreen, toCanvas, toScreen } from "./view.ts";

/** Numbers that come again on every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const next = numbers(11);
const between = (low: number, high: number) => low + (high - low) * next();
const CAMERAS: Camera[] = Array.from({ length: 300 }, (_, index) => ({
  centre: [between(-0.2, 1.2), between(-0.2, 1.6)],
  scale: 10 ** between(2, 4.5),
  rotation: index % 3 ? between(-180, 180) : [0, 90, 180, -90][index % 4] ?? 0,
  flipped: index % 2 === 1,
  stage: [between(300, 1900), between(300, 1200)],
  unit: [1 / 3000, between(0.9, 1.1) / 3000],
})); // biome-ignore format: kept together
const of = (camera: Partial<Camera>): Camera => ({
  centre: [0.5, 0.5],
  scale: 1000,
  rotation: 0,
  flipped: false,
  stage: [800, 600],
  unit: [1 / 1000, 1 / 1000],
  ...camera,
});
const turn = (rotation: number, flipped = false) => viewOf(of({ rotation, flipped }));

it("goes to the screen and back to a thousand millionth, however the view is turned and mirrored", () => {
  for (const camera of CAMERAS) {
    const view = viewOf(camera);
    for (const point of [[0, 0], [3000, 4200], [between(0, 3000), between(0, 4000)]] as const) {
      const [x, y] = toCanvas(view, toScreen(view, point));
      expect(Math.abs(x - point[0])).toBeLessThan(1e-9 * 3000);
      expect(Math.abs(y - point[1])).toBeLessThan(1e-9 * 3000);
    }
  }
}); // biome-ignore format: kept together

it("says the same of a place on the screen by the world as by the canvas", () => {
  for (const camera of CAMERAS) {
    const at = [between(0, camera.stage[0]), between(0, camera.stage[1])] as const;
    const [wx, wy] = worldAt(camera, at);
    const [cx, cy] = toCanvas(viewOf(camera), at);
    expect(wx).toBeCloseTo(cx * camera.unit[0], 9);
    expect(wy).toBeCloseTo(cy * camera.unit[1], 9);
    expect(Math.hypot(...inWorld(camera, [3, 4])) * camera.scale).toBeCloseTo(5, 9);
  }
});

it("turns about the middle of the stage, clockwise, and mirrors left to right", () => {
  expect(toScreen(turn(0), [500, 500])).toEqual([400, 300]);
  expect(toScreen(turn(90), [600, 500])).toEqual([400, 400]);
  expect(toScreen(turn(90, true), [500, 400])).toEqual([300, 300]);
  expect(toScreen(turn(0, true), [600, 500])).toEqual([300, 300]);
});

it("turns as one sees it, mirrored or not", () => {
  const right = turnedBy(UPRIGHT, 90);
  expect(right).toEqual({ rotation: 90, flipped: false });
  const both = turnedBy(mirrored(UPRIGHT), 90);
  expect([both.rotation, seenAngle(both)]).toEqual([-90, 90]);
  expect(turnedBy(turnedBy(both, 200), -200)).toEqual(both);
  expect([angle(270), angle(-180), angle(720), angle(180)]).toEqual([-90, 180, 0, 180]);
});

it("steps as many canvas units as asked, in the direction on the screen", () => {
  expect(stepOnCanvas(turn(0), [1, 0])).toEqual([1, 0]);
  expect(stepOnCanvas(turn(90), [1, 0])).toEqual([0, -1]);
  expect(stepOnCanvas(turn(90, true), [10, 0])).toEqual([0, 10]);
  for (const camera of CAMERAS) {
    const view = viewOf(camera);
    const [dx, dy] = stepOnCanvas(view, [10, 0]);
    expect(Math.hypot(dx, dy)).toBeCloseTo(10, 6);
    const [before, after] = [toScreen(view, [0, 0]), toScreen(view, [dx, dy])];
    expect(after[1] - before[1]).toBeCloseTo(0, 5);
    expect(after[0]).toBeGreaterThan(before[0]);
  }
});

it("sizes by the edges that face right and down, upright as ever", () => {
  const canvas = [1000, 1000] as const;
  const box: Box = [100, 200, 50, 60];
  for (const [dw, dh] of [[1, 0], [0, -1], [10, 10], [-90, 0], [5000, 5000]] as const)
    expect(grownOnScreen(turn(0), box, dw, dh, canvas)).toEqual(grown(box, dw, dh, canvas));
  expect(facing(turn(90))).toEqual({ right: "n", down: "e" });
  expect(facing(turn(180))).toEqual({ right: "w", down: "n" });
  expect(facing(turn(0, true))).toEqual({ right: "w", down: "s" });
  expect(grownOnScreen(turn(90), box, 10, 0, canvas)).toEqual([100, 190, 50, 70]);
  expect(grownOnScreen(turn(90), box, 0, 10, canvas)).toEqual([100, 200, 60, 60]);
  expect(grownOnScreen(turn(180), box, -900, 0, canvas)).toEqual([149, 200, 1, 60]);
  expect(grownOnScreen(turn(0, true), box, 900, 0, canvas)).toEqual([0, 200, 150, 60]);
}); // biome-ignore format: kept together

it("keeps the edge that one does not pull where it is on the screen", () => {
  for (const { rotation, flipped } of CAMERAS) {
    const view = turn(rotation, flipped);
    const box: Box = [300, 400, 120, 80];
    const bigger = grownOnScreen(view, box, 10, 0, [1000, 1000]);
    const right = (of: Box) => Math.max(...corners(view, of).map(([x]) => x));
    const left = (of: Box) => Math.min(...corners(view, of).map(([x]) => x));
    expect(right(bigger)).toBeGreaterThan(right(box));
    if (rotation % 90 === 0) expect(left(bigger)).toBeCloseTo(left(box), 9);
  }
});

it("finds grips and inside of a box that lies askew", () => {
  const view = turn(45);
  const box: Box = [400, 400, 200, 200];
  // The bounding rectangle's corner is well outside the diamond.
  const [x, y] = onScreen(view, box);
  expect(gripAt(view, box, [x + 20, y + 20], "mouse", { everywhere: true })).toBeNull();
  expect(gripAt(view, box, [400, 300], "mouse", { everywhere: false })).toBe("move");
  expect(gripAt(view, box, toScreen(view, [400, 400]), "mouse", { everywhere: false })).toBe("nw");
  expect(gripAt(view, box, toScreen(view, [600, 500]), "mouse", { everywhere: false })).toBe("e");
});

it("shows the pointer that pulls the way the grip goes", () => {
  expect([cursorOf(turn(0), "e"), cursorOf(turn(0), "nw"), cursorOf(turn(0), "move")]).toEqual([
    "ew-resize",
    "nwse-resize",
    "move",
  ]);
  expect([cursorOf(turn(90), "e"), cursorOf(turn(90), "nw"), cursorOf(turn(45), "n")]).toEqual([
    "ns-resize",
    "nesw-resize",
    "nesw-resize",
  ]);
  expect(cursorOf(turn(0, true), "nw")).toBe("nesw-resize");
});
