import { describe, expect, it } from "vitest";
import {
  type Box,
  boxBetween,
  fitted,
  GRIPS,
  grown,
  hit,
  inReadingOrder,
  iou,
  moved,
  ninth,
  resized,
  type Size,
} from "./geometry.ts";

const CANVAS: Size = [1000, 500];

/** A small generator of numbers, the same in every run. */
function* numbers(seed: number) {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const inside = ([x, y, w, h]: Box) =>
  x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= CANVAS[0] + 0.01 && y + h <= CANVAS[1] + 0.01;

describe("a box between two corners", () => {
  it("is the same whichever corner came first, and has at most two decimals", () => {
    expect(boxBetween([10.123456, 20], [110, 70.98765], CANVAS)).toEqual([10.12, 20, 99.88, 50.99]);
    expect(boxBetween([110, 70.98765], [10.123456, 20], CANVAS)).toEqual([10.12, 20, 99.88, 50.99]);
  });

  it("is cut at the canvas's edge, and is nothing outside of it", () => {
    expect(boxBetween([-50, -50], [100, 100], CANVAS)).toEqual([0, 0, 100, 100]);
    expect(boxBetween([-50, -50], [-10, -10], CANVAS)).toBeNull();
    expect(boxBetween([5, 5], [5, 300], CANVAS)).toBeNull();
  });
});

describe("moving and resizing", () => {
  it("keeps the size at the edge", () => {
    expect(moved([900, 10, 80, 50], 100, -100, CANVAS)).toEqual([920, 0, 80, 50]);
  });

  it("drags one grip and leaves the opposite edges where they are", () => {
    expect(resized([100, 100, 50, 50], "se", 10, 20, CANVAS)).toEqual([100, 100, 60, 70]);
    expect(resized([100, 100, 50, 50], "n", 99, -20, CANVAS)).toEqual([100, 80, 50, 70]);
  });

  it("turns over when a grip crosses the opposite edge", () => {
    expect(resized([100, 100, 50, 50], "e", -80, 0, CANVAS)).toEqual([70, 100, 30, 50]);
  });

  it("never leaves the canvas nor vanishes, whatever is dragged wherever", () => {
    const random = numbers(42);
    const next = (span: number) => (random.next().value as number) * span;
    for (let round = 0; round < 2000; round++) {
      const start = boxBetween([next(1000), next(500)], [next(1000), next(500)], CANVAS);
      if (!start) continue;
      const grip = [...GRIPS, "move" as const][Math.floor(next(9))] ?? "move";
      expect(resized(start, grip, next(3000) - 1500, next(3000) - 1500, CANVAS)).toSatisfy(inside);
      expect(grown(start, next(400) - 200, next(400) - 200, CANVAS)).toSatisfy(inside);
    }
  });
});

it("takes typed numbers, and refuses what is no box", () => {
  expect(fitted([990, 10, 50, 20], CANVAS)).toEqual([990, 10, 10, 20]);
  expect(fitted([10, 10, Number.NaN, 20], CANVAS)).toBeNull();
  expect(fitted([10, 10, -5, 20], CANVAS)).toBeNull();
});

it("finds the smallest shape under a point, so that a box in a box can be reached", () => {
  const outer = { id: "outer", box: [0, 0, 100, 100] as Box };
  const inner = { id: "inner", box: [40, 40, 20, 20] as Box };
  expect(hit([inner, outer], [50, 50])).toBe(inner);
  expect(hit([outer, inner], [50, 50])).toBe(inner);
  expect(hit([outer, inner], [5, 5])).toBe(outer);
  expect(hit([outer, inner], [500, 5])).toBeNull();
});

it("knows how much two boxes share", () => {
  expect(iou([0, 0, 10, 10], [0, 0, 10, 10])).toBe(1);
  expect(iou([0, 0, 10, 10], [5, 0, 10, 10])).toBeCloseTo(1 / 3);
  expect(iou([0, 0, 10, 10], [10, 0, 10, 10])).toBe(0);
});

it("says in which ninth of the canvas a box lies", () => {
  expect(ninth([0, 0, 10, 10], CANVAS)).toEqual({ column: 0, row: 0 });
  expect(ninth([495, 245, 10, 10], CANVAS)).toEqual({ column: 1, row: 1 });
  expect(ninth([990, 490, 10, 10], CANVAS)).toEqual({ column: 2, row: 2 });
});

it("reads rows from left to right, though no two boxes of a row are equally high", () => {
  const shapes = [
    [300, 22, 50, 40],
    [20, 205, 50, 40],
    [20, 18, 50, 40],
  ].map((box) => ({
    box: box as unknown as Box,
  }));
  expect(inReadingOrder(shapes).map(({ box }) => box[0])).toEqual([20, 300, 20]);
});
