import { beforeEach, describe, expect, it } from "vitest";
import { addShape, deleteShape } from "./draft.ts";
import { type DraftServer, type KeptDraft, keyOf, type Subject } from "./drafts.ts";
import { assignment, HandClock, PretendServer, settled } from "./fixtures.ts";
import { MemoryShelf, type World } from "./ports.ts";
import { Session } from "./session.ts";
import type { Channel, Message } from "./tabs.ts";
import { Trouble } from "./trouble.ts";

const OPTIONS = { campaign: "clefs", person: "me", locale: "en", device: "desktop" } as const;

/** The server's rule: a newer one takes the place of an older one. */
class DraftShelf implements DraftServer {
  readonly kept = new Map<string, KeptDraft>();
  read = async (subject: Subject) => this.kept.get(keyOf(subject)) ?? null;
  drop = async (subject: Subject) => {
    this.kept.delete(keyOf(subject));
  };
  write = async (subject: Subject, said: KeptDraft) => {
    const id = keyOf(subject);
    const draft = subject.changes ? { ...said, based_on: subject.changes.revision } : said;
    const there = this.kept.get(id);
    if (!there || there.sequence < draft.sequence) {
      this.kept.set(id, structuredClone(draft));
    } else if (there.sequence !== draft.sequence || there.writer !== draft.writer) {
      throw new Trouble("refused", "", "draft-overtaken", null, there);
    }
  };
}

/** What tabs of one browser share. */
class Browser {
  readonly shelf = new MemoryShelf();
  #heard = new Set<(message: Message) => void>();
  channel = (_name: string, heard: (message: Message) => void): Channel => {
    this.#heard.add(heard);
    return {
      post: (message) => {
        for (const other of this.#heard) if (other !== heard) other(structuredClone(message));
      },
      close: () => this.#heard.delete(heard),
    };
  };
}

let drafts: DraftShelf;
let server: PretendServer & { drafts: DraftServer };
let ids = 0;

beforeEach(() => {
  drafts = new DraftShelf();
  server = Object.assign(new PretendServer([]), { drafts });
});

async function open(browser: Browser, task: string | null = "a1") {
  const clock = new HandClock();
  if (task) server.waiting = [assignment(task)];
  const world: World = {
    server,
    shelf: browser.shelf,
    clock,
    newId: () => `id-${++ids}`,
    alone: (_name, work) => work(),
    channel: browser.channel,
  };
  const session = new Session(world, OPTIONS, () => undefined);
  await session.start();
  await settled();
  return { session, clock };
}

const draw = (session: Session, id: string) =>
  session.change((answer) => addShape(answer, id, [1, 2, 3, 4], []));
const shapes = (session: Session) => session.answer.shapes.map(({ id }) => id);

describe("after a reload", () => {
  it("what is picked and what is half drawn are there again, with every step", async () => {
    const browser = new Browser();
    const first = await open(browser);
    draw(first.session, "s1");
    draw(first.session, "s2");
    first.session.undo();
    first.session.draft.hold({ picked: ["s1"], sketch: [[1, 2]] });
    await settled();
    const again = await open(browser, null);
    expect(again.session.state.hand).toEqual({ picked: ["s1"], sketch: [[1, 2]] });
    again.session.redo();
    expect(shapes(again.session)).toEqual(["s1", "s2"]);
    again.session.undo();
    again.session.undo();
    expect(shapes(again.session)).toEqual([]);
  });

  it("an outline in the making alone is a draft", async () => {
    const browser = new Browser();
    const first = await open(browser);
    first.session.draft.hold({ sketch: [[5, 6]] });
    await settled();
    const again = await open(browser, null);
    expect(again.session.state).toMatchObject({ assignment: { id: "a1" }, hand: { sketch: [[5, 6]] } });
  });

  it("to have picked something of nothing drawn is none", async () => {
    const browser = new Browser();
    const first = await open(browser);
    first.session.draft.hold({ picked: ["suggestion"] });
    await settled();
    expect(await browser.shelf.list("draft/")).toEqual([]);
  });
});

describe("in another browser", () => {
  it("one goes on where one was", async () => {
    const { session, clock } = await open(new Browser());
    draw(session, "s1");
    await clock.wind(2_000);
    expect(session.state.there).toBe("saved");
    const other = await open(new Browser());
    expect(shapes(other.session)).toEqual(["s1"]);
    expect(other.session.state.other).toBeNull();
    draw(other.session, "s2");
    await other.clock.wind(3_000);
    expect(drafts.kept.get("a1")?.body.answer.shapes).toHaveLength(2);
  });

  it("a newer one wins, and what stood here is offered and one step back", async () => {
    const here = new Browser();
    const first = await open(here);
    draw(first.session, "s1");
    await first.clock.wind(2_000);
    const there = await open(new Browser());
    draw(there.session, "s2");
    await there.clock.wind(3_000);
    const again = await open(here, null);
    expect(shapes(again.session)).toEqual(["s1", "s2"]);
    expect(again.session.state.other).toMatchObject({ from: "here", answer: { shapes: [{ id: "s1" }] } });
    again.session.undo();
    expect(shapes(again.session)).toEqual(["s1"]);
  });

  it("an older one does not, and is offered", async () => {
    const here = new Browser();
    const first = await open(here);
    draw(first.session, "s1");
    await first.clock.wind(2_000);
    const there = await open(new Browser());
    there.session.change((answer) => deleteShape(answer, "s1"));
    await there.clock.wind(3_000);
    // Offline from here on: many changes that the server has not seen.
    server.broken.claim = new Trouble("offline");
    for (const id of ["s2", "s3", "s4"]) draw(first.session, id);
    await settled();
    first.session.close();
    const again = await open(here, null);
    expect(shapes(again.session)).toEqual(["s1", "s2", "s3", "s4"]);
  });

  it("who draws in both is told, loses nothing, and chooses", async () => {
    const one = await open(new Browser());
    draw(one.session, "s1");
    await one.clock.wind(2_000);
    const two = await open(new Browser());
    draw(two.session, "two");
    await two.clock.wind(3_000);
    for (const id of ["one", "more"]) {
      draw(one.session, id);
      await one.clock.wind(3_000);
    }
    one.session.undo();
    await one.clock.wind(3_000);
    expect(one.session.state.other).toMatchObject({ from: "there" });
    expect(shapes(one.session)).toEqual(["s1", "one"]);
    // What is offered is not overwritten unseen.
    expect(drafts.kept.get("a1")?.body.answer.shapes.map(({ id }) => id)).toEqual(["s1", "two"]);
    one.session.draft.takeOther();
    expect(shapes(one.session)).toEqual(["s1", "two"]);
    expect(one.session.state.other).toMatchObject({ from: "here", answer: { shapes: [{}, { id: "one" }] } });
    one.session.draft.takeOther();
    one.session.draft.leaveOther();
    await one.clock.wind(4_000);
    expect(one.session.state.other).toBeNull();
    expect(drafts.kept.get("a1")?.body.answer.shapes.map(({ id }) => id)).toEqual(["s1", "one"]);
  });

  it("nobody is told who only looked, or picked something", async () => {
    const one = await open(new Browser());
    draw(one.session, "s1");
    await one.clock.wind(2_000);
    const two = await open(new Browser());
    two.session.draft.hold({ picked: ["s1"] });
    await two.clock.wind(3_000);
    draw(one.session, "s2");
    await one.clock.wind(3_000);
    expect(one.session.state).toMatchObject({ other: null, there: "saved" });
  });

  it("what another client keeps there is left alone", async () => {
    const junk = { sequence: 9, writer: "x", body: { anything: true } } as unknown as KeptDraft;
    drafts.kept.set("a1", junk);
    const { session } = await open(new Browser());
    expect(session.state).toMatchObject({ phase: "working", other: null });
  });
});

describe("a change of what was handed in", () => {
  /** A sitting in which `a1` was handed in with one shape, and then taken up again. */
  async function takenUp(browser: Browser) {
    const sitting = await open(browser);
    draw(sitting.session, "s1");
    await sitting.session.submit();
    await settled();
    await sitting.session.past.back();
    await settled();
    return { ...sitting, contribution: server.received.at(-1)?.id ?? "" };
  }
  /** Another browser, which knows nothing, opens the same answer. */
  async function elsewhere(contribution: string) {
    const other = await open(new Browser(), "a2");
    await other.session.past.revisit(contribution);
    await settled();
    return other;
  }

  it("is on the server within two seconds, and shown where the same answer is opened", async () => {
    const { session, clock, contribution } = await takenUp(new Browser());
    draw(session, "s2");
    await clock.wind(2_000);
    expect(session.state.there).toBe("saved");
    expect(drafts.kept.get(`${contribution} 1`)).toMatchObject({ based_on: 1 });
    const other = await elsewhere(contribution);
    expect(shapes(other.session)).toEqual(["s1", "s2"]);
    expect(other.session.state).toMatchObject({ revisit: { contribution }, other: null, there: "saved" });
    // It is a step: what was handed in is one back.
    other.session.undo();
    expect(shapes(other.session)).toEqual(["s1"]);
  });

  it("is not asked for again by who only looks, and leaves nothing there", async () => {
    const { session, clock } = await takenUp(new Browser());
    await clock.wind(5_000);
    await session.past.goOn();
    await clock.wind(5_000);
    expect(drafts.kept.size).toBe(0);
  });

  it("that is given up is nowhere", async () => {
    const { session, clock, contribution } = await takenUp(new Browser());
    draw(session, "s2");
    await clock.wind(2_000);
    await session.past.goOn();
    await settled();
    expect(drafts.kept.size).toBe(0);
    const other = await elsewhere(contribution);
    expect(shapes(other.session)).toEqual(["s1"]);
  });

  it("of what stood before is not shown", async () => {
    const { session, clock, contribution } = await takenUp(new Browser());
    draw(session, "s2");
    await clock.wind(2_000);
    const [draft] = drafts.kept.values();
    drafts.kept.set(`${contribution} 2`, { ...(draft as KeptDraft), based_on: 1 });
    const own = server.owned.get(contribution);
    if (own) server.owned.set(contribution, { ...own, revision: 2 });
    const other = await elsewhere(contribution);
    expect(shapes(other.session)).toEqual(["s1"]);
  });

  it("waits for the answer that is still under way, and then goes out", async () => {
    const { session, clock, contribution } = await takenUp(new Browser());
    const write = drafts.write;
    let early = 0;
    drafts.write = async () => {
      early += 1;
      throw new Trouble("refused", "", "not-there-yet");
    };
    draw(session, "s2");
    await clock.wind(2_000);
    expect([early, session.state.there]).toEqual([1, "waiting"]);
    drafts.write = write;
    await clock.wind(6_000);
    expect(drafts.kept.has(`${contribution} 1`)).toBe(true);
    expect(session.state.there).toBe("saved");
  });

  it("does not keep what lay there before from going out", async () => {
    const browser = new Browser();
    const { session, clock } = await open(browser);
    draw(session, "s1");
    await session.submit();
    server.waiting = [assignment("a2")];
    await session.retry();
    await session.start();
    await settled();
    draw(session, "half");
    await session.past.back();
    await clock.wind(2_000);
    expect(drafts.kept.get("a2")?.body.answer.shapes.map(({ id }) => id)).toEqual(["half"]);
  });

  it("is the same in another tab", async () => {
    const browser = new Browser();
    const one = await takenUp(browser);
    draw(one.session, "s2");
    await settled();
    const two = await open(browser, null);
    expect(two.session.state.revisit?.contribution).toBe(one.contribution);
    draw(two.session, "s3");
    await settled();
    expect(shapes(one.session)).toEqual(["s1", "s2", "s3"]);
    expect(one.session.state.revisit?.contribution).toBe(one.contribution);
  });
});

describe("in another tab", () => {
  it("one sees the same, both know it, and nothing is handed in twice", async () => {
    const browser = new Browser();
    const one = await open(browser);
    draw(one.session, "s1");
    await settled();
    const two = await open(browser, null);
    expect([one.session.state.besides, two.session.state.besides]).toEqual([1, 1]);
    draw(two.session, "s2");
    await settled();
    expect(shapes(one.session)).toEqual(["s1", "s2"]);
    one.session.undo();
    await settled();
    expect(shapes(two.session)).toEqual(["s1"]);

    await one.session.submit();
    await settled();
    // The other tab has it as an answer taken up again: handed in once more it changes that one, or nothing.
    expect(two.session.state.revisit?.contribution).toBe(server.received[0]?.id);
    expect(two.session.state.besides).toBe(0);
    await two.session.submit();
    await settled();
    expect(server.received).toHaveLength(1);
    expect(server.amended).toHaveLength(0);
  });

  it("one that is closed is known to be gone", async () => {
    const browser = new Browser();
    const one = await open(browser);
    draw(one.session, "s1");
    await settled();
    const two = await open(browser, null);
    two.session.close();
    expect(one.session.state.besides).toBe(0);
  });
});
