import { beforeEach, describe, expect, it } from "vitest";
import type { Contribution } from "./contract.ts";
import { addShape, changeShape, deleteShape } from "./draft.ts";
import { assignment, owned, PretendServer, settled, world } from "./fixtures.ts";
import { MemoryShelf } from "./ports.ts";
import { Session } from "./session.ts";
import type { SessionOptions } from "./sessionstate.ts";
import { Trouble } from "./trouble.ts";

const OPTIONS: SessionOptions = { campaign: "clefs", person: "me", locale: "en", device: "desktop" };
let server: PretendServer;
let shelf: MemoryShelf;
let sittings = 0;

beforeEach(() => {
  server = new PretendServer(["a1", "a2", "a3", "a4"].map((id) => assignment(id)));
  shelf = new MemoryShelf();
});

function sit(more: Partial<SessionOptions> = {}) {
  const place = world(server, shelf);
  // Ids are new in every sitting, as in a browser.
  const sitting = ++sittings;
  let count = 0;
  place.newId = () => `id-${sitting}-${++count}`;
  const session = new Session(place, { ...OPTIONS, ...more }, () => undefined);
  return { session, clock: place.clock };
}

const G = { id: "g", label: "G" };
const F = { id: "f", label: "F" };
const draw = (session: Session, id = "s1") =>
  session.change((answer) => addShape(answer, id, [1, 2, 3, 4], [G]));
const relabel = (session: Session, id = "s1") =>
  session.change((answer) => changeShape(answer, id, { concepts: [F] }));

/** A sitting in which one answer has been handed in. */
async function handedIn(more: Partial<SessionOptions> = {}) {
  const sitting = sit(more);
  await sitting.session.start();
  draw(sitting.session);
  await sitting.session.submit();
  await settled();
  const contribution = server.received[0]?.id ?? "";
  return { ...sitting, contribution };
}

describe("going back", () => {
  it("shows what was handed in, at once, and comes back to where one was", async () => {
    const { session, contribution } = await handedIn();
    draw(session, "s2");
    await session.past.back();
    expect(session.state).toMatchObject({
      assignment: { id: "a1" },
      revisit: { contribution, whyNot: null },
    });
    expect(session.answer.shapes.map(({ id }) => id)).toEqual(["s1"]);
    expect(session.state.history.past).toEqual([]);
    await session.past.goOn();
    expect(session.state).toMatchObject({ assignment: { id: "a2" }, revisit: null });
    expect(session.answer.shapes.map(({ id }) => id)).toEqual(["s2"]);
    session.undo();
    expect(session.answer.shapes).toEqual([]);
    await settled();
    expect(server.amended).toEqual([]);
  });

  it("walks further back with every step, as far as the server remembers", async () => {
    const { session } = await handedIn();
    await session.submit();
    await settled();
    const earlier = {
      ...owned({ ...(server.received[0] as Contribution), id: "c0", assignment: "a0" }),
      submitted_at: "1969-12-31T00:00:00Z",
    };
    server.owned.set("c0", earlier);
    expect(session.state.trail).toHaveLength(2);
    for (const id of ["a2", "a1", "a0"]) {
      await session.past.back();
      expect(session.state.assignment?.id).toBe(id);
    }
    expect(session.state.backable).toBe(false);
    await session.past.back();
    expect(session.state.assignment?.id).toBe("a0");
    await session.past.goOn();
    expect(session.state.assignment?.id).toBe("a3");
    expect(server.calls.filter((call) => call === "mine 10")).toHaveLength(1);
  });

  it("says so when an answer cannot be fetched, and stays where one is", async () => {
    const { session } = await handedIn();
    server.broken.own = new Trouble("offline");
    await session.past.revisit("somewhere-else");
    expect(session.state).toMatchObject({
      assignment: { id: "a2" },
      revisit: null,
      trouble: { kind: "offline" },
    });
  });

  it("keeps the lease of the task that was put aside", async () => {
    const { session, clock } = await handedIn();
    await session.past.back();
    session.active();
    await clock.wind(890_000);
    session.active();
    await clock.wind(20_000);
    expect(server.calls).toContain("renew a2");
  });

  it("offers to go back only for a moment, and only then", async () => {
    const { session, clock, contribution } = await handedIn();
    expect(session.state.justDone).toEqual({ contribution, changed: false });
    await clock.wind(13_000);
    expect(session.state.justDone).toBeNull();
    expect(session.state.backable).toBe(true);
  });

  it("goes back from the end, when nothing is left", async () => {
    server.waiting = [assignment("a1")];
    const { session } = await handedIn();
    expect(session.state.phase).toBe("nothing-left");
    await session.past.back();
    expect(session.state).toMatchObject({ phase: "working", assignment: { id: "a1" } });
    await session.past.goOn();
    expect(session.state).toMatchObject({ phase: "nothing-left", revisit: null });
  });

  it("begins with an answer that a page names", async () => {
    const first = await handedIn();
    first.session.close();
    const { session } = sit({ person: "on another device", revisit: first.contribution });
    await session.start();
    expect(session.state).toMatchObject({
      assignment: { id: "a1" },
      revisit: { contribution: first.contribution },
    });
    await session.past.goOn();
    expect(session.state.assignment?.id).toBe("a3");
  });
});

describe("a change", () => {
  it("is sent once, based on what was seen, and one goes on", async () => {
    const { session, contribution, clock } = await handedIn();
    await clock.wind(5_000);
    await session.past.back();
    await clock.wind(3_000);
    relabel(session);
    await Promise.all([session.submit(), session.submit()]);
    await settled();
    expect(session.state).toMatchObject({
      assignment: { id: "a2" },
      revisit: null,
      handedIn: 1,
      justDone: { contribution, changed: true },
    });
    expect(server.amended).toMatchObject([
      { based_on: 1, time_spent_s: 3, shapes: [{ id: "s1", concepts: ["f"] }] },
    ]);
    expect(server.amended[0]).not.toHaveProperty("assignment");
    expect(session.state.outbox.parcels).toEqual([]);
    expect(await shelf.list("draft/")).toEqual([]);
    // And once more, now based on the change.
    await session.past.back();
    expect(session.answer.shapes[0]?.concepts).toEqual([F]);
    session.change((answer) => deleteShape(answer, "s1"));
    session.change((answer) => ({ ...answer, nothingHere: true }));
    await session.submit();
    await settled();
    expect(server.amended.at(-1)).toMatchObject({ based_on: 2, nothing_here: true });
  });

  it("that changes nothing is not sent", async () => {
    const { session } = await handedIn();
    await session.past.back();
    relabel(session);
    session.undo();
    await session.submit();
    await settled();
    expect(server.calls.filter((call) => call.startsWith("amend"))).toEqual([]);
    expect(session.state.assignment?.id).toBe("a2");
  });

  it("waits behind its hand-in while there is no connection, and each arrives once", async () => {
    const { session, clock } = sit();
    await session.start();
    await clock.wind(1_000);
    draw(session);
    server.broken.submit = new Trouble("offline");
    await session.submit();
    server.broken.own = new Trouble("offline");
    await session.past.back();
    relabel(session);
    await session.submit();
    expect(session.state.outbox.parcels).toHaveLength(2);
    session.close();

    // The browser is closed and opened again, and the network is back.
    delete server.broken.submit;
    delete server.broken.own;
    const again = sit();
    await again.session.start();
    await settled();
    expect(server.received).toHaveLength(1);
    expect(server.amended).toMatchObject([{ based_on: 1, shapes: [{ concepts: ["f"] }] }]);
    expect(again.session.state.outbox.parcels).toEqual([]);
  });

  it("in the making comes back after a reload", async () => {
    const first = await handedIn();
    await first.session.past.back();
    relabel(first.session);
    await settled();
    first.session.close();
    const { session } = sit();
    await session.start();
    expect(session.state).toMatchObject({
      assignment: { id: "a1" },
      revisit: { contribution: first.contribution },
    });
    expect(session.answer.shapes[0]?.concepts).toEqual([F]);
    await session.submit();
    await settled();
    expect(server.amended).toMatchObject([{ based_on: 1 }]);
    expect(session.state.assignment?.id).toBe("a3");
  });

  it("that was left is dropped", async () => {
    const { session } = await handedIn();
    await session.past.back();
    relabel(session);
    await session.skip();
    await settled();
    expect(server.amended).toEqual([]);
    await session.past.back();
    expect(session.answer.shapes[0]?.concepts[0]?.id).toBe("g");
  });
});

describe("what stands on the server", () => {
  it("is looked at again: a decided task cannot be changed", async () => {
    const { session, contribution } = await handedIn();
    const present = server.owned.get(contribution);
    if (present)
      server.owned.set(contribution, {
        ...present,
        why_not: { code: "decided", detail: "It has been decided." },
      });
    await session.past.back();
    await settled();
    expect(session.state.revisit?.whyNot).toBe("It has been decided.");
    relabel(session);
    expect(session.state.history.past).toEqual([]);
    await session.submit();
    await settled();
    expect(server.calls.filter((call) => call.startsWith("amend"))).toEqual([]);
  });

  it("is shown when another tab has changed it", async () => {
    const { session, contribution } = await handedIn();
    await server.amend(contribution, {
      ...(server.received[0] as never as object),
      id: "other",
      based_on: 1,
      shapes: [],
      nothing_here: true,
    } as never);
    await session.past.back();
    await settled();
    expect(session.answer).toMatchObject({ nothingHere: true, shapes: [] });
    expect(session.state.revisit?.revision).toBe(2);
  });

  it("is put beside one's own when both were changed, and one of them is chosen", async () => {
    for (const mine of [true, false]) {
      server = new PretendServer(["a1", "a2", "a3"].map((id) => assignment(id)));
      shelf = new MemoryShelf();
      const { session, contribution } = await handedIn();
      server.broken.own = new Trouble("offline");
      await session.past.back();
      relabel(session);
      delete server.broken.own;
      await server.amend(contribution, {
        ...(server.received[0] as never as object),
        id: "other",
        based_on: 1,
        shapes: [],
        nothing_here: true,
      } as never);
      await session.submit();
      await settled();
      const [parcel] = session.state.outbox.parcels;
      expect(parcel).toMatchObject({
        refused: "You have changed this answer elsewhere.",
        amends: { answer: { shapes: [{ concepts: [F] }] } },
        present: { revision: 2, answer: { nothing_here: true } },
      });
      if (mine) await session.past.keepMine(contribution);
      else await session.past.keepOther(contribution);
      await settled();
      expect(session.state.outbox.parcels).toEqual([]);
      expect(server.owned.get(contribution)?.revision).toBe(mine ? 3 : 2);
      await session.past.back();
      expect(session.answer.shapes).toHaveLength(mine ? 1 : 0);
    }
  });

  it("is united with one's own when both are to be kept, each thing once", async () => {
    const { session, contribution } = await handedIn();
    server.broken.own = new Trouble("offline");
    await session.past.back();
    relabel(session);
    session.change((answer) => addShape(answer, "mine", [500, 0, 30, 30], [F]));
    delete server.broken.own;
    const [first] = server.received;
    const theirs = {
      id: "theirs",
      box: [500, 900, 30, 30],
      concepts: ["g"],
      origin: "drawn",
      prediction: null,
    };
    await server.amend(contribution, {
      ...(first as never as object),
      id: "other",
      based_on: 1,
      shapes: [...(first?.shapes ?? []), theirs],
    } as never);
    await session.submit();
    await settled();
    expect(session.state.outbox.parcels).toHaveLength(1);
    await session.past.keepBoth(contribution);
    await settled();
    expect(session.state.outbox.parcels).toEqual([]);
    expect(server.amended.at(-1)).toMatchObject({
      based_on: 2,
      shapes: [{ id: first?.shapes[0]?.id, concepts: ["f"] }, { id: "theirs" }, { id: "mine" }],
    });
  });

  it("is never overwritten by a change that was built upon a refused one", async () => {
    const { session, contribution } = await handedIn();
    server.broken.own = new Trouble("offline");
    server.broken.amend = new Trouble("offline");
    await session.past.back();
    relabel(session);
    await session.submit();
    await session.past.back();
    session.change((answer) => ({ ...answer, comment: "and again" }));
    await session.submit();
    expect(session.state.outbox.parcels).toHaveLength(2);
    delete server.broken.amend;
    delete server.broken.own;
    await server.amend(contribution, {
      ...(server.received[0] as never as object),
      id: "other",
      based_on: 1,
      shapes: [],
      nothing_here: true,
    } as never);
    await session.retry();
    await settled();
    expect(server.owned.get(contribution)?.revision).toBe(2);
    expect(session.state.outbox.parcels.map(({ refused }) => refused !== null)).toEqual([true, true]);
    await session.past.keepMine(contribution);
    await settled();
    expect(server.amended.at(-1)).toMatchObject({ based_on: 2, comment: "and again" });
    expect(session.state.outbox.parcels).toEqual([]);
  });

  it("never had what was refused: that is mended and handed in under its id", async () => {
    const { session, clock } = sit();
    await session.start();
    await clock.wind(1_000);
    draw(session);
    server.broken.submit = new Trouble("refused", "The box leaves its canvas.");
    await session.submit();
    await settled();
    const refused = session.state.outbox.parcels[0]?.contribution.id;
    delete server.broken.submit;
    await session.past.back();
    relabel(session);
    await session.submit();
    await settled();
    expect(session.state.outbox.parcels).toEqual([]);
    expect(server.received).toMatchObject([{ id: refused, shapes: [{ concepts: ["f"] }] }]);
    expect(server.amended).toEqual([]);
  });

  it("has what was refused as a step, so that undo shows the other version", async () => {
    const { session } = await handedIn();
    await session.past.back();
    relabel(session);
    server.broken.amend = new Trouble("refused", "The box leaves its canvas.");
    await session.submit();
    await settled();
    await session.past.back();
    expect(session.answer.shapes[0]?.concepts).toEqual([F]);
    session.undo();
    expect(session.answer.shapes[0]?.concepts[0]?.id).toBe("g");
  });
});
