import { describe, expect, it } from "vitest";
import { type Answer, BLANK, type Shape } from "./draft.ts";
import {
  around,
  beside,
  common,
  copies,
  deleteAll,
  displacedAll,
  fittedIn,
  framed,
  labelAll,
  picked,
  shiftAll,
  withCopies,
} from "./several.ts";

const CANVAS = [1000, 500] as const;
const g = { id: "g", label: "G" };
const f = { id: "f", label: "F" };
const shape = (id: string, more: Partial<Shape> = {}): Shape => ({
  id,
  box: [0, 0, 10, 10],
  concepts: [],
  origin: "drawn",
  prediction: null,
  ...more,
});
const two = [shape("a", { box: [100, 100, 50, 50] }), shape("b", { box: [900, 300, 60, 40] })];
const answer = (...shapes: Shape[]): Answer => ({ ...BLANK, shapes });
let made = 0;
const newId = () => `new-${++made}`;

describe("several shapes", () => {
  it("move together and stop together at the edge of the canvas", () => {
    const moved = shiftAll(answer(...two), ["a", "b"], 500, 5, CANVAS);
    expect(moved.shapes.map(({ box }) => box)).toEqual([
      [140, 105, 50, 50],
      [940, 305, 60, 40],
    ]);
    expect(shiftAll(moved, ["a", "b"], 10, 0, CANVAS)).toBe(moved);
  });

  it("move what is not picked not at all, and make an accepted suggestion an edited one", () => {
    const accepted = shape("c", { origin: "accepted", prediction: "p" });
    const moved = shiftAll(answer(...two, accepted), ["c"], 1, 1, CANVAS);
    expect(moved.shapes.slice(0, 2)).toEqual(two);
    expect(moved.shapes[2]).toMatchObject({ origin: "edited", box: [1, 1, 10, 10] });
  });

  it("keep clean numbers however far they go", () => {
    let now = answer(shape("a", { box: [0.1, 0.2, 3, 3] }));
    for (let step = 0; step < 30; step++) now = shiftAll(now, ["a"], 0.1, 0.2, CANVAS);
    expect(now.shapes[0]?.box).toEqual([3.1, 6.2, 3, 3]);
  });

  it("carry the corners of outlines and the places of points along", () => {
    const outline = shape("o", {
      box: [10, 10, 20, 20],
      points: [
        [10, 10],
        [30, 10],
        [20, 30],
      ],
    });
    const point = shape("p", { box: [480, 230, 40, 40], points: [[500, 250]] });
    const moved = shiftAll(answer(outline, point), ["o", "p"], -50, 0, CANVAS);
    expect(moved.shapes[0]?.points?.[0]).toEqual([0, 10]);
    expect(moved.shapes[1]?.points).toEqual([[490, 250]]);
    expect(around([point])).toEqual([500, 250, 0, 0]);
  });

  it("are copied with their labels, beside them, as drawn by hand", () => {
    const labelled = [shape("a", { concepts: [g], origin: "accepted", prediction: "p" })];
    const [copy] = copies(displacedAll(labelled, beside(labelled, CANVAS), CANVAS), newId);
    expect(copy).toMatchObject({ box: [10, 10, 10, 10], concepts: [g], origin: "drawn", prediction: null });
    expect(copy?.id).not.toBe("a");
    const full = [shape("w", { box: [0, 0, 1000, 480] })];
    expect(beside(full, CANVAS)).toEqual([10, 10]);
    const corner = [shape("k", { box: [990, 490, 10, 10] })];
    expect(beside(corner, CANVAS)).toEqual([-10, -10]);
  });

  it("are no answer that nothing is here any more", () => {
    const said = withCopies({ ...BLANK, nothingHere: true }, [shape("a")]);
    expect(said.nothingHere).toBe(false);
    expect(withCopies(BLANK, [])).toBe(BLANK);
  });

  it("get one label, or one more, or lose it when all have it", () => {
    const labelled = answer(shape("a", { concepts: [g] }), shape("b", { concepts: [g, f] }));
    const one = labelAll(labelled, ["a", "b"], f, { many: false });
    expect(one.shapes.map(({ concepts }) => concepts)).toEqual([[f], [f]]);
    const more = labelAll(labelled, ["a", "b"], f, { many: true });
    expect(more.shapes.map(({ concepts }) => concepts)).toEqual([
      [g, f],
      [g, f],
    ]);
    const fewer = labelAll(more, ["a", "b"], g, { many: true });
    expect(fewer.shapes.map(({ concepts }) => concepts)).toEqual([[f], [f]]);
    expect(common(more.shapes)).toEqual([g, f]);
    expect(common(labelled.shapes)).toEqual([g]);
  });

  it("go together, and suggestions among them count as refused", () => {
    const now = deleteAll(answer(...two, shape("c", { prediction: "p" })), ["a", "c"]);
    expect(now).toMatchObject({ shapes: [{ id: "b" }], rejected: ["p"] });
  });

  it("are picked by a frame that touches them; a point by one that has it in it", () => {
    const point = shape("p", { box: [480, 230, 40, 40], points: [[500, 250]] });
    const all = [...two, point];
    expect(framed(all, [140, 140, 345, 105]).map(({ id }) => id)).toEqual(["a"]);
    expect(framed(all, [490, 240, 500, 200]).map(({ id }) => id)).toEqual(["b", "p"]);
    expect(picked(answer(...all), ["p", "gone", "a"]).map(({ id }) => id)).toEqual(["a", "p"]);
  });

  it("find room on another canvas", () => {
    const [fitted] = fittedIn([shape("a", { box: [900, 300, 600, 40] })], [500, 320]);
    expect(fitted?.box).toEqual([0, 280, 500, 40]);
  });
});
