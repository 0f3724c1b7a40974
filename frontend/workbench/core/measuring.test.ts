import { expect, it } from "vitest";
import { inCanvasUnits, lengthOf, realLength, type Scale, scaleBar } from "./measuring.ts";

const mm: Scale = { factor: 0.05, units: "mm" };

it("measures in canvas units", () => {
  expect(lengthOf([0, 0], [30, 40])).toBe(50);
  expect(inCanvasUnits(12.345)).toEqual({ value: 12.3, unit: "px" });
});

it.each([
  [100, mm, 5, "mm"],
  [1234, mm, 61.7, "mm"],
  [1999.9, mm, 10, "cm"],
  [5000, mm, 25, "cm"],
  [5000, { factor: 2, units: "cm" }, 100, "m"],
  [1200, { factor: 0.0025, units: "in" }, 3, "in"],
  [1, { factor: 123456, units: "in" }, 123456, "in"],
] as const)("says %d units at %o as %d %s", (units, scale, value, unit) => {
  expect(realLength(units, scale)).toEqual({ value, unit });
});

it("gives the longest round bar that fits", () => {
  for (let exponent = -6; exponent < 6; exponent += 0.13) {
    const { length, px } = scaleBar(mm, 10 ** exponent, 140);
    expect(px).toBeLessThanOrEqual(140 + 1e-6);
    expect(px).toBeGreaterThan(140 / 2.5 - 1e-6);
    expect(String(length.value)).toMatch(/^(0\.0*)?[125](e.*|0*)?$/);
  }
});
