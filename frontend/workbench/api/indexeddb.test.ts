import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { MemoryShelf, type Shelf } from "../core/ports.ts";
import { IndexedDbShelf } from "./indexeddb.ts";

let count = 0;

describe.each<[string, () => Shelf]>([
  ["IndexedDB", () => new IndexedDbShelf(`test-${++count}`)],
  ["memory", () => new MemoryShelf()],
])("a shelf in %s", (_name, make) => {
  it("keeps values by key, replaces and removes them", async () => {
    const shelf = make();
    await shelf.put("draft/a", { n: 1 });
    await shelf.put("draft/a", { n: 2 });
    expect(await shelf.get("draft/a")).toEqual({ n: 2 });
    await shelf.remove("draft/a");
    expect(await shelf.get("draft/a")).toBeUndefined();
  });

  it("lists what begins alike, in order, and nothing else", async () => {
    const shelf = make();
    for (const key of ["draft/b", "outbox/a", "draft/a", "drafty"]) await shelf.put(key, key);
    expect(await shelf.list("draft/")).toEqual([
      ["draft/a", "draft/a"],
      ["draft/b", "draft/b"],
    ]);
  });
});

it("is still there when another page opens it", async () => {
  await new IndexedDbShelf("shared").put("outbox/1", { id: "1" });
  expect(await new IndexedDbShelf("shared").get("outbox/1")).toEqual({ id: "1" });
});
