import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { AssistServer, Search } from "../api/assist.ts";
import { Unreadable } from "../api/pixels.ts";
import type { Prediction } from "../core/contract.ts";
import { BLANK, type Shape } from "../core/draft.ts";
import { assignment, CAMPAIGN, PretendServer, world } from "../core/fixtures.ts";
import { en } from "../core/locale/en/index.ts";
import { Session } from "../core/session.ts";
import type { Desk } from "../core/sessionstate.ts";
import { Answering } from "./answering.ts";
import { Assisting, type AssistState } from "./assisting.ts";
import { Palette } from "./pigments.ts";

const pixels = vi.hoisted(() => ({ ink: null as unknown, failure: null as unknown }));
vi.mock("../api/pixels.ts", async (original) => ({
  ...(await original<typeof import("../api/pixels.ts")>()),
  partAround: async () => {
    if (pixels.failure) throw pixels.failure;
    return { gray: {}, box: {}, back: () => pixels.ink };
  },
}));
vi.mock("../core/ink.ts", () => ({ inkIn: () => (pixels.ink ? {} : null) }));

const F = { id: "F", label: "F clef" };
const found: Prediction = { id: "p1", box: [500, 500, 40, 40], concepts: [F], confidence: 0.9 };
const search = (state: Search["state"], predictions: readonly Prediction[] = []): Search => ({
  id: "s",
  state,
  detail: "",
  predictions,
});

let session: Session;
let hand: Answering;
let help: Assisting;
let state: AssistState;
let server: { [name in keyof AssistServer]: ReturnType<typeof vi.fn> };
const browsed: (string | null)[] = [];

beforeEach(async () => {
  localStorage.clear();
  Object.assign(pixels, { ink: [110, 110, 30, 30], failure: null });
  const given = [assignment("one", { finds_similar: true }), assignment("two")];
  session = new Session(
    world(new PretendServer(given)),
    { campaign: "c", person: "p", locale: "en", device: "desktop" },
    () => undefined,
  );
  await session.start();
  hand = new Answering(session, new Palette(), () => undefined);
  server = {
    ask: vi.fn(),
    look: vi.fn(),
    stop: vi.fn(async () => undefined),
    below: vi.fn(),
    wayTo: vi.fn(),
  };
  help = make();
});
afterEach(() => vi.useRealTimers());

function make(desk: Desk = session): Assisting {
  const made = new Assisting({
    api: "/api/v1/campaigns/c/",
    lang: "en",
    texts: en.assist,
    session: desk,
    hand,
    browse: (concept) => browsed.push(concept),
    changed: (now) => {
      state = now;
    },
  });
  Object.defineProperty(made, "server", { value: server });
  return made;
}

const box = () => session.answer.shapes[0]?.box;

it("draws a box to its ink in one step, and leaves it where there is none", async () => {
  hand.draw({ box: [100, 100, 50, 50] });
  await help.tighten();
  expect([box(), session.answer.shapes[0]?.origin]).toEqual([[110, 110, 30, 30], "drawn"]);
  session.undo();
  expect(box()).toEqual([100, 100, 50, 50]);
  for (const [change, said] of [
    [{ ink: null }, en.assist.noInk],
    [{ ink: [100, 100, 50, 50] }, en.assist.tightAlready],
    [{ failure: new Unreadable() }, en.assist.unreadable],
  ] as const) {
    Object.assign(pixels, { ink: null, failure: null, ...change });
    await help.tighten();
    expect([state.said, box()]).toEqual([said, [100, 100, 50, 50]]);
  }
});

it("makes of a suggestion that was taken over a corrected one", async () => {
  session.offer("one", [{ ...found, box: [100, 100, 50, 50] }]);
  hand.accept(session.state.assignment?.predictions ?? []);
  await help.tighten();
  expect(session.answer.shapes[0]).toMatchObject({
    origin: "edited",
    prediction: "p1",
    box: [110, 110, 30, 30],
  });
});

it("keeps its hands off a box that was moved meanwhile", async () => {
  hand.draw({ box: [100, 100, 50, 50] });
  const tightening = help.tighten();
  hand.edit(hand.held.selected ?? "", { box: [300, 300, 50, 50] });
  await tightening;
  expect(box()).toEqual([300, 300, 50, 50]);
});

it("tightens each box as it is drawn, where that was asked for, also after a reload", async () => {
  hand.draw({ box: [100, 100, 50, 50] });
  help.drawn();
  await Promise.resolve();
  expect(box()).toEqual([100, 100, 50, 50]);
  help.setTightens(true);
  help = make();
  help.drawn();
  await vi.waitFor(() => expect(box()).toEqual([110, 110, 30, 30]));
});

it("has more like the picked box looked for, and suggests what is new", async () => {
  vi.useFakeTimers();
  hand.draw({ box: [100, 100, 50, 50] });
  hand.choose(F);
  server.ask.mockResolvedValue(search("queued"));
  server.look.mockResolvedValue(search("done", [found, { ...found, id: "p0", box: [102, 100, 50, 50] }]));
  const looking = help.findSimilar();
  await vi.advanceTimersByTimeAsync(10);
  expect([state.busy, state.said]).toEqual(["similar", en.assist.looking]);
  void help.findSimilar();
  await vi.advanceTimersByTimeAsync(1000);
  await looking;
  expect(server.ask).toHaveBeenCalledTimes(1);
  expect(server.ask.mock.calls[0]?.[1]).toMatchObject({ box: [100, 100, 50, 50], concepts: ["F"] });
  expect(session.state.assignment?.predictions.map(({ id }) => id)).toEqual(["p1"]);
  expect(state.said).toBe(en.assist.found(1));
});

it("waits for nothing when the image is left", async () => {
  vi.useFakeTimers();
  hand.draw({ box: [100, 100, 50, 50] });
  server.ask.mockResolvedValue(search("queued"));
  const looking = help.findSimilar();
  await vi.advanceTimersByTimeAsync(10);
  await session.skip();
  help.leave();
  await vi.advanceTimersByTimeAsync(5000);
  await looking;
  expect(server.stop).toHaveBeenCalledTimes(1);
  expect(server.look).not.toHaveBeenCalled();
  expect(state).toMatchObject({ said: "", busy: null });
  // Not offered on the next one.
  hand.draw({ box: [100, 100, 50, 50] });
  await help.findSimilar();
  expect([state.said, server.ask.mock.calls.length]).toEqual([en.assist.notOffered, 1]);
});

it("copies what was drawn in the same step of the image before", async () => {
  const shape: Shape = { id: "s", box: [10, 10, 50, 50], concepts: [F], origin: "drawn", prediction: null };
  const answer = { ...BLANK, steps: { where: { ...BLANK, shapes: [shape] } } };
  const handed = { contribution: "c", assignment: assignment("zero"), answer, revision: 1, at: 0 };
  vi.spyOn(session.past, "lastBeside").mockResolvedValue(handed);
  const desk = { state: session.state, answer: session.answer, draft: session.draft, past: session.past };
  const acts: Pick<Desk, "change" | "offer"> = {
    change: (edit) => session.change(edit),
    offer: () => undefined,
  };
  await make({ ...desk, ...acts, step: "words" }).copy();
  expect([state.said, session.answer.shapes.length]).toEqual([en.assist.nothingToCopy, 0]);
  await make({ ...desk, ...acts, step: "where" }).copy();
  expect(session.answer.shapes).toHaveLength(1);
});

it("says what is missing, and what the server refused", async () => {
  await help.tighten();
  expect(state.said).toBe(en.assist.pickBox);
  await help.broader();
  expect(state.said).toBe(en.assist.pickLabel);
  await help.copy();
  expect(state.said).toBe(en.assist.nothingToCopy);
  hand.draw({ box: [100, 100, 50, 50] });
  server.ask.mockRejectedValue(new Error("away"));
  await help.findSimilar();
  expect([state.busy, state.said.length > 0]).toEqual([null, true]);
});

it("says the next broader label, up to the top", async () => {
  server.wayTo.mockImplementation(async (id: string) => ({
    items: [{ id: "clef", label: "Clef" }, ...(id === "F" ? [F] : [])],
    total: 2,
  }));
  hand.draw({ box: [100, 100, 50, 50] });
  hand.choose(F);
  await help.broader();
  expect(session.answer.shapes[0]?.concepts).toEqual([{ id: "clef", label: "Clef" }]);
  await help.broader();
  expect(state.said).toBe(en.assist.broadest);
  session.undo();
  expect(session.answer.shapes[0]?.concepts).toEqual([F]);
});

it("opens the tree at the label that stands", () => {
  hand.draw({ box: [100, 100, 50, 50] });
  hand.choose(F);
  help.do("guide");
  expect(browsed.at(-1)).toBe("F");
  expect(CAMPAIGN.question.draws).toBe(true);
});
