import { describe, expect, it } from "vitest";
import { type Box, overlaps } from "../core/geometry.ts";
import { type Labelled, LONGEST_PX, placeLabels, shortened } from "./labels.ts";

const widthOf = (text: string) => [...text].length * 7;
const CANVAS: Box = [0, 0, 2000, 1500];

/** A small generator of our own: the same numbers in every run, for every seed. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

function crowd(seed: number, count: number): Labelled[] {
  const next = chance(seed);
  const words = ["clef", "initial with a long name that never ends", "é", "Neumes 𝄞", "", "   "];
  return Array.from({ length: count }, (_, index) => ({
    id: `s${index}`,
    text: words[Math.floor(next() * words.length)] ?? "",
    box: [next() * 2000 - 50, next() * 1500 - 50, next() * 300, next() * 200],
    weight: Math.floor(next() * 3) / 2,
    picked: index === 3,
  }));
}

const shape = (id: string, box: Box, more: Partial<Labelled> = {}): Labelled => ({
  id,
  text: "F clef",
  box,
  weight: 0,
  ...more,
});

describe("in a crowd", () => {
  const seeds = Array.from({ length: 30 }, (_, seed) => seed + 1);

  it.each(seeds)("no two labels overlap (%i)", (seed) => {
    const placed = placeLabels(crowd(seed, 40 + 20 * seed), CANVAS, widthOf);
    expect(placed.length).toBeGreaterThan(5);
    for (const [index, { box }] of placed.entries()) {
      for (const other of placed.slice(index + 1)) expect(overlaps(box, other.box)).toBe(false);
    }
  });

  it.each(seeds)("the order in which shapes come changes nothing (%i)", (seed) => {
    const shapes = crowd(seed, 200);
    const next = chance(seed + 1000);
    const shuffled = shapes
      .map((one) => [next(), one] as const)
      .sort(([a], [b]) => a - b)
      .map(([, one]) => one);
    expect(placeLabels(shuffled, CANVAS, widthOf)).toEqual(placeLabels(shapes, CANVAS, widthOf));
  });

  it.each(seeds)("every label touches its shape, and what is picked has one (%i)", (seed) => {
    const shapes = crowd(seed, 300).map((one) => (one.picked ? { ...one, text: "picked" } : one));
    const placed = placeLabels(shapes, CANVAS, widthOf);
    for (const { id, box } of placed) {
      const [x, y, w, h] = shapes.find((one) => one.id === id)?.box ?? [0, 0, 0, 0];
      expect(overlaps([x - 2, y - 2, w + 4, h + 4], box)).toBe(true);
    }
    expect(placed[0]).toMatchObject({ id: "s3", text: "picked" });
  });
});

describe("where a label stands", () => {
  const at = (...shapes: Labelled[]) =>
    placeLabels(shapes, CANVAS, widthOf).map(({ id, box }) => [id, box[1]]);

  it("is above; below where that is taken; inside where both are", () => {
    const box: Box = [500, 500, 300, 200];
    expect(at(shape("a", box))).toEqual([["a", 481]]);
    expect(at(shape("a", box), shape("b", box), shape("c", box), shape("d", box))).toEqual([
      ["a", 481],
      ["b", 701],
      ["c", 502],
      ["d", 481],
    ]);
  });

  it("stays on the canvas where it can", () => {
    expect(at(shape("top", [100, 0, 300, 200]))).toEqual([["top", 201]]);
    expect(at(shape("all", [0, 0, 2000, 1500]))).toEqual([["all", 2]]);
    // Nothing but outside is left for what is small and fills its canvas.
    expect(placeLabels([shape("tiny", [0, 0, 30, 12])], [0, 0, 30, 12], widthOf)).toHaveLength(1);
  });

  it("goes to the surer and the larger first, and to nothing tiny", () => {
    const box: Box = [500, 500, 40, 10];
    const rank = placeLabels(
      [shape("small", box), shape("large", [500, 500, 80, 10]), shape("sure", box, { weight: 1 })],
      CANVAS,
      widthOf,
    );
    // For the third there is no room left.
    expect(rank.map(({ id }) => id)).toEqual(["sure", "large"]);
    expect(at(shape("tiny", [500, 500, 20, 20]))).toEqual([]);
    expect(at(shape("tiny", [500, 500, 20, 20], { picked: true }))).toHaveLength(1);
  });
});

describe("a text that is too long", () => {
  it("ends with an ellipsis within its room", () => {
    const said = shortened("an endless sentence about a very small initial", LONGEST_PX, widthOf);
    expect(said.endsWith("…")).toBe(true);
    expect(widthOf(said)).toBeLessThanOrEqual(LONGEST_PX);
  });

  it("is left as it is when it fits, in one line", () => {
    expect(shortened(" two\n lines ", 200, widthOf)).toBe("two lines");
    expect(shortened("wide", 3, widthOf)).toBe("");
  });

  it("is never cut within a character", () => {
    for (let room = 7; room < 90; room += 7) {
      expect(shortened("𝄞𝄢𝄡𝄞𝄢𝄡𝄞𝄢𝄡𝄞𝄢𝄡", room, widthOf)).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    }
  });
});
