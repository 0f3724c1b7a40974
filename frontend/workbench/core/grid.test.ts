import { beforeEach, describe, expect, it } from "vitest";
import type { Assignment } from "./contract.ts";
import type { DraftServer, KeptDraft, Sent, Subject } from "./drafts.ts";
import { assignment, CAMPAIGN, PretendServer, settled, world } from "./fixtures.ts";
import { GridSitting } from "./grid.ts";
import { Outbox } from "./outbox.ts";
import { MemoryShelf } from "./ports.ts";
import { Trouble } from "./trouble.ts";

const JUDGING = {
  ...CAMPAIGN,
  question: { ...CAMPAIGN.question, kind: "verify", judges: true, show: "grid" as const, grid: 4 },
};

const cell = (id: string): Assignment =>
  assignment(id, {
    predictions: [{ id: `p-${id}`, box: [1, 2, 3, 4], concepts: [{ id: "g", label: "G" }], confidence: 0.5 }],
  });

function sat(count = 6, shelf = new MemoryShelf()) {
  const server = new PretendServer([..."abcdefgh"].slice(0, count).map(cell));
  server.campaigned = JUDGING;
  const options = { campaign: "clefs", person: "1", locale: "en", device: "desktop" } as const;
  const here = world(server, shelf);
  const sitting = new GridSitting(here, options, () => undefined);
  return { server, shelf, sitting, clock: here.clock };
}

describe("a grid", () => {
  it("hands nothing in before all has been looked at, then each by itself in one request", async () => {
    const { server, sitting } = sat();
    await sitting.start();
    sitting.say(["b"], "rejected");
    await sitting.submit();
    expect(server.received).toEqual([]);
    sitting.acceptOthers();
    await sitting.submit();
    expect(server.received.map((one) => [one.assignment, one.nothing_here])).toEqual([
      ["a", false],
      ["b", true],
      ["c", false],
      ["d", false],
    ]);
    expect(server.received[1]?.rejected_predictions).toEqual(["p-b"]);
    expect(server.calls.filter((call) => call.startsWith("submitMany"))).toEqual(["submitMany 4"]);
    expect(sitting.state.cells.map(({ id }) => id)).toEqual(["e", "f"]);
    expect(sitting.state.handedIn).toBe(4);
  });

  it("says the same of several as one step, takes it back by saying it again, and undoes", async () => {
    const { sitting } = sat();
    await sitting.start();
    sitting.say(["a", "b"], "rejected");
    sitting.say(["a", "b"], "rejected");
    expect(sitting.open).toEqual(["a", "b", "c", "d"]);
    sitting.undo();
    expect([sitting.standing("a"), sitting.standing("b")]).toEqual(["rejected", "rejected"]);
    sitting.undo();
    expect(sitting.open.length).toBe(4);
    sitting.redo();
    expect(sitting.open).toEqual(["c", "d"]);
  });

  it("keeps corrections, and leaves to others what is passed over", async () => {
    const { server, sitting } = sat(3);
    await sitting.start();
    sitting.correct("a", { concepts: [{ id: "f", label: "F" }] });
    sitting.say(["b"], "passed");
    sitting.acceptOthers();
    expect(sitting.standing("a")).toBe("edited");
    await sitting.submit();
    await settled();
    expect(server.received.map(({ shapes }) => shapes[0]?.origin)).toEqual(["edited", "accepted"]);
    expect(server.calls).toContain("skip b");
    expect(sitting.state.phase).toBe("nothing-left");
  });

  it("comes back after a reload as it was left, with the same ids", async () => {
    const first = sat();
    await first.sitting.start();
    first.sitting.say(["c"], "rejected");
    await settled();
    first.sitting.close();
    const again = sat(0, first.shelf);
    await again.sitting.start();
    expect(again.server.calls).not.toContain("claimMany true");
    expect(again.sitting.standing("c")).toBe("rejected");
    again.sitting.undo();
    expect(again.sitting.standing("c")).toBe("open");
    expect(again.sitting.state.cells.length).toBe(4);
  });

  it("keeps what is handed in offline, and sends it once when the line is back", async () => {
    const { server, sitting, clock } = sat();
    await sitting.start();
    sitting.acceptOthers();
    server.broken.submitMany = new Trouble("offline");
    await sitting.submit();
    expect(sitting.state.outbox.parcels.length).toBe(4);
    expect(sitting.state.cells.map(({ id }) => id)).toEqual(["e", "f"]);
    delete server.broken.submitMany;
    await clock.wind(3000);
    expect(server.received.length).toBe(4);
    expect(sitting.state.outbox.parcels.length).toBe(0);
  });

  it("tells what was known of those handed in, until it is put away", async () => {
    const { server, sitting } = sat(2);
    const told = { score: 1, sentence: "Well seen.", nothing_here: true, concepts: [], shapes: [], crop: "" };
    const plain = server.submit.bind(server);
    server.submit = async (one) => ({ ...(await plain(one)), feedback: one.nothing_here ? told : null });
    await sitting.start();
    sitting.say(["b"], "rejected");
    sitting.acceptOthers();
    await sitting.submit();
    expect(sitting.state.known).toEqual([told]);
    sitting.putAway();
    expect(sitting.state.known).toEqual([]);
  });

  it("renews its leases while somebody is at work", async () => {
    const { server, sitting, clock } = sat(2);
    await sitting.start();
    await clock.wind(800_000);
    sitting.active();
    await clock.wind(200_000);
    expect(server.calls.filter((call) => call.startsWith("renew"))).toEqual(["renew a", "renew b"]);
  });
});

describe("an outbox that sends many", () => {
  it("keeps those that are refused and lets the others go", async () => {
    const { server } = sat();
    const here = world(server);
    const outbox = new Outbox(
      here,
      "out/",
      ({ contribution }) => server.submit(contribution),
      () => undefined,
      (many) => server.submitMany(many),
    );
    const said = { assignment: "a", shapes: [], concepts: [], rejected_predictions: [], comment: "" };
    const about = { time_spent_s: 1, locale: "en", device: "desktop", canvas_size: [1, 1] } as const;
    await outbox.add({ ...said, ...about, id: "1", nothing_here: true });
    await outbox.add({ ...said, ...about, id: "2", nothing_here: false });
    await outbox.add({ ...said, ...about, id: "3", nothing_here: true });
    await outbox.deliver();
    expect(server.received.map(({ id }) => id)).toEqual(["1", "3"]);
    expect(outbox.state.parcels.map(({ contribution, refused }) => [contribution.id, refused])).toEqual([
      ["2", "The answer is empty."],
    ]);
  });
});

/** The server's rule: a newer one takes the place of an older one. */
class DraftShelf implements DraftServer {
  readonly kept = new Map<string, KeptDraft>();
  readonly requests: number[] = [];
  broken: Trouble | null = null;
  over = new Set<string>();
  read = async ({ assignment: id }: Subject) => this.kept.get(id) ?? null;
  readMany = async (leases: readonly string[]) =>
    new Map([...this.kept].filter(([id]) => leases.includes(id)));
  write = async (subject: Subject, draft: KeptDraft) => {
    const [trouble] = await this.writeMany([{ subject, draft }]);
    if (trouble) throw trouble;
  };
  writeMany = async (sent: readonly Sent[]) => {
    this.requests.push(sent.length);
    if (this.broken) throw this.broken;
    return sent.map(({ subject, draft }) => {
      const there = this.kept.get(subject.assignment);
      if (this.over.has(subject.assignment)) return new Trouble("refused", "", "lease-over");
      if (there && (there.sequence > draft.sequence || there.writer !== draft.writer)) {
        if (there.sequence >= draft.sequence)
          return new Trouble("refused", "", "draft-overtaken", null, there);
      }
      this.kept.set(subject.assignment, structuredClone(draft));
      return null;
    });
  };
}

describe("what is said on a grid, on the server", () => {
  let drafts: DraftShelf;
  let ids = 0;
  beforeEach(() => {
    drafts = new DraftShelf();
  });

  async function browser(shelf = new MemoryShelf()) {
    const server = Object.assign(new PretendServer([..."abcd"].map(cell)), { drafts });
    server.campaigned = JUDGING;
    const options = { campaign: "clefs", person: "1", locale: "en", device: "desktop" } as const;
    const here = { ...world(server, shelf), newId: () => `id-${++ids}` };
    const sitting = new GridSitting(here, options, () => undefined);
    await sitting.start();
    await settled();
    return { server, shelf, sitting, clock: here.clock };
  }
  const standings = (sitting: GridSitting) => [..."abcd"].map((id) => sitting.standing(id));

  it("is there within two seconds, in one request, and nothing of what is not said", async () => {
    const { sitting, clock } = await browser();
    sitting.say(["a"], "accepted");
    sitting.say(["b"], "rejected");
    sitting.say(["c"], "passed");
    await clock.wind(2_000);
    expect(drafts.requests).toEqual([3]);
    expect([...drafts.kept.keys()]).toEqual(["a", "b", "c"]);
    expect(sitting.state).toMatchObject({ there: "saved", keeping: "kept" });
  });

  it("is shown in another browser, where one goes on", async () => {
    const one = await browser();
    one.sitting.say(["a"], "accepted");
    one.sitting.say(["b"], "rejected");
    one.sitting.say(["c"], "passed");
    await one.clock.wind(2_000);
    const two = await browser();
    expect(standings(two.sitting)).toEqual(["accepted", "rejected", "passed", "open"]);
    expect(two.sitting.state.other).toBeNull();
    two.sitting.forget("b");
    two.sitting.say(["d"], "accepted");
    await two.clock.wind(3_000);
    // The first page hears of it when one comes back to it.
    await one.sitting.retry();
    await settled();
    expect(standings(one.sitting)).toEqual(["accepted", "open", "passed", "accepted"]);
  });

  it("judged otherwise in both is told, not overwritten unseen, and chosen", async () => {
    const one = await browser();
    const two = await browser();
    one.sitting.say(["a"], "accepted");
    await one.clock.wind(2_000);
    two.sitting.say(["a"], "rejected");
    two.sitting.say(["b"], "rejected");
    await two.clock.wind(2_000);
    expect(standings(two.sitting).slice(0, 2)).toEqual(["rejected", "rejected"]);
    expect(two.sitting.state.other).toMatchObject({ from: "there", marks: { a: {} } });
    expect(drafts.kept.get("a")?.body.answer.nothingHere).toBe(false);
    expect(drafts.kept.get("b")?.body.answer.nothingHere).toBe(true);
    two.sitting.draft.take();
    expect(standings(two.sitting).slice(0, 2)).toEqual(["accepted", "rejected"]);
    two.sitting.draft.take();
    two.sitting.draft.leave();
    await two.clock.wind(5_000);
    expect(two.sitting.state.other).toBeNull();
    expect(drafts.kept.get("a")?.body.answer.nothingHere).toBe(true);
  });

  it("goes out when the network is back, and the line says why it waits", async () => {
    const { sitting, clock } = await browser();
    drafts.broken = new Trouble("offline");
    sitting.say(["a", "b"], "accepted");
    await clock.wind(2_000);
    expect(sitting.state).toMatchObject({ there: "waiting", thereBecause: "offline", keeping: "kept" });
    drafts.broken = null;
    await sitting.retry();
    await settled();
    expect([...drafts.kept.keys()]).toEqual(["a", "b"]);
    expect(sitting.state.there).toBe("saved");
  });

  it("survives a reload that came before it was sent", async () => {
    const shelf = new MemoryShelf();
    const first = await browser(shelf);
    drafts.broken = new Trouble("server");
    first.sitting.say(["a", "b"], "rejected");
    await first.clock.wind(2_000);
    first.sitting.close();
    drafts.broken = null;
    const again = await browser(shelf);
    await again.clock.wind(2_000);
    expect(standings(again.sitting)).toEqual(["rejected", "rejected", "open", "open"]);
    expect([...drafts.kept.keys()]).toEqual(["a", "b"]);
  });

  it("is not sent of what was handed in elsewhere, and the others are", async () => {
    const { sitting, clock } = await browser();
    drafts.over.add("a");
    sitting.say(["a", "b"], "accepted");
    await clock.wind(3_000);
    expect([...drafts.kept.keys()]).toEqual(["b"]);
    sitting.say(["a", "b"], "rejected");
    await clock.wind(3_000);
    // What the server will not have is not sent again.
    expect(drafts.requests).toEqual([2, 1]);
  });

  it("is not sent any more once it is handed in", async () => {
    const { server, sitting, clock } = await browser();
    sitting.acceptOthers();
    await sitting.submit();
    await clock.wind(5_000);
    expect(server.received).toHaveLength(4);
    expect(drafts.requests).toEqual([]);
  });
});
