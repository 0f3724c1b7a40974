import { expect, it } from "vitest";
import { MemoryShelf } from "./ports.ts";
import { SturdyShelf } from "./sturdy.ts";

class Full extends MemoryShelf {
  full = false;
  override async put(key: string, value: unknown): Promise<void> {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    await super.put(key, value);
  }
}

it("holds in memory what the shelf below has no room for, and says so", async () => {
  const below = new Full();
  const shelf = new SturdyShelf(below);
  await shelf.put("a/1", { n: 1 });
  expect(shelf.failing).toBe(false);
  below.full = true;
  await shelf.put("a/1", { n: 2 });
  await shelf.put("a/0", { n: 0 });
  expect(shelf.failing).toBe(true);
  expect(await shelf.get("a/1")).toEqual({ n: 2 });
  expect(await shelf.list("a/")).toEqual([
    ["a/0", { n: 0 }],
    ["a/1", { n: 2 }],
  ]);
});

it("puts down what it held once there is room again", async () => {
  const below = new Full();
  const shelf = new SturdyShelf(below);
  below.full = true;
  await shelf.put("a", 1);
  below.full = false;
  await shelf.put("a", 2);
  expect(shelf.failing).toBe(false);
  expect(await below.get("a")).toBe(2);
});

it("forgets what it held when that is removed", async () => {
  const below = new Full();
  const shelf = new SturdyShelf(below);
  below.full = true;
  await shelf.put("a", 1);
  await shelf.remove("a");
  expect(await shelf.get("a")).toBeUndefined();
  expect(shelf.failing).toBe(false);
});
