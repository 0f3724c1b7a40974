import { describe, expect, it } from "vitest";
import { BLANK, toContribution } from "../core/draft.ts";
import { assignment } from "../core/fixtures.ts";
import { en } from "../core/locale/en/index.ts";
import { texts as fr } from "../core/locale/fr/index.ts";
import { pairKeys } from "./keymap.ts";
import { pairOf, swapped } from "./pair.ts";

const one = assignment("a");
const other = { annotation: "B", canvas: assignment("b").task.canvas, region: null };
const lease = { ...one, task: { ...one.task, about: "A", beside: other, left: "B" } };
const about = { id: "1", timeSpentS: 1, locale: "en", device: "desktop" } as const;

describe("a pair", () => {
  it("stands as chance had it, and as the person put it", () => {
    expect(pairOf(one.task)).toBeNull();
    expect(pairOf(lease.task)?.[0].canvas.id).toBe("canvas-b");
    expect(pairOf(lease.task, "A")?.[0].canvas.id).toBe("canvas-a");
  });

  it("changes places, and back again", () => {
    const turned = swapped(BLANK, lease);
    expect(turned.left).toBe("A");
    expect(swapped(turned, lease).left).toBe("B");
    expect(swapped(BLANK, one)).toBe(BLANK);
  });

  it("is handed in with what stood on the left", () => {
    expect(toContribution(BLANK, lease, about).left).toBe("B");
    expect(toContribution(swapped(BLANK, lease), lease, about).left).toBe("A");
    expect(toContribution(BLANK, one, about)).not.toHaveProperty("left");
  });
});

it("has keys to be looked at by, and where nothing is asked none to answer it", () => {
  for (const texts of [en, fr]) {
    const keys = pairKeys(texts)[1].map(([[first]]) => first);
    expect(keys.slice(0, 9)).toEqual(["X", "K", "O", "I", "R", "L", "E", "<", "+"]);
    expect(keys).toHaveLength(10);
    expect(pairKeys(texts, ["R", "L"])[1]).toHaveLength(8);
  }
});
