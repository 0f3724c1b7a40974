import { beforeEach, expect, it } from "vitest";
import type { ReviewItem } from "./contract.ts";
import { type DraftServer, type KeptDraft, keyOf, type Subject } from "./drafts.ts";
import { HandClock, settled } from "./fixtures.ts";
import { begin, step, undo } from "./history.ts";
import { MemoryShelf } from "./ports.ts";
import { type Begun, type ReviewBody, ReviewKeeping } from "./reviewkeeping.ts";
import { accept, add, type Rulings, reject } from "./rulings.ts";
import { Trouble } from "./trouble.ts";

const item = (id: string): ReviewItem =>
  ({ id, box: [1, 2, 3, 4], concepts: [], members: [] }) as unknown as ReviewItem;
const ITEMS = [item("i1"), item("i2")];
const [FIRST, SECOND] = ITEMS as [ReviewItem, ReviewItem];

let kept: Map<string, KeptDraft<ReviewBody>>;
let broken: Trouble | null;
let ids = 0;

beforeEach(() => {
  kept = new Map();
  broken = null;
});

function browser(shelf = new MemoryShelf()) {
  const clock = new HandClock();
  const server: DraftServer<ReviewBody> = {
    read: async (of: Subject) => kept.get(keyOf(of)) ?? null,
    write: async (of, draft) => {
      if (broken) throw broken;
      const there = kept.get(keyOf(of));
      if (there && there.sequence >= draft.sequence && there.writer !== draft.writer) {
        throw new Trouble("refused", "", "draft-overtaken", null, there);
      }
      kept.set(keyOf(of), structuredClone(draft));
    },
  };
  const world = { shelf, clock, newId: () => `id-${++ids}` };
  const keeping = new ReviewKeeping(world, server, "1/clefs/", () => undefined);
  return { shelf, clock, keeping };
}

/** Opens a task as the page does; what is shown. */
async function opened({ keeping }: { keeping: ReviewKeeping }, items = ITEMS) {
  await keeping.open();
  let shown: Begun = { history: begin({}), decision: "none" };
  await keeping.begin("t1", items, (begun) => {
    shown = begun;
    return true;
  });
  return shown;
}

const now = (rulings: Rulings, decision = "d1"): Begun => ({
  history: step(begin<Rulings>({}), rulings),
  decision,
});

it("comes back after a reload with its steps, under the id it will be saved as", async () => {
  const shelf = new MemoryShelf();
  const one = browser(shelf);
  await opened(one);
  one.keeping.write(now(accept({}, FIRST)));
  await settled();
  broken = new Trouble("offline");
  const { history, decision } = await opened(browser(shelf));
  expect(history.present).toMatchObject({ i1: { verdict: "accepted" } });
  expect(undo(history).present).toEqual({});
  expect(decision).toBe("d1");
});

it("is on the server within two seconds, and shown in another browser", async () => {
  const one = browser();
  await opened(one);
  one.keeping.write(now(reject(accept({}, FIRST), SECOND)));
  await one.clock.wind(2_000);
  expect(one.keeping.state).toEqual({ there: "saved", thereBecause: null, kept: true });
  const two = browser();
  const { history } = await opened(two);
  expect(history.present).toMatchObject({ i1: { verdict: "accepted" }, i2: { verdict: "rejected" } });
  expect(two.keeping.state.there).toBe("saved");
});

it("the newer one is shown, and what stood here is one step back", async () => {
  const shelf = new MemoryShelf();
  const one = browser(shelf);
  await opened(one);
  one.keeping.write(now(accept({}, FIRST)));
  await one.clock.wind(2_000);
  const two = browser();
  await opened(two);
  two.keeping.write(now(reject({}, FIRST)));
  await two.clock.wind(2_000);
  const { history } = await opened(browser(shelf));
  expect(history.present).toMatchObject({ i1: { verdict: "rejected" } });
  expect(undo(history).present).toMatchObject({ i1: { verdict: "accepted" } });
});

it("of two at once what was decided last stands", async () => {
  const [one, two] = [browser(), browser()];
  await opened(one);
  await opened(two);
  one.keeping.write(now(accept({}, FIRST)));
  await one.clock.wind(2_000);
  two.keeping.write(now(reject({}, FIRST)));
  await two.clock.wind(6_000);
  expect(kept.get("t1")?.body.rulings).toMatchObject({ i1: { verdict: "rejected" } });
  expect(two.keeping.state.there).toBe("saved");
});

it("says why it waits, and goes out when the network is back", async () => {
  const one = browser();
  await opened(one);
  broken = new Trouble("offline");
  one.keeping.write(now(accept({}, FIRST)));
  await one.clock.wind(2_000);
  expect(one.keeping.state).toEqual({ there: "waiting", thereBecause: "offline", kept: true });
  broken = null;
  one.keeping.flush();
  await settled();
  expect(kept.has("t1")).toBe(true);
});

it("leaves nothing behind once it is decided", async () => {
  const shelf = new MemoryShelf();
  const one = browser(shelf);
  await opened(one);
  one.keeping.write(now(accept({}, FIRST)));
  await one.keeping.settle();
  await one.keeping.done("t1");
  await one.clock.wind(5_000);
  expect(kept.size).toBe(0);
  expect(await shelf.list("review/")).toEqual([]);
});

it("of what was merged anew only what still has its subject comes back", async () => {
  const shelf = new MemoryShelf();
  const one = browser(shelf);
  await opened(one);
  one.keeping.write(now(add(reject(accept({}, FIRST), SECOND), "mine", [1, 2, 3, 4], [])));
  await settled();
  const { history } = await opened(browser(shelf), [FIRST, item("i3")]);
  expect(Object.keys(history.present)).toEqual(["i1", "mine"]);
});
