import { describe, expect, it } from "vitest";
import { folded, Lexicon, matchIn } from "./lexicon.ts";
import { MemoryShelf } from "./ports.ts";

const all = Array.from({ length: 30 }, (_, n) => ({ id: `c${n}`, label: `Concept ${n}` }));

function lexicon(items = all, shelf = new MemoryShelf()) {
  const asked: string[] = [];
  const server = {
    concepts: async (query: string, limit: number) => {
      asked.push(query);
      return {
        items: items.filter(({ label }) => label.includes(query)).slice(0, limit),
        total: items.length,
      };
    },
  };
  return { lexicon: new Lexicon(server, shelf, "recent/x"), asked };
}

describe("the nine at hand", () => {
  it("keep a small vocabulary's own order, whatever was used", async () => {
    const { lexicon: small } = lexicon(all.slice(0, 4));
    await small.open();
    small.used({ id: "c3", label: "Concept 3" });
    expect(small.isSmall).toBe(true);
    expect(small.quick.map(({ id }) => id)).toEqual(["c0", "c1", "c2", "c3"]);
  });

  it("put what was used of a large vocabulary first, each under a key of its own that stays, also after a reload", async () => {
    const shelf = new MemoryShelf();
    const { lexicon: large } = lexicon(all, shelf);
    await large.open();
    large.used({ id: "c20", label: "Concept 20" });
    large.used({ id: "c1", label: "Concept 1" });
    expect(large.quick.map(({ id }) => id).slice(0, 3)).toEqual(["c20", "c1", "c0"]);
    large.used({ id: "c1", label: "Concept 1" });
    expect(large.quick.map(({ id }) => id).slice(0, 3)).toEqual(["c20", "c1", "c0"]);
    const again = lexicon(all, shelf).lexicon;
    await again.open();
    expect(again.quick).toHaveLength(9);
    expect(again.quick.map(({ id }) => id).slice(0, 2)).toEqual(["c20", "c1"]);
  });

  it("give the key of what was used least to what comes newly", async () => {
    const { lexicon: large } = lexicon();
    await large.open();
    for (let n = 10; n < 19; n++) large.used({ id: `c${n}`, label: `Concept ${n}` });
    large.used({ id: "c10", label: "Concept 10" });
    large.used({ id: "c25", label: "Concept 25" });
    expect(large.quick.map(({ id }) => id)).toEqual([
      "c10",
      "c25",
      ...[12, 13, 14, 15, 16, 17, 18].map((n) => `c${n}`),
    ]);
  });

  it("offer what is used often before what was used once, when nothing is typed", async () => {
    const { lexicon: large } = lexicon();
    await large.open();
    for (const n of [7, 7, 7, 21]) large.used({ id: `c${n}`, label: `Concept ${n}` });
    expect((await large.search("")).slice(0, 2).map(({ id }) => id)).toEqual(["c7", "c21"]);
  });
});

it("asks the server once for a query, and puts what was used lately first", async () => {
  const { lexicon: large, asked } = lexicon();
  await large.open();
  large.used({ id: "c21", label: "Concept 21" });
  expect((await large.search("2"))[0]?.id).toBe("c21");
  await large.search(" 2 ");
  expect(asked).toEqual(["", "2"]);
});

describe("matching", () => {
  it("does not mind case and accents", () => {
    expect(folded("Écureuil")).toBe("ecureuil");
    expect(matchIn("Écureuil", "ecu")).toEqual([0, 3]);
    expect(matchIn("La chouette", "CHOU")).toEqual([3, 7]);
  });

  it("keeps its place behind letters that fold into two", () => {
    expect(matchIn("ﬁne lion", "lion")).toEqual([4, 8]);
    expect(matchIn("lion", "")).toBeNull();
    expect(matchIn("lion", "stag")).toBeNull();
  });
});
