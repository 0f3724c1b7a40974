import { beforeEach, describe, expect, it } from "vitest";
import type { Contribution } from "./contract.ts";
import { BLANK, toContribution } from "./draft.ts";
import { assignment, PretendServer, world } from "./fixtures.ts";
import { Outbox } from "./outbox.ts";
import { MemoryShelf } from "./ports.ts";
import { Trouble } from "./trouble.ts";

const contribution = (id: string): Contribution =>
  toContribution(BLANK, assignment(`a-${id}`), { id, timeSpentS: 1, locale: "en", device: "desktop" });

let server: PretendServer;
let shelf: MemoryShelf;

beforeEach(() => {
  server = new PretendServer([]);
  shelf = new MemoryShelf();
});

function outbox() {
  const place = world(server, shelf);
  const box = new Outbox(
    place,
    "outbox/me/",
    ({ contribution: one }) => server.submit(one),
    () => undefined,
  );
  return { box, clock: place.clock };
}

describe("the outbox", () => {
  it("sends in order and keeps nothing that was received", async () => {
    const { box, clock } = outbox();
    await box.add(contribution("1"));
    await clock.wind(5);
    await box.add(contribution("2"));
    await box.deliver();
    expect(server.received.map(({ id }) => id)).toEqual(["1", "2"]);
    expect(box.state).toEqual({ sending: false, parcels: [], because: null });
    expect(await shelf.list("outbox/")).toEqual([]);
  });

  it.each([
    ["offline", new Trouble("offline")],
    ["signin", new Trouble("signin")],
    ["server", new Trouble("server")],
    ["server", new Error("something else")],
  ])("keeps work while the trouble is %s, and says so", async (because, error) => {
    const { box, clock } = outbox();
    server.broken.submit = error;
    await box.add(contribution("1"));
    await box.deliver();
    expect(box.state).toMatchObject({ because, sending: false });
    expect(box.state.parcels).toHaveLength(1);
    delete server.broken.submit;
    await clock.wind(3_000);
    expect(server.received).toHaveLength(1);
    expect(box.state.parcels).toEqual([]);
  });

  it("waits longer each time, and as long as the server asks", async () => {
    const { box, clock } = outbox();
    server.broken.submit = new Trouble("server");
    await box.add(contribution("1"));
    await box.deliver();
    await clock.wind(14_000);
    expect(server.calls).toHaveLength(4); // at 0, 2, 6 and 14 seconds
    server.broken.submit = new Trouble("server", "", "", 60);
    await clock.wind(16_000);
    expect(server.calls).toHaveLength(5);
    await clock.wind(59_000);
    expect(server.calls).toHaveLength(5);
    await clock.wind(1_000);
    expect(server.calls).toHaveLength(6);
  });

  it("survives a reload between keeping and sending", async () => {
    await outbox().box.add(contribution("1"));
    const { box } = outbox();
    await box.open();
    expect(box.holdsAssignment("a-1")).toBe(true);
    await box.deliver();
    expect(server.received.map(({ id }) => id)).toEqual(["1"]);
  });

  it("sends the same id again when the answer got lost on its way back", async () => {
    const { box, clock } = outbox();
    const lossy = new Outbox(
      world(server, shelf),
      "outbox/me/",
      async ({ contribution: one }) => {
        await server.submit(one);
        throw new Trouble("offline");
      },
      () => undefined,
    );
    await lossy.add(contribution("1"));
    await lossy.deliver();
    lossy.close();
    await box.deliver();
    await clock.wind(10_000);
    expect(server.received.map(({ id }) => id)).toEqual(["1", "1"]);
    expect(box.state.parcels).toEqual([]);
  });

  it("lays a refused answer aside with the server's sentence, and goes on with the next", async () => {
    const { box } = outbox();
    const choosy = new Outbox(
      world(server, shelf),
      "outbox/me/",
      async ({ contribution: one }) => {
        if (one.id === "1") throw new Trouble("refused", "The box leaves its canvas.");
        return server.submit(one);
      },
      () => undefined,
    );
    await choosy.add(contribution("1"));
    await choosy.add(contribution("2"));
    await choosy.deliver();
    expect(server.received.map(({ id }) => id)).toEqual(["2"]);
    expect(choosy.state.parcels.map(({ refused }) => refused)).toEqual(["The box leaves its canvas."]);
    await box.open();
    await box.retryRefused();
    expect(server.received.map(({ id }) => id)).toEqual(["2", "1"]);
  });

  it("delivers once when asked twice at the same time", async () => {
    const { box } = outbox();
    await box.add(contribution("1"));
    await Promise.all([box.deliver(), box.deliver(), box.deliver()]);
    expect(server.received).toHaveLength(1);
  });
});
