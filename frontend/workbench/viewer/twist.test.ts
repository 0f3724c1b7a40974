import { describe, expect, it } from "vitest";
import { MEANT_DEGREES, swing, Twist } from "./twist.ts";

describe("the swing of two fingers", () => {
  it("is clockwise on the screen, the short way round", () => {
    expect(swing([0, 0], [100, 0], [0, 100])).toBeCloseTo(90);
    expect(swing([0, 0], [0, 100], [100, 0])).toBeCloseTo(-90);
    expect(swing([0, 0], [-100, 5], [-100, -5])).toBeCloseTo(5.72, 1);
    expect(swing([0, 0], [-100, -5], [-100, 5])).toBeCloseTo(-5.72, 1);
  });

  it("is none of fingers that touch each other", () => {
    expect(swing([0, 0], [10, 0], [0, 10])).toBe(0);
    expect(swing([5, 5], [5, 5], [5, 5])).toBe(0);
  });
});

describe("a twist", () => {
  it("is nothing until it is meant, and begins from where it is then", () => {
    const twist = new Twist();
    expect(twist.go(MEANT_DEGREES - 1, 1)).toBeNull();
    expect(twist.isMeant).toBe(false);
    expect(twist.go(2, 1)).toBe(0);
    expect(twist.isMeant).toBe(true);
    expect(twist.go(30, 1)).toBe(30);
    // Once it is meant the fingers may go back.
    expect(twist.go(-42, 1)).toBe(-12);
  });

  it("has to be twice as far for who pinches already, whichever way", () => {
    for (const factor of [1.5, 1 / 1.5]) {
      const twist = new Twist();
      expect(twist.go(-2 * MEANT_DEGREES + 1, factor)).toBeNull();
      expect(twist.go(-2, 1)).toBe(0);
    }
  });

  it("is not made of hands that tremble", () => {
    const twist = new Twist();
    for (let step = 0; step < 40; step++) expect(twist.go(step % 2 ? 9 : -9, 1.01)).toBeNull();
  });
});
