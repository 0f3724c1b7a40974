import { expect, it } from "vitest";
import { outlinesIn } from "./svgpath.ts";

const path = (d: string) => outlinesIn(`<svg xmlns="http://www.w3.org/2000/svg"><path d="${d}"/></svg>`);

it("reads polygons, paths and rectangles as corners", () => {
  const square = [
    [1, 1],
    [5, 1],
    [5, 5],
    [1, 5],
  ];
  expect(outlinesIn('<svg><polygon points="1,1 5,1 5,5 1,5"/></svg>')).toEqual([square]);
  expect(outlinesIn("<svg:svg><svg:rect x='1' y='1' width='4' height='4'/></svg:svg>")).toEqual([square]);
  for (const d of [
    "M1,1 L5,1 L5,5 L1,5 Z",
    "M1 1H5V5H1Z",
    "m1 1h4v4h-4z",
    "M1 1 5 1 5 5 1 5",
    "m1,1 4,0 0,4-4,0z",
  ]) {
    expect(path(d)).toEqual([square]);
  }
});

it("begins a relative path behind a closed one where that began", () => {
  expect(path("M1 1h4v4z m10 0h4v4z")[1]?.[0]).toEqual([11, 1]);
});

it("turns curves into lines that end where the curve ends", () => {
  const [cubic] = path("M0 0C0 10 10 10 10 0S20-10 20 0Z");
  expect(cubic).toHaveLength(25);
  expect(cubic?.[6]).toEqual([5, 7.5]);
  expect(cubic?.at(-1)).toEqual([20, 0]);
  expect(cubic?.[18]?.[1]).toBe(-7.5);
  const [quadratic] = path("M0 0Q5 10 10 0T20 0Z");
  expect(quadratic?.[6]).toEqual([5, 5]);
  expect(quadratic?.[18]).toEqual([15, -5]);
  expect(path("M0 0a5 5 0 0110 0l0 5z")[0]).toEqual([
    [0, 0],
    [10, 0],
    [10, 5],
  ]);
  expect(outlinesIn('<circle cx="10" cy="10" r="5"/>')[0]).toHaveLength(32);
});

it("reads exponents, and refuses what is no path", () => {
  expect(path("M1e1 1E1L2e1 10 20 2e+1Z")[0]?.[0]).toEqual([10, 10]);
  for (const wrong of ["", "L", "M1 1", "M1 1 X 5 5 5 5", "javascript:alert(1)"])
    expect(path(wrong)).toEqual([]);
  expect(outlinesIn(`<path d="${"M0 0L1 1".repeat(60_000)}"/>`)).toEqual([]);
  expect(outlinesIn("not svg at all")).toEqual([]);
});
