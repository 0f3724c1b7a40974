import { describe, expect, it } from "vitest";
import { type Edges, type Gray, inkIn } from "./ink.ts";

/** A repeatable die: the tests are the same every time. */
function die(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 2 ** 32;
  };
}

const [WIDTH, HEIGHT] = [160, 200];

/** A sheet of uneven grain, darker from left to right by `shade` levels. */
function sheet(seed: number, { ground = 215, grain = 8, shade = 0 } = {}): Gray {
  const roll = die(seed);
  const luma = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) =>
    Math.round(ground - (shade * (at % WIDTH)) / WIDTH + (roll() + roll() + roll() + roll() - 2) * grain),
  );
  return { width: WIDTH, height: HEIGHT, luma };
}

function ink({ luma }: Gray, { left, top, right, bottom }: Edges, level = 40): void {
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++)
      if (x >= 0 && x < WIDTH && y >= 0 && y < HEIGHT) luma[y * WIDTH + x] = level;
}

const DRAWN: Edges = { left: 25, top: 30, right: 135, bottom: 170 };
const SIGN: Edges = { left: 50, top: 60, right: 100, bottom: 140 };

/** A sign with a stem and two arms, exactly within its edges. */
function sign(page: Gray, at: Edges = SIGN): void {
  const { left, top, right, bottom } = at;
  ink(page, { left, top, right: left + 12, bottom });
  ink(page, { left, top, right, bottom: top + 12 });
  ink(page, { left, top: bottom - 12, right, bottom });
}

describe("ink in a box", () => {
  it("is found exactly, wherever it stands and however uneven the ground", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const roll = die(seed * 7919);
      const [left, top] = [30 + Math.floor(roll() * 40), 35 + Math.floor(roll() * 50)];
      const at = {
        left,
        top,
        right: left + 30 + Math.floor(roll() * 30),
        bottom: top + 40 + Math.floor(roll() * 40),
      };
      const page = sheet(seed, { shade: roll() * 90, grain: 3 + roll() * 12 });
      sign(page, at);
      expect(inkIn(page, DRAWN), `seed ${seed}`).toEqual(at);
    }
  });

  it("may reach a little beyond what was drawn", () => {
    const page = sheet(2);
    sign(page);
    expect(inkIn(page, { left: 55, top: 66, right: 98, bottom: 138 })).toEqual(SIGN);
  });

  it("is not the specks beside it", () => {
    const page = sheet(3);
    sign(page);
    for (const [x, y] of [
      [30, 35],
      [130, 165],
      [128, 40],
      [33, 160],
    ] as const)
      ink(page, { left: x, top: y, right: x + 2, bottom: y + 2 });
    expect(inkIn(page, DRAWN)).toEqual(SIGN);
  });

  it("is not the staff lines and frames that run through it, a little askew", () => {
    const page = sheet(4);
    sign(page);
    for (let x = 0; x < WIDTH; x++) {
      const drop = Math.round(x / 60);
      for (const y of [45, 75, 105, 135])
        ink(page, { left: x, top: y + drop, right: x + 1, bottom: y + drop + 2 });
    }
    ink(page, { left: 128, top: 0, right: 130, bottom: HEIGHT });
    expect(inkIn(page, DRAWN)).toEqual(SIGN);
  });

  it("is not a neighbour that reaches in, nor the dark beyond the page", () => {
    const page = sheet(5);
    sign(page);
    ink(page, { left: 120, top: 80, right: 158, bottom: 120 });
    ink(page, { left: 0, top: 0, right: 18, bottom: HEIGHT }, 5);
    expect(inkIn(page, DRAWN)).toEqual(SIGN);
  });

  it("keeps the drawn edge where the ink runs on beyond the picture", () => {
    const page = sheet(6);
    ink(page, { left: 40, top: 60, right: 120, bottom: HEIGHT });
    expect(inkIn(page, DRAWN)).toEqual({ left: 40, top: 60, right: 120, bottom: DRAWN.bottom });
  });

  it("is none on an empty sheet, a stain, noise, or a black page", () => {
    const stained = sheet(7);
    for (let y = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++) {
        const near = Math.hypot(x - 80, y - 100) / 90;
        stained.luma[y * WIDTH + x] =
          (stained.luma[y * WIDTH + x] ?? 0) - Math.round(18 * Math.max(0, 1 - near));
      }
    const noise = sheet(8, { ground: 128, grain: 60 });
    for (const page of [sheet(9), stained, noise, sheet(10, { ground: 20, grain: 4 })])
      expect(inkIn(page, DRAWN)).toBeNull();
  });

  it("of what was tightened is the same again", () => {
    const page = sheet(11);
    sign(page);
    const once = inkIn(page, DRAWN) as Edges;
    expect(inkIn(page, once)).toEqual(once);
  });
});
