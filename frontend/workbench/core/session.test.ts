import { beforeEach, describe, expect, it } from "vitest";
import { addShape } from "./draft.ts";
import { assignment, PretendServer, settled, world } from "./fixtures.ts";
import { MemoryShelf } from "./ports.ts";
import { Session } from "./session.ts";
import type { SessionState } from "./sessionstate.ts";
import { Trouble } from "./trouble.ts";

const OPTIONS = { campaign: "clefs", person: "me", locale: "en", device: "desktop" } as const;
let server: PretendServer;
let shelf: MemoryShelf;

beforeEach(() => {
  server = new PretendServer(["a1", "a2", "a3"].map((id) => assignment(id)));
  shelf = new MemoryShelf();
});

function sit(person: string = OPTIONS.person) {
  const place = world(server, shelf);
  const seen: SessionState[] = [];
  const session = new Session(place, { ...OPTIONS, person }, (state) => seen.push(state));
  return { session, clock: place.clock, seen };
}

const draw = (session: Session, id = "s1") =>
  session.change((answer) => addShape(answer, id, [1, 2, 3, 4], [{ id: "g", label: "G" }]));

describe("a sitting", () => {
  it("starts with a task, resuming, and then looks one ahead", async () => {
    const { session, clock } = sit();
    await session.start();
    expect(session.state).toMatchObject({ phase: "working", assignment: { id: "a1" }, next: null });
    await clock.wind(1_000);
    expect(session.state.next?.id).toBe("a2");
    expect(server.calls).toEqual(["campaign", "claim true", "claim false"]);
  });

  it("shows the next task at once after submitting, and hands in what was drawn", async () => {
    const { session, clock } = sit();
    await session.start();
    await clock.wind(4_000);
    draw(session);
    await session.submit();
    expect(session.state).toMatchObject({ assignment: { id: "a2" }, handedIn: 1 });
    expect(session.answer.shapes).toEqual([]);
    await settled();
    expect(server.received).toMatchObject([{ assignment: "a1", time_spent_s: 4, shapes: [{ id: "s1" }] }]);
    expect(session.state.progress?.mine).toBe(1);
    expect(await shelf.list("draft/")).toEqual([]);
  });

  it("submits once however often the button is pressed", async () => {
    const { session } = sit();
    await session.start();
    draw(session);
    await Promise.all([session.submit(), session.submit(), session.submit()]);
    await settled();
    expect(server.received).toHaveLength(1);
  });

  it.each(["submit", "skip"] as const)("is done with a task from the first press on: %s", async (leave) => {
    const { session, clock, seen } = sit();
    await session.start();
    await clock.wind(1_000);
    draw(session);
    await settled();
    const done = session[leave]();
    for (let turns = 0; turns < 50 && session.state.assignment?.id === "a1"; turns++) {
      draw(session, `late${turns}`);
      void session[leave]();
      await Promise.resolve();
    }
    await done;
    await settled();
    expect(session.state).toMatchObject({ phase: "working", assignment: { id: "a2" } });
    expect(session.answer.shapes).toEqual([]);
    expect(server.received.map(({ shapes }) => shapes.length)).toEqual(leave === "submit" ? [1] : []);
    expect(server.calls.filter((call) => call.startsWith("skip"))).toHaveLength(leave === "skip" ? 1 : 0);
    expect(
      seen.some(({ phase }, at) => phase === "loading" && at > 0 && seen[at - 1]?.phase === "working"),
    ).toBe(false);
    expect(await shelf.list("draft/")).toEqual([]);
  });

  it("brings an unfinished draft back after a reload, with its undo steps and its id", async () => {
    const first = sit();
    await first.session.start();
    draw(first.session);
    draw(first.session, "s2");
    await settled();
    first.session.close();

    const second = sit();
    await second.session.start();
    expect(second.session.state.assignment?.id).toBe("a1");
    expect(second.session.answer.shapes.map(({ id }) => id)).toEqual(["s1", "s2"]);
    second.session.undo();
    expect(second.session.answer.shapes.map(({ id }) => id)).toEqual(["s1"]);
    second.session.redo();
    expect(second.session.answer.shapes).toHaveLength(2);
  });

  it("does not show one person another one's draft", async () => {
    const mine = sit();
    await mine.session.start();
    draw(mine.session);
    await settled();
    const theirs = sit("somebody else");
    await theirs.session.start();
    expect(theirs.session.answer.shapes).toEqual([]);
  });

  it("never offers a task again whose answer waits in the outbox", async () => {
    const first = sit();
    await first.session.start();
    draw(first.session);
    server.broken.submit = new Trouble("offline");
    await first.session.submit();
    await settled();
    first.session.close();

    // The server, which has not heard of the answer, resumes the same lease.
    server.waiting = [assignment("a1"), assignment("a9")];
    const second = sit();
    await second.session.start();
    expect(second.session.state.assignment?.id).toBe("a9");
    expect(second.session.state.outbox.parcels).toHaveLength(1);
  });

  it("keeps everything offline and goes on when the network is back", async () => {
    const { session, clock } = sit();
    await session.start();
    await clock.wind(1_000);
    draw(session);
    server.broken.submit = new Trouble("offline");
    server.broken.claim = new Trouble("offline");
    await session.submit();
    expect(session.state.assignment?.id).toBe("a2");
    draw(session);
    await session.submit();
    expect(session.state).toMatchObject({ phase: "trouble", trouble: { kind: "offline" } });
    expect(session.state.outbox.parcels).toHaveLength(2);

    server.broken.submit = undefined as never;
    server.broken.claim = undefined as never;
    await session.retry();
    await settled();
    expect(session.state).toMatchObject({ phase: "working", assignment: { id: "a3" } });
    expect(server.received.map((one) => one.assignment).sort()).toEqual(["a1", "a2"]);
  });

  it("says why there is nothing to do", async () => {
    server.waiting = [];
    const { session } = sit();
    await session.start();
    expect(session.state.phase).toBe("nothing-left");
  });

  it("looks again by itself when others hold everything", async () => {
    const { session, clock } = sit();
    const claim = server.claim.bind(server);
    server.claim = async () => ({
      assignment: null,
      reason: "all_leased",
      retry_after_s: 5,
      progress: (await claim({ resume: false })).progress,
    });
    await session.start();
    expect(session.state.phase).toBe("all-leased");
    server.claim = claim;
    await clock.wind(5_000);
    expect(session.state.phase).toBe("working");
  });

  it("tells who has not qualified whether there is another try", async () => {
    const { session } = sit();
    const { progress } = await server.claim({ resume: false });
    for (const [retry_after_s, mayRetry] of [
      [86_000, true],
      [null, false],
    ] as const) {
      server.claim = async () => ({ assignment: null, reason: "not_qualified", retry_after_s, progress });
      await session.start();
      expect(session.state).toMatchObject({ phase: "not-qualified", mayRetry });
    }
  });

  it("keeps what was known about the last image until the next one is handed in", async () => {
    const { session } = sit();
    await session.start();
    const feedback = { score: 0, sentence: "Look.", nothing_here: true, concepts: [], shapes: [], crop: "" };
    const send = server.submit.bind(server);
    server.submit = async (contribution) => ({ ...(await send(contribution)), feedback });
    draw(session);
    await session.submit();
    await settled();
    expect(session.state).toMatchObject({ phase: "working", feedback });
    session.putAway();
    expect(session.state.feedback).toBeNull();
  });

  it("passes a skipped task on and forgets its draft", async () => {
    const { session } = sit();
    await session.start();
    draw(session);
    await session.skip();
    await settled();
    expect(server.calls).toContain("skip a1");
    expect(session.state.assignment?.id).toBe("a2");
    expect(await shelf.list("draft/")).toEqual([]);
  });

  it("renews the lease while somebody works, and gives the look-ahead back on leaving", async () => {
    const { session, clock } = sit();
    await session.start();
    await clock.wind(600_000);
    draw(session);
    await clock.wind(301_000);
    expect(server.calls).toContain("renew a1");
    session.letGo();
    expect(server.calls.at(-1)).toBe("release a2");
  });

  it("does not count the hours somebody was away", async () => {
    const { session, clock } = sit();
    await session.start();
    await clock.wind(3_600_000);
    draw(session);
    await session.submit();
    await settled();
    expect(server.received[0]?.time_spent_s).toBe(120);
  });

  it("says so when the browser cannot keep a draft", async () => {
    const { session } = sit();
    await session.start();
    shelf.put = async () => {
      throw new Error("full");
    };
    draw(session);
    await settled();
    expect(session.state.keeping).toBe("not-kept");
    await session.submit();
    expect(session.state.assignment?.id).toBe("a1");
  });
});
