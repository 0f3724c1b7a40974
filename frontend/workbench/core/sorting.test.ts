import { describe, expect, it } from "vitest";
import { MemoryShelf } from "./ports.ts";
import { after, type CropItem, extended, type SortResult, toggled, told, touched } from "./sorting.ts";
import { Trouble } from "./trouble.ts";
import { WallWork } from "./wallwork.ts";

const crop = (id: string, change: Partial<CropItem> = {}): CropItem => ({
  id,
  state: "merged",
  task: `task-${id}`,
  canvas_label: {},
  box: [0, 0, 1, 1],
  crop: "",
  concepts: [{ id: "f", label: "F clef" }],
  support: 3,
  seen: 3,
  reasons: [],
  verdict: null,
  reason: null,
  beside: [],
  own: false,
  ...change,
});
const result = (item: string, state: SortResult["state"], detail = ""): SortResult => ({
  item,
  state,
  code: "",
  detail,
});

describe("a selection", () => {
  it("takes one in and out, and ranges whichever way they go", () => {
    expect([...toggled(new Set(["a"]), "b")]).toEqual(["a", "b"]);
    expect([...toggled(new Set(["a"]), "a")]).toEqual([]);
    expect([...extended(new Set(["z"]), ["a", "b", "c", "d"], 2, 1)]).toEqual(["z", "b", "c"]);
  });

  it("says what it would touch: what stands beside others is kept, unless all of them are selected", () => {
    const items = [
      crop("a"),
      crop("b", { task: "t", beside: ["c"] }),
      crop("c", { task: "t", beside: ["b"] }),
      crop("d", { own: true, beside: ["e"] }),
    ];
    expect(touched(items, new Set(["a", "b", "d"]))).toEqual({ items: 3, tasks: 3, kept: 1, own: 1 });
    expect(touched(items, new Set(["a", "b", "c"]))).toEqual({ items: 3, tasks: 2, kept: 0, own: 0 });
  });
});

describe("the wall after an action", () => {
  it("loses what is decided and marks what is kept, of which nothing else has to wait any more", () => {
    const items = [crop("a"), crop("b", { beside: ["c"] }), crop("c", { beside: ["b"] }), crop("d")];
    const results = [result("a", "decided"), result("b", "kept"), result("d", "refused", "No.")];
    const now = after(items, results, { verdict: "corrected", reason: "so" }, { id: "g", label: "G clef" });
    expect(now.map(({ id, verdict, beside }) => [id, verdict, beside])).toEqual([
      ["b", "corrected", ["c"]],
      ["c", null, []],
      ["d", null, []],
    ]);
    expect(now[0]?.concepts).toEqual([{ id: "g", label: "G clef" }]);
  });

  it("tells each refusal once, with how often", () => {
    const results = [result("a", "decided"), result("b", "refused", "No."), result("c", "refused", "No.")];
    expect(told(results)).toEqual({ decided: 1, kept: 0, spoken: 0, refusals: [["No.", 2]] });
  });
});

describe("the work at the wall", () => {
  const query = { concept: "f", state: "merged", order: "outliers", narrower: true } as const;

  function work(fails: number, shelf = new MemoryShelf()) {
    const sent: string[] = [];
    const back: string[] = [];
    let left = fails;
    let number = 0;
    const at = new WallWork(
      {
        concepts: async () => [],
        page: async () => ({ total: 3, items: [crop("a"), crop("b"), crop("c")], cursor: null }),
        rule: async (sorting) => {
          sent.push(sorting.id);
          if (left-- > 0) throw new Trouble("offline");
          const results = sorting.items.map((id) => result(id, id === "b" ? "refused" : "decided", "No."));
          return { id: sorting.id, decided: 1, results };
        },
        takeBack: async (id) => {
          back.push(id);
          return { taken_back: 1, kept: 0 };
        },
      },
      () => `id-${++number}`,
      () => undefined,
      { shelf, key: "sorting" },
    );
    return { at, sent, back };
  }

  it("sends the same again under the same id, and keeps the selection until it is answered", async () => {
    const { at, sent } = work(1);
    await at.look(query);
    at.pick(new Set(["a", "b"]));
    expect(await at.rule(["a", "b"], "accepted", null, "")).toBeNull();
    expect([...at.state.picked]).toEqual(["a", "b"]);
    expect(at.state.unsent).toHaveLength(1);
    // Nothing else is begun while it is open whether the first was done.
    expect(await at.rule(["c"], "rejected", null, "no")).toBeNull();
    await at.send();
    expect(sent).toEqual(["id-1", "id-1"]);
    expect(at.state.items.map(({ id }) => id)).toEqual(["b", "c"]);
    expect([...at.state.picked]).toEqual(["b"]);
    expect(at.state.total).toBe(2);
  });

  it("sends what was not answered once more after a reload, under the same id", async () => {
    const shelf = new MemoryShelf();
    const first = work(1, shelf);
    await first.at.look(query);
    await first.at.rule(["a"], "rejected", null, "blurred");
    const again = work(1, shelf);
    await again.at.start(query);
    expect([again.sent, again.at.state.unsent.length]).toEqual([["id-1"], 1]);
    await again.at.look(query);
    expect(again.at.state.unsent).toHaveLength(1);
    await again.at.send();
    expect(again.sent).toEqual(["id-1", "id-1"]);
    expect(await shelf.list("sorting")).toEqual([]);
    const last = work(0, shelf);
    await last.at.start(query);
    expect(last.sent).toEqual([]);
  });

  it("takes back what was done last, once", async () => {
    const { at, sent, back } = work(0);
    await at.look(query);
    await at.rule(["a"], "accepted", null, "");
    await at.rule(["c"], "accepted", null, "");
    expect(await at.undo()).toEqual({ back: 1, kept: 0 });
    await at.undo();
    expect(await at.undo()).toBeNull();
    expect(back).toEqual([...sent].reverse());
  });

  it("splits what the server does not take at once, and takes it back as one", async () => {
    const { at, sent, back } = work(0);
    await at.look(query);
    await at.rule(
      Array.from({ length: 1001 }, (_none, index) => `n${index}`),
      "accepted",
      null,
      "",
    );
    expect(sent).toHaveLength(3);
    expect(await at.undo()).toEqual({ back: 3, kept: 0 });
    expect(back).toEqual([...sent].reverse());
  });
});
