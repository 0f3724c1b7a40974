import { afterEach, describe, expect, it } from "vitest";
import { addShape, BLANK } from "../core/draft.ts";
import { CAMPAIGN, PROGRESS } from "../core/fixtures.ts";
import { begin, step } from "../core/history.ts";
import { KEEPING } from "../core/keeping.ts";
import { en } from "../core/locale/en/index.ts";
import type { Parcel } from "../core/outbox.ts";
import type { SessionState } from "../core/sessionstate.ts";
import { isTyping } from "./keyboard.ts";
import { RubricatorAnswer } from "./rubricator-answer.ts";
import { RubricatorShapes } from "./rubricator-shapes.ts";
import { statusOf } from "./rubricator-status.ts";
import { RubricatorSuggestions } from "./rubricator-suggestions.ts";

afterEach(() => document.body.replaceChildren());

const heard = (element: HTMLElement, name: string): unknown[] => {
  const details: unknown[] = [];
  element.addEventListener(name, (event) => details.push((event as CustomEvent).detail));
  return details;
};

const SESSION: SessionState = {
  phase: "working",
  campaign: CAMPAIGN,
  assignment: null,
  history: begin(BLANK),
  next: null,
  progress: PROGRESS,
  outbox: { sending: false, parcels: [], because: null },
  ...KEEPING,
  handedIn: 0,
  revisit: null,
  trail: [],
  backable: false,
  justDone: null,
  feedback: null,
  mayRetry: false,
  trouble: null,
};
const parcel = { contribution: {}, keptAt: 0, refused: null } as unknown as Parcel;

const DRAWN = { history: step(begin(BLANK), addShape(BLANK, "s", [0, 0, 1, 1], [])) };

describe("the status line", () => {
  const cases: [string, Partial<SessionState>, string][] = [
    ["untouched", {}, ""],
    ["drawn", { history: step(begin(BLANK), addShape(BLANK, "s", [0, 0, 1, 1], [])) }, en.saved],
    ["writing", { keeping: "keeping" }, en.keeping],
    ["half drawn", { hand: { picked: [], sketch: [[1, 2]] } }, en.saved],
    ["on its way", { ...DRAWN, there: "saving" }, en.draft.saving],
    ["on the server", { ...DRAWN, there: "saved" }, en.draft.saved],
    ["signed out", { ...DRAWN, there: "waiting", thereBecause: "signin" }, en.draft.waiting.signin],
    ["cut off", { ...DRAWN, there: "waiting", thereBecause: "offline" }, en.draft.waiting.offline],
    ["there alone", { ...DRAWN, keeping: "not-kept", there: "saved" }, en.draft.onlyThere],
    ["no storage", { keeping: "not-kept" }, en.notKept],
    ["sent", { handedIn: 1 }, en.handedIn],
    ["sending", { outbox: { sending: true, parcels: [parcel], because: null } }, en.sending(1)],
    [
      "offline",
      { outbox: { sending: false, parcels: [parcel, parcel], because: "offline" } },
      en.keptOffline(2),
    ],
    ["signed out", { outbox: { sending: false, parcels: [parcel], because: "signin" } }, en.keptSignin(1)],
    ["server ill", { outbox: { sending: false, parcels: [parcel], because: "server" } }, en.keptServer(1)],
  ];
  it.each(cases)("says where the work is: %s", (_name, state, sentence) => {
    expect(statusOf({ ...SESSION, ...state }, en).sentence).toBe(sentence);
  });
});

describe("the list of boxes", () => {
  it("tells a screen reader what is where, and picks and deletes", async () => {
    const element = new RubricatorShapes();
    element.canvas = [1000, 1000];
    element.shapes = addShape(BLANK, "s1", [0, 0, 100, 100], [{ id: "g", label: "G clef" }]).shapes;
    document.body.append(element);
    await element.updateComplete;
    const [pick, remove] = element.querySelectorAll("button");
    expect(pick?.getAttribute("aria-label")).toBe("Box 1: G clef, top left of the image, 1.0\u00a0% of it. ");
    expect(remove?.getAttribute("aria-label")).toBe("Delete Box 1: G clef");
    const [picked, deleted] = [heard(element, "stage-select"), heard(element, "stage-delete")];
    pick?.click();
    remove?.click();
    expect(picked).toEqual([{ id: "s1", reveal: true }]);
    expect(deleted).toEqual([{ id: "s1", alone: true }]);
  });
});

describe("suggestions", () => {
  it("are accepted one by one, or together after a look at each, and refused", async () => {
    const element = new RubricatorSuggestions();
    element.predictions = [1, 2].map((n) => ({
      id: `p${n}`,
      box: [0, 0, 1, 1],
      concepts: [{ id: "g", label: "G clef" }],
      confidence: 0.876,
    }));
    document.body.append(element);
    await element.updateComplete;
    const [accepted, rejected] = [heard(element, "suggestion-accept"), heard(element, "suggestion-reject")];
    expect(element.textContent).toContain("88\u00a0% sure");
    element.querySelector<HTMLElement>("[data-testid=suggestion-accept]")?.click();
    element.querySelector<HTMLElement>("[data-testid=suggestion-reject]")?.click();
    expect(accepted).toEqual([{ predictions: [element.predictions[0]] }]);
    expect(rejected).toEqual([{ id: "p1" }]);
    expect(element.querySelector("[data-testid=look-at]")?.textContent?.trim()).toBe("Look at all 2");
  });

  it("that are not sure enough are hidden, and counted", async () => {
    const element = new RubricatorSuggestions();
    element.predictions = [0.9, 0.3, null].map((confidence, n) => ({
      ...{ id: `p${n}`, box: [0, 0, 1, 1] as const, concepts: [], confidence },
    }));
    document.body.append(element);
    await element.updateComplete;
    const set = heard(element, "layers-set");
    const slider = element.querySelector<HTMLInputElement>("[data-testid=threshold]");
    if (slider) slider.value = "50";
    slider?.dispatchEvent(new Event("input"));
    expect(set).toEqual([{ id: "suggestions", least: 0.5 }]);
    element.least = 0.5;
    await element.updateComplete;
    const listed = [...element.querySelectorAll<HTMLElement>("[data-testid=suggestion]")];
    expect(listed.map(({ dataset }) => dataset.prediction)).toEqual(["p0", "p2"]);
    expect(element.querySelector("[data-testid=less-sure]")?.textContent).toBe(en.assist.lessSure(1));
  });
});

describe("the foot", () => {
  async function foot(more: Partial<RubricatorAnswer>) {
    const element = Object.assign(new RubricatorAnswer(), more);
    document.body.append(element);
    await element.updateComplete;
    return { element, button: (name: string) => element.querySelector<HTMLElement>(`[data-testid=${name}]`) };
  }

  it("says what is missing instead of submitting", async () => {
    const { element, button } = await foot({ obstacle: "no-label" });
    const submitted = heard(element, "answer-submit");
    button("submit")?.click();
    await element.updateComplete;
    expect(submitted).toEqual([]);
    expect(button("obstacle")?.textContent).toBe(en.needLabel);
    element.obstacle = null;
    await element.updateComplete;
    button("submit")?.click();
    expect(submitted).toHaveLength(1);
  });

  it("asks before skipping work away", async () => {
    const { element, button } = await foot({ atStake: 3 });
    const skipped = heard(element, "answer-skip");
    button("skip")?.click();
    await element.updateComplete;
    expect(button("skip")?.textContent?.trim()).toBe("Skip and lose 3 boxes?");
    expect(skipped).toEqual([]);
    button("skip")?.click();
    expect(skipped).toHaveLength(1);
  });

  it("does not let “nothing here” contradict a box", async () => {
    const { element, button } = await foot({ drawn: true });
    const said = heard(element, "answer-nothing");
    button("nothing-here")?.click();
    element.drawn = false;
    await element.updateComplete;
    button("nothing-here")?.click();
    expect(said).toEqual([{ nothingHere: true }]);
  });
});

it("knows when keys belong to a text field", () => {
  document.body.innerHTML = '<input><input type="checkbox"><textarea></textarea><button></button>';
  expect([...document.body.children].map((element) => isTyping(element))).toEqual([true, false, true, false]);
});
