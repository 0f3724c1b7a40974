import { describe, expect, it } from "vitest";
import type { Box } from "./geometry.ts";
import { HOME, lookOf, seenBy, surrounded } from "./linking.ts";

const close = (a: Box, b: Box) =>
  a.forEach((value, place) => void expect(value).toBeCloseTo(b[place] ?? NaN, 9));

describe("two linked views", () => {
  const here: Box = [100, 200, 400, 300];
  const there: Box = [9000, 50, 4000, 3000];

  it("are both at home at first", () => {
    expect(lookOf(here, here)).toEqual(HOME);
    close(seenBy(HOME, there), there);
  });

  it("show the same part of what each showed at first", () => {
    const quarter: Box = [100, 200, 200, 150];
    close(seenBy(lookOf(quarter, here), there), [9000, 50, 2000, 1500]);
  });

  it("come back to where they were", () => {
    const seen: Box = [320, 170, 80, 60];
    close(seenBy(lookOf(seen, here), here), seen);
  });

  it("go the same way on the screen, however each is turned or mirrored", () => {
    const turned = { right: [0, 1], down: [-1, 0] } as const;
    const mirrored = { right: [-1, 0], down: [0, 1] } as const;
    const seen: Box = [200, 200, 400, 300];
    const look = lookOf(seen, here, turned);
    expect([look.dx, look.dy]).toEqual([0, 100 / 300]);
    close(seenBy(look, here, turned), seen);
    close(seenBy(lookOf(seen, here), there, mirrored), [9000 - 1000, 50, 4000, 3000]);
  });

  it("have no view of nothing", () => {
    expect(lookOf([0, 0, 0, 0], here).zoom).toBe(1);
  });
});

describe("surroundings", () => {
  it("are as wide on every side", () => {
    expect(surrounded([100, 100, 50, 40], [1000, 1000])).toEqual([90, 90, 70, 60]);
  });
  it("stay on the canvas", () => {
    expect(surrounded([0, 970, 50, 40], [1000, 1000])).toEqual([0, 960, 60, 40]);
  });
});
