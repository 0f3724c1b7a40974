import { beforeEach, expect, it } from "vitest";
import { BLANK } from "./draft.ts";
import type { DraftServer } from "./drafts.ts";
import { Drafts, type KeptDraft, leaseOf, type ThereState } from "./drafts.ts";
import { PretendServer, settled, world } from "./fixtures.ts";
import { EMPTY_HAND } from "./journal.ts";
import { Trouble } from "./trouble.ts";

const kept = (sequence: number, writer = "me"): KeptDraft => ({
  sequence,
  writer,
  body: { answer: BLANK, hand: EMPTY_HAND, time_spent_s: 1, canvas_size: [10, 10] },
});

let written: { at: number; sequence: number }[];
let trouble: Error | null;
let said: ThereState[];
let overtaken: KeptDraft[];

function set() {
  const place = world(new PretendServer([]));
  const drafts: DraftServer = {
    read: async () => null,
    write: async (_subject, { sequence }) => {
      written.push({ at: place.clock.now(), sequence });
      if (trouble) throw trouble;
    },
  };
  const server = Object.assign(place.server, { drafts });
  const sender = new Drafts(
    { server, clock: place.clock },
    (state) => said.push(state),
    (_subject, present) => overtaken.push(present),
  );
  return { sender, clock: place.clock };
}

beforeEach(() => {
  written = [];
  said = [];
  overtaken = [];
  trouble = null;
});

it("sends within two seconds, the newest alone, never two within two seconds", async () => {
  const { sender, clock } = set();
  for (let n = 1; n <= 50; n++) {
    sender.put(leaseOf("a"), kept(n));
    await clock.wind(100);
  }
  await clock.wind(5_000);
  expect(written[0]?.at).toBeLessThanOrEqual(2_000);
  const gaps = written.slice(1).map(({ at }, index) => at - (written[index]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2_000);
  expect(written.at(-1)?.sequence).toBe(50);
  expect(written.length).toBeLessThanOrEqual(4);
  expect(said.at(-1)).toEqual({ there: "saved", thereBecause: null });
});

it("sends nothing while nothing changes", async () => {
  const { sender, clock } = set();
  sender.put(leaseOf("a"), kept(1));
  await clock.wind(60_000);
  expect(written).toHaveLength(1);
});

it("rests as long as the server asks, then sends what is the newest by then", async () => {
  const { sender, clock } = set();
  trouble = new Trouble("server", "", "too-busy", 30);
  sender.put(leaseOf("a"), kept(1));
  await clock.wind(1_000);
  expect(said.at(-1)).toEqual({ there: "waiting", thereBecause: "server" });
  trouble = null;
  sender.put(leaseOf("a"), kept(2));
  sender.flush();
  await clock.wind(25_000);
  expect(written).toHaveLength(1);
  await clock.wind(10_000);
  expect(written.map(({ sequence }) => sequence)).toEqual([1, 2]);
});

it("waits longer each time without a connection, and tries at once when it is back", async () => {
  const { sender, clock } = set();
  trouble = new Trouble("offline");
  sender.put(leaseOf("a"), kept(1));
  await clock.wind(60_000);
  expect(written.length).toBeGreaterThan(2);
  expect(written.length).toBeLessThan(6);
  trouble = null;
  sender.flush();
  await settled();
  expect(said.at(-1)?.there).toBe("saved");
});

it("tells when another browser has gone on, and stops at what the server will not have", async () => {
  const { sender, clock } = set();
  trouble = new Trouble("refused", "", "draft-overtaken", null, kept(9, "other"));
  sender.put(leaseOf("a"), kept(1));
  await clock.wind(3_000);
  expect(overtaken).toMatchObject([{ sequence: 9 }]);
  trouble = new Trouble("refused", "", "lease-over");
  sender.put(leaseOf("a"), kept(2));
  await clock.wind(3_000);
  sender.put(leaseOf("a"), kept(3));
  await clock.wind(9_000);
  expect(written).toHaveLength(2);
  expect(said.at(-1)?.there).toBe("off");
});

it("forgets what waits once it is handed in", async () => {
  const { sender, clock } = set();
  sender.put(leaseOf("a"), kept(1));
  sender.forget(leaseOf("a"));
  await clock.wind(9_000);
  expect(written).toEqual([]);
});
