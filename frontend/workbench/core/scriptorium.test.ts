import { describe, expect, it } from "vitest";
import { written } from "./annotating.ts";
import { HandClock, settled } from "./fixtures.ts";
import { POLL_MS } from "./listening.ts";
import { MemoryShelf } from "./ports.ts";
import { SharedCanvas, sitting, WHERE } from "./shared.fixtures.ts";
import type { Said } from "./shared.ts";

const box = (x: number, text = ""): Said => ({ box: [x, 10, 20, 20], concepts: [], text });

async function two() {
  const canvas = new SharedCanvas();
  const clock = new HandClock();
  const [ada, bo] = [sitting(canvas, "ada", { clock }), sitting(canvas, "bo", { clock })];
  await ada.at.start();
  await bo.at.start();
  return { canvas, clock, ada, bo };
}

/** Lets all be sent that can be, and then each ask once. */
async function round(clock: HandClock): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await settled();
  await clock.wind(POLL_MS);
}

/** Both have a box of Ada's before them. */
async function twoAtABox() {
  const all = await two();
  const id = all.ada.at.create(box(100));
  all.ada.at.select(null);
  await round(all.clock);
  expect(all.bo.shapes().map((shape) => shape.id)).toEqual([id]);
  return { ...all, id };
}

describe("two at one canvas", () => {
  it("see what the other draws, changes and deletes with the next poll", async () => {
    const { canvas, clock, ada, bo } = await two();
    const id = ada.at.create(box(100));
    await round(clock);
    expect(bo.shapes()).toMatchObject([{ id, box: [100, 10, 20, 20], by: "ada", waits: false }]);
    ada.at.change(id, { box: [300, 10, 20, 20] });
    await round(clock);
    expect(bo.shapes()).toMatchObject([{ id, box: [300, 10, 20, 20] }]);
    ada.at.remove(id);
    await round(clock);
    expect(bo.shapes()).toEqual([]);
    expect(canvas.log).toEqual([`create ${id}`, `change ${id} 2`, `delete ${id} 3`]);
  });

  it("see who is there and what they hold", async () => {
    const { clock, ada, bo, id } = await twoAtABox();
    bo.at.select(id);
    await round(clock);
    expect(ada.at.state.present).toMatchObject([{ name: "bo", holds: id }]);
    expect(ada.shapes()[0]?.holder?.name).toBe("bo");
    bo.at.close();
    await round(clock);
    expect(ada.at.state.present).toEqual([]);
  });

  it("do not pull what the other holds away", async () => {
    const { clock, ada, bo, id } = await twoAtABox();
    bo.at.select(id);
    ada.at.change(id, { box: [500, 10, 20, 20] });
    await round(clock);
    expect(bo.shapes()[0]?.box).toEqual([100, 10, 20, 20]);
    expect(bo.at.state.clashes).toMatchObject([
      { id, held: true, by: "ada", mine: { box: [100, 10, 20, 20] }, theirs: { box: [500, 10, 20, 20] } },
    ]);
    bo.at.resolve(id, "theirs");
    expect(bo.shapes()[0]?.box).toEqual([500, 10, 20, 20]);
    expect(bo.at.state.clashes).toEqual([]);
  });

  it("choose where both have changed the same", async () => {
    for (const [choice, ends] of [
      ["mine", [[700, 10, 20, 20]]],
      ["theirs", [[500, 10, 20, 20]]],
      [
        "both",
        [
          [500, 10, 20, 20],
          [700, 10, 20, 20],
        ],
      ],
    ] as const) {
      const { clock, ada, bo, id } = await twoAtABox();
      bo.at.select(id);
      ada.at.change(id, { box: [500, 10, 20, 20] });
      await settled();
      bo.at.change(id, { box: [700, 10, 20, 20] });
      await round(clock);
      expect(bo.at.state.clashes).toMatchObject([{ id, held: false, by: "ada" }]);
      bo.at.resolve(id, choice);
      await clock.wind(2 * POLL_MS);
      expect(
        ada.shapes().map((shape) => shape.box),
        choice,
      ).toEqual(ends);
      expect(
        bo.shapes().map((shape) => shape.box),
        choice,
      ).toEqual(ends);
      expect(bo.at.state.courier.parcels, choice).toEqual([]);
    }
  });

  it("choose where one has changed what the other deleted", async () => {
    const { clock, ada, bo, id } = await twoAtABox();
    bo.server.cut = "offline";
    bo.at.change(id, { box: [700, 10, 20, 20] });
    ada.at.remove(id);
    await round(clock);
    bo.server.cut = null;
    await clock.wind(10_000);
    expect(bo.at.state.clashes).toMatchObject([{ id, theirs: null }]);
    bo.at.resolve(id, "mine");
    await clock.wind(2 * POLL_MS);
    expect(ada.shapes().map((shape) => shape.box)).toEqual([[700, 10, 20, 20]]);
    expect(ada.shapes()[0]?.id).not.toBe(id);
  });

  it("are not asked where both have wanted the same", async () => {
    const { clock, ada, bo, id } = await twoAtABox();
    ada.at.remove(id);
    bo.at.remove(id);
    await clock.wind(2 * POLL_MS);
    expect([ada.at.state.clashes, bo.at.state.clashes, bo.shapes()]).toEqual([[], [], []]);
    expect(bo.at.state.courier.parcels).toEqual([]);
  });
});

describe("without a connection", () => {
  it("what is drawn arrives once, in order, and only as it is in the end", async () => {
    const { canvas, clock, ada, bo } = await two();
    ada.server.cut = "offline";
    const first = ada.at.create(box(100));
    const second = ada.at.create(box(200));
    await settled();
    for (const x of [310, 320, 330]) ada.at.change(second, { box: [x, 10, 20, 20] });
    const gone = ada.at.create(box(900));
    ada.at.remove(gone);
    await clock.wind(5 * POLL_MS);
    expect(ada.at.state.deaf).toBe("offline");
    expect(ada.shapes()).toHaveLength(2);
    expect(canvas.log).toEqual([]);
    ada.server.cut = null;
    await clock.wind(30_000);
    expect(canvas.log).toEqual([`create ${first}`, `create ${second}`]);
    expect(bo.shapes().map((shape) => shape.box[0])).toEqual([100, 330]);
  });

  it("a lost answer makes nothing twice", async () => {
    const { canvas, clock, ada, bo } = await two();
    ada.server.loseAnswers = true;
    const id = ada.at.create(box(100));
    await settled();
    ada.at.change(id, { box: [200, 10, 20, 20] });
    await clock.wind(3 * POLL_MS);
    ada.server.loseAnswers = false;
    await clock.wind(30_000);
    expect(canvas.log).toEqual([`create ${id}`, `change ${id} 2`]);
    expect(bo.shapes()).toMatchObject([{ id, box: [200, 10, 20, 20] }]);
    expect(ada.at.state.courier.parcels).toEqual([]);
  });

  it("what was kept survives a reload", async () => {
    const { canvas, clock, ada, bo } = await two();
    ada.server.cut = "offline";
    const id = ada.at.create(box(100));
    await settled();
    ada.at.close();
    const again = sitting(canvas, "ada", { clock, shelf: ada.shelf, client: "ada2" });
    await again.at.start();
    await clock.wind(2 * POLL_MS);
    expect(canvas.log).toEqual([`create ${id}`]);
    expect(bo.shapes()).toHaveLength(1);
    expect(await ada.shelf.list("together/")).toEqual([]);
  });

  it("a restarted server, and another database behind it, are read anew", async () => {
    const { canvas, clock, bo, id } = await twoAtABox();
    bo.server.cut = "server";
    await clock.wind(2 * POLL_MS);
    expect(bo.at.state.deaf).toBe("server");
    bo.server.cut = null;
    canvas.generation += 1;
    await clock.wind(20_000);
    expect([bo.at.state.deaf, bo.shapes().map((shape) => shape.id)]).toEqual([null, [id]]);
  });
});

describe("taking back", () => {
  it("takes back one's own steps, and brings back what was deleted under another id", async () => {
    const { canvas, clock, ada, bo, id } = await twoAtABox();
    ada.at.change(id, { box: [300, 10, 20, 20] });
    await settled();
    ada.at.undo();
    await round(clock);
    expect(bo.shapes()[0]?.box).toEqual([100, 10, 20, 20]);
    ada.at.undo();
    await round(clock);
    expect(bo.shapes()).toEqual([]);
    ada.at.redo();
    ada.at.redo();
    await clock.wind(2 * POLL_MS);
    expect(bo.shapes()[0]?.box).toEqual([300, 10, 20, 20]);
    expect(canvas.standing.map((row) => row.id)).not.toEqual([id]);
  });

  it("brings back what else stood in the document", async () => {
    const { canvas, clock, ada } = await two();
    const document = { ...written(box(100, "look"), null, null, WHERE), id: "urn:uuid:x", creator: "Eve" };
    await canvas.as("ada").create(document);
    await round(clock);
    ada.at.remove("x");
    await round(clock);
    ada.at.undo();
    await round(clock);
    expect(canvas.standing.map((row) => ({ ...row.document, id: "urn:uuid:x" }))).toEqual([document]);
    expect(canvas.standing[0]?.id).not.toBe("x");
  });

  it("goes on after a reload", async () => {
    const canvas = new SharedCanvas();
    const clock = new HandClock();
    const shelf = new MemoryShelf();
    const first = sitting(canvas, "ada", { clock, shelf });
    await first.at.start();
    const [one = "", other = ""] = first.at.createAll([box(100), box(200)]);
    first.at.changeAll([one, other].map((id) => ({ id, change: { text: "a hare" } })));
    first.at.remove(other);
    first.at.undo();
    await round(clock);
    first.at.close();
    const again = sitting(canvas, "ada", { clock, shelf });
    await again.at.start();
    const texts = () => again.shapes().map(({ text }) => text);
    again.at.redo();
    expect(texts()).toEqual(["a hare"]);
    for (const now of [["a hare", "a hare"], ["", ""], []]) {
      again.at.undo();
      expect(texts()).toEqual(now);
    }
    expect(again.at.state.undoable).toBe(false);
    await round(clock);
    await round(clock);
    expect(canvas.standing).toEqual([]);
  });

  it("never takes back what somebody else has made of it since", async () => {
    const { clock, ada, bo, id } = await twoAtABox();
    bo.at.change(id, { box: [500, 10, 20, 20] });
    await round(clock);
    ada.at.select(null);
    ada.at.undo();
    await round(clock);
    expect(ada.at.state.overtaken).toBe(true);
    expect(bo.shapes()[0]?.box).toEqual([500, 10, 20, 20]);
    expect(ada.at.state.undoable).toBe(false);
  });
});

describe("roles", () => {
  it("who may only read sees everything and changes nothing", async () => {
    const { canvas, clock, ada, bo, id } = await twoAtABox();
    canvas.roles.set("bo", { write: false, manage: false });
    await round(clock);
    bo.at.change(id, { box: [1, 1, 5, 5] });
    bo.at.remove(id);
    await round(clock);
    expect(bo.shapes()).toMatchObject([{ id, lock: "reading" }]);
    expect(ada.shapes()).toHaveLength(1);
  });

  it("who adds only leaves alone what others have made", async () => {
    const { canvas, clock, bo, id } = await twoAtABox();
    canvas.roles.set("bo", { write: true, manage: false });
    await round(clock);
    bo.at.create(box(400));
    bo.at.change(id, { box: [1, 1, 5, 5] });
    await round(clock);
    expect(bo.shapes().map(({ lock }) => lock)).toEqual(["not-yours", null]);
    expect(canvas.log).toHaveLength(2);
  });

  it("who loses the role is told, and keeps what was not sent", async () => {
    const { canvas, clock, ada, bo } = await two();
    bo.server.cut = "offline";
    bo.at.create(box(100));
    await settled();
    canvas.roles.set("bo", null);
    bo.server.cut = null;
    await clock.wind(20_000);
    expect(bo.at.state.shut).toBe("There is nothing here for you.");
    expect(bo.at.state.mayWrite).toBe(false);
    expect(bo.at.state.courier.parcels).toMatchObject([{ refused: "There is nothing here for you." }]);
    expect(bo.shapes()).toHaveLength(1);
    canvas.roles.delete("bo");
    await clock.wind(20_000);
    await bo.at.retryRefused();
    await clock.wind(2 * POLL_MS);
    expect([bo.at.state.shut, bo.at.state.courier.parcels]).toEqual(["", []]);
    expect(ada.shapes()).toHaveLength(1);
  });
});

describe("asking", () => {
  it("goes on while nothing happens, and stops while nobody looks", async () => {
    const { clock, ada } = await two();
    let asked = 0;
    const news = ada.server.news;
    ada.server.news = (since, holds) => {
      asked += 1;
      return news(since, holds);
    };
    await clock.wind(60_000);
    expect(asked).toBe(40);
    await clock.wind(600_000);
    asked = 0;
    await clock.wind(60_000);
    expect(asked).toBe(40);
    ada.at.sleep();
    asked = 0;
    await clock.wind(600_000);
    expect(asked).toBe(0);
    ada.at.wake();
    await settled();
    expect(asked).toBe(1);
  });
});

describe("several at once", () => {
  /** Bo has three boxes of his own in hand. */
  async function three() {
    const all = await two();
    const ids = all.bo.at.createAll([box(100), box(200), box(300)]);
    await round(all.clock);
    return { ...all, ids };
  }
  const lefts = (of: { shapes(): readonly { readonly box: readonly number[] }[] }) =>
    of.shapes().map((shape) => shape.box[0]);

  it("are in hand when they are made, the last of them the one that others see to be held", async () => {
    const { ada, bo, ids } = await three();
    expect(bo.at.state).toMatchObject({ selected: ids[2], also: ids.slice(0, 2) });
    expect(lefts(ada)).toEqual([100, 200, 300]);
    expect(ada.at.state.present).toMatchObject([{ holds: ids[2] }]);
  });

  it("are changed, deleted and brought back in one step each", async () => {
    const { clock, ada, bo, ids } = await three();
    bo.at.changeAll(ids.map((id, at) => ({ id, change: { box: [500 + at, 10, 20, 20] } })));
    await round(clock);
    expect(lefts(ada)).toEqual([500, 501, 502]);
    bo.at.undo();
    expect(lefts(bo)).toEqual([100, 200, 300]);
    bo.at.redo();
    bo.at.removeAll(ids);
    expect(bo.at.state).toMatchObject({ selected: null, also: [], shapes: [] });
    bo.at.undo();
    await round(clock);
    await round(clock);
    expect(lefts(ada)).toEqual([500, 501, 502]);
    bo.at.undo();
    bo.at.undo();
    await round(clock);
    expect(ada.shapes()).toEqual([]);
    expect(bo.at.state.undoable).toBe(false);
  });

  it("are taken back without what somebody else has changed since", async () => {
    const { canvas, clock, ada, bo, ids } = await three();
    canvas.roles.set("ada", { write: true, manage: true });
    await round(clock);
    bo.at.changeAll(ids.map((id) => ({ id, change: { text: "a hare" } })));
    bo.at.select(null);
    await round(clock);
    ada.at.change(ids[1] ?? "", { text: "no hare" });
    await round(clock);
    bo.at.undo();
    await round(clock);
    expect(ada.shapes().map(({ text }) => text)).toEqual(["", "no hare", ""]);
    expect(bo.at.state.overtaken).toBe(true);
  });

  it("stay under the hand one and all, whoever else changes one of them", async () => {
    const { canvas, clock, ada, bo, ids } = await three();
    canvas.roles.set("ada", { write: true, manage: true });
    await round(clock);
    ada.at.change(ids[0] ?? "", { box: [900, 10, 20, 20] });
    await round(clock);
    expect(lefts(bo)).toEqual([100, 200, 300]);
    expect(bo.at.state.clashes).toMatchObject([{ id: ids[0], held: true, by: "ada" }]);
    bo.at.resolve(ids[0] ?? "", "theirs");
    expect(lefts(bo)).toEqual([900, 200, 300]);
    expect(bo.at.state.also).toHaveLength(2);
  });

  it("leave alone what may not be changed", async () => {
    const { clock, canvas, ada, bo, ids } = await three();
    canvas.roles.set("ada", { write: true, manage: false });
    await round(clock);
    ada.at.removeAll(ids);
    await round(clock);
    expect(lefts(bo)).toEqual([100, 200, 300]);
    expect(ada.at.state.undoable).toBe(false);
  });
});
