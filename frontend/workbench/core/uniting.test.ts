import { describe, expect, it } from "vitest";
import { type Answer, BLANK, type Shape } from "./draft.ts";
import { united } from "./uniting.ts";

const g = { id: "g", label: "G" };
const f = { id: "f", label: "F" };
const shape = (id: string, box: Shape["box"], more: Partial<Shape> = {}): Shape => ({
  id,
  box,
  concepts: [g],
  origin: "drawn",
  prediction: null,
  ...more,
});
const answer = (...shapes: Shape[]): Answer => ({ ...BLANK, shapes });
const how = { many: () => false, newId: () => "fresh" };

it("says each thing once: what both have, what only one has", () => {
  const theirs = answer(shape("a", [0, 0, 100, 100]), shape("t", [500, 500, 50, 50]));
  const mine = answer(shape("a", [1, 0, 100, 100], { concepts: [f] }), shape("m", [300, 0, 50, 50]));
  const both = united(mine, theirs, how);
  expect(both?.shapes.map(({ id }) => id)).toEqual(["a", "t", "m"]);
  expect(both?.shapes[0]).toMatchObject({ box: [1, 0, 100, 100], concepts: [f] });
});

it("takes the labels of both where several are allowed", () => {
  const both = united(
    answer(shape("m", [0, 0, 100, 100], { concepts: [f] })),
    answer(shape("t", [0, 0, 100, 100])),
    { ...how, many: () => true },
  );
  expect(both?.shapes).toMatchObject([{ id: "t", concepts: [f, g] }]);
});

it("keeps both places of what was moved apart, under two ids", () => {
  const both = united(answer(shape("a", [0, 0, 10, 10])), answer(shape("a", [50, 50, 10, 10])), how);
  expect(both?.shapes.map(({ id, box }) => [id, box[0]])).toEqual([
    ["a", 50],
    ["fresh", 0],
  ]);
});

it("leaves an accepted suggestion as it is unless mine differs from it", () => {
  const accepted = shape("t", [0, 0, 100, 100], { origin: "accepted", prediction: "p" });
  const same = united(answer(shape("m", [0, 0, 100, 100])), answer(accepted), how);
  expect(same?.shapes).toMatchObject([{ origin: "accepted", prediction: "p" }]);
  const moved = united(answer(shape("m", [2, 0, 100, 100])), answer(accepted), how);
  expect(moved?.shapes).toMatchObject([{ origin: "edited", prediction: "p" }]);
});

it("refuses what one took over and the other rejected only where it is not there", () => {
  const mine = { ...answer(shape("m", [0, 0, 10, 10])), rejected: ["p", "q"], comment: "torn" };
  const theirs = {
    ...answer(shape("t", [90, 0, 10, 10], { origin: "accepted" as const, prediction: "p" })),
    comment: "stained",
  };
  expect(united(mine, theirs, how)).toMatchObject({ rejected: ["q"], comment: "stained\ntorn" });
});

it("has nothing to unite where one says that nothing is here", () => {
  const mine = answer(shape("m", [0, 0, 10, 10]));
  expect(united(mine, { ...BLANK, nothingHere: true }, how)).toBeNull();
  expect(united(BLANK, mine, how)).toBeNull();
});

describe("of a sequence", () => {
  const yes: Answer = { ...BLANK, concepts: [{ id: "yes", label: "Yes" }] };
  const no: Answer = { ...BLANK, concepts: [{ id: "no", label: "No" }] };
  const mine = answer(shape("m", [300, 0, 50, 50]));
  const theirs = answer(shape("t", [0, 0, 50, 50]));
  const whole = (steps: Record<string, Answer>): Answer => ({ ...BLANK, steps });

  it("unites the shapes of each step and keeps what is the same", () => {
    const both = united(whole({ mark: yes, where: mine }), whole({ where: theirs, mark: yes }), how);
    expect(both?.steps?.where?.shapes.map(({ id }) => id)).toEqual(["t", "m"]);
    expect(both?.steps?.mark).toEqual(yes);
  });

  it("takes a step that only one of them has answered", () => {
    const both = united(whole({ where: mine }), whole({ where: theirs, mark: yes }), how);
    expect(both?.steps?.mark).toEqual(yes);
  });

  it("does not choose between two answers", () => {
    expect(united(whole({ mark: no }), whole({ mark: yes, where: theirs }), how)).toBeNull();
    expect(united(whole({ mark: yes, where: mine }), whole({ mark: no }), how)).toBeNull();
  });

  it("asks of each step whether it takes several labels", () => {
    const same = answer(shape("m", [0, 0, 50, 50], { concepts: [f] }));
    const many = (step: string) => step === "where";
    const both = united(whole({ where: same }), whole({ where: theirs }), { ...how, many });
    expect(both?.steps?.where?.shapes).toMatchObject([{ concepts: [f, g] }]);
  });
});
