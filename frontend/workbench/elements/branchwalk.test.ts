import { afterEach, expect, it, vi } from "vitest";
import type { Branch } from "../api/assist.ts";
import { type Below, rowsOf, TOP, TypeAhead } from "./branchwalk.ts";

const branch = (id: string, label = id): Branch =>
  ({ id, label, children: 0, examples: [] }) as unknown as Branch;
const level = (...items: Branch[]): Below => ({ items, total: items.length });
const levels = new Map([
  [TOP, level(branch("clefs", "Clefs"), branch("rests", "Écarts"), branch("notes", "Notes"))],
  ["clefs", level(branch("c", "C clef"), branch("f", "F clef"))],
]);
const ids = (opened: string[]) => rowsOf(levels, new Set(opened)).map(({ branch: { id } }) => id);

afterEach(() => vi.useRealTimers());

it("walks along what is open, and nothing else", () => {
  expect(ids([])).toEqual(["clefs", "rests", "notes"]);
  expect(ids(["clefs", "notes"])).toEqual(["clefs", "c", "f", "rests", "notes"]);
  expect(rowsOf(levels, new Set(["clefs"]))[1]?.parent).toBe("clefs");
  expect(rowsOf(new Map(), new Set())).toEqual([]);
});

it("finds by letters typed together, whatever their accents, and goes on from where one is", () => {
  vi.useFakeTimers();
  const rows = rowsOf(levels, new Set(["clefs"]));
  const letters = new TypeAhead();
  expect(letters.find("c", rows, 0)).toBe("c");
  expect(letters.find("l", rows, 1)).toBe("clefs");
  vi.advanceTimersByTime(1_000);
  expect(letters.find("e", rows, 0)).toBe("rests");
  vi.advanceTimersByTime(1_000);
  expect(letters.find("c", rows, 1), "all around").toBe("clefs");
  vi.advanceTimersByTime(1_000);
  expect(letters.find("z", rows, 0)).toBeNull();
  // Nothing begins with both: the last letter counts alone.
  expect(letters.find("n", rows, 0)).toBe("notes");
});
