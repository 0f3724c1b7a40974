import { describe, expect, it } from "vitest";
import type { Point } from "./geometry.ts";
import {
  boundsOf,
  crossing,
  encloses,
  flaw,
  onCanvas,
  outlineArea,
  placeOf,
  shifted,
  withCorner,
  withInserted,
  withoutCorner,
} from "./outline.ts";

const square: Point[] = [
  [10, 10],
  [30, 10],
  [30, 30],
  [10, 30],
];
const bowTie: Point[] = [
  [0, 0],
  [10, 10],
  [10, 0],
  [0, 10],
];

describe("an outline", () => {
  it("has a box, an area and an inside", () => {
    expect(boundsOf(square)).toEqual([10, 10, 20, 20]);
    expect(outlineArea(square)).toBe(400);
    expect(encloses(square, [20, 20])).toBe(true);
    expect(encloses(square, [31, 20])).toBe(false);
  });

  it("gets and loses corners, but never the third", () => {
    expect(withInserted(square, 0)).toEqual([[10, 10], [20, 10], ...square.slice(1)]);
    expect(withInserted(square, 3, [5, 20]).at(-1)).toEqual([5, 20]);
    expect(withCorner(square, 1, [40, 5])[1]).toEqual([40, 5]);
    const three = withoutCorner(square, 0) ?? [];
    expect(three).toEqual(square.slice(1));
    expect(withoutCorner(three, 0)).toBeNull();
  });

  it("is moved whole, and stops at the edge of the canvas", () => {
    expect(shifted(square, 5, -3, [100, 100])[0]).toEqual([15, 7]);
    expect(boundsOf(shifted(square, -50, 500, [100, 100]))).toEqual([0, 80, 20, 20]);
  });
});

describe("a flaw", () => {
  it.each<[string, Point[], "few" | "crossing" | null]>([
    ["none", square, null],
    ["two corners", square.slice(0, 2), "few"],
    [
      "three corners on two places",
      [
        [0, 0],
        [1, 1],
        [0, 0],
      ],
      "few",
    ],
    ["a bow tie", bowTie, "crossing"],
    [
      "all on one line",
      [
        [0, 0],
        [5, 5],
        [9, 9],
      ],
      "crossing",
    ],
    [
      "back along its own edge",
      [
        [0, 0],
        [10, 0],
        [5, 0],
        [5, 9],
      ],
      "crossing",
    ],
    [
      "straight on",
      [
        [0, 0],
        [5, 0],
        [10, 0],
        [5, 9],
      ],
      null,
    ],
  ])("%s", (_name, points, expected) => {
    expect(flaw(points)).toBe(expected);
  });

  it("is named by its edges", () => {
    expect(crossing(bowTie)).toEqual([0, 2]);
    expect(crossing(square)).toBeNull();
  });
});

it("makes a place of points: an outline with its bounds, a point with the square around it", () => {
  expect(placeOf(square, [100, 100]).box).toEqual([10, 10, 20, 20]);
  const { box, points } = placeOf([[50, 60]], [300, 400]);
  expect([box, points]).toEqual([[40, 50, 20, 20], [[50, 60]]]);
});

it("brings a point into the canvas, in hundredths", () => {
  expect(onCanvas([-3, 12.3456], [10, 20])).toEqual([0, 12.35]);
});
