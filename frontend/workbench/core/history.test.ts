import { expect, it } from "vitest";
import { begin, redo, step, undo } from "./history.ts";

it("goes back and forth, and a new step forgets the future", () => {
  const three = step(step(begin(1), 2), 3);
  expect(undo(three).present).toBe(2);
  expect(redo(undo(three)).present).toBe(3);
  const branched = step(undo(three), 4);
  expect(redo(branched)).toBe(branched);
  expect(undo(undo(branched)).present).toBe(1);
});

it("stops at both ends and counts no empty step", () => {
  const one = begin("a");
  expect(undo(one)).toBe(one);
  expect(redo(one)).toBe(one);
  expect(step(one, "a")).toBe(one);
});
