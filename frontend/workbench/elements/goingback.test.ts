import { afterEach, describe, expect, it } from "vitest";
import type { OwnDetail } from "../core/contract.ts";
import { addShape, BLANK, toContribution } from "../core/draft.ts";
import { assignment, CAMPAIGN, owned, PROGRESS } from "../core/fixtures.ts";
import { begin } from "../core/history.ts";
import { KEEPING } from "../core/keeping.ts";
import { en } from "../core/locale/en/index.ts";
import { texts as fr } from "../core/locale/fr/index.ts";
import type { Parcel } from "../core/outbox.ts";
import type { SessionState } from "../core/sessionstate.ts";
import type { LightElement } from "./light.ts";
import { RubricatorAnswer } from "./rubricator-answer.ts";
import { RubricatorChoice, summaryOf } from "./rubricator-choice.ts";
import { RubricatorHanded } from "./rubricator-handed.ts";
import { RubricatorPanel } from "./rubricator-panel.ts";
import { RubricatorTrail } from "./rubricator-trail.ts";

afterEach(() => document.body.replaceChildren());

const G = { id: "g", label: "G clef" };
const TWO = addShape(addShape(BLANK, "s1", [0, 0, 1, 1], [G]), "s2", [2, 2, 1, 1], [G]);
const REVISIT = {
  contribution: "c1",
  revision: 1,
  original: TWO,
  at: Date.UTC(2026, 4, 3, 12),
  whyNot: null,
};
const about = { id: "m1", timeSpentS: 1, locale: "en", device: "desktop" } as const;
const PARCEL: Parcel = {
  contribution: toContribution(TWO, assignment("a1"), about),
  amends: { contribution: "c1", revision: 1, answer: TWO },
  present: owned(toContribution({ ...BLANK, nothingHere: true }, assignment("a1"), about)) as OwnDetail,
  keptAt: 0,
  refused: "You have changed this answer elsewhere.",
};
const SESSION: SessionState = {
  phase: "working",
  campaign: CAMPAIGN,
  assignment: assignment("a1"),
  history: begin(TWO),
  next: null,
  progress: PROGRESS,
  outbox: { sending: false, parcels: [], because: null },
  ...KEEPING,
  handedIn: 1,
  revisit: null,
  trail: [],
  backable: true,
  justDone: { contribution: "c1", changed: false },
  feedback: null,
  mayRetry: false,
  trouble: null,
};

async function shown<E extends LightElement>(element: E): Promise<E> {
  document.body.append(element);
  await element.updateComplete;
  return element;
}

function heard(element: HTMLElement, name: string): unknown[] {
  const details: unknown[] = [];
  element.addEventListener(name, (event) => details.push((event as CustomEvent).detail));
  return details;
}

const press = (element: HTMLElement, name: string) =>
  element.querySelector<HTMLElement>(`[data-testid=${name}]`)?.click();

describe("right after handing in", () => {
  const cases: [string, Partial<SessionState>, string][] = [
    ["handed in", {}, en.handedInShort],
    ["changed", { justDone: { contribution: "c1", changed: true } }, en.changeSaved],
    [
      "sending",
      { outbox: { sending: true, parcels: [{ ...PARCEL, refused: null }], because: null } },
      en.sending(1),
    ],
    [
      "offline",
      { outbox: { sending: false, parcels: [{ ...PARCEL, refused: null }], because: "offline" } },
      en.keptHere,
    ],
  ];
  it.each(cases)("one reads what happened, and can go back: %s", async (_name, state, sentence) => {
    const element = new RubricatorHanded();
    element.session = { ...SESSION, ...state };
    await shown(element);
    expect(element.textContent).toContain(sentence);
    const asked = heard(element, "trail-go");
    press(element, "undo-hand-in");
    expect(asked).toEqual([{ contribution: "c1" }]);
  });

  it.each([
    ["later on", { justDone: null }],
    ["when it was refused", { outbox: { sending: false, parcels: [PARCEL], because: null } }],
  ])("nothing is said %s", async (_name, state) => {
    const element = new RubricatorHanded();
    element.session = { ...SESSION, ...state };
    expect((await shown(element)).querySelector("button")).toBeNull();
  });
});

describe("the strip of the last images", () => {
  it("names each by its place, and leads to it", async () => {
    const element = new RubricatorTrail();
    element.steps = [
      { contribution: "c2", crop: "/2.jpg", label: { en: ["Page 2"] }, at: REVISIT.at },
      { contribution: "c1", crop: null, label: { en: ["Page 1"] }, at: REVISIT.at },
    ];
    element.shown = "c1";
    await shown(element);
    const [second, first] = element.querySelectorAll("button");
    expect(second?.getAttribute("aria-label")).toContain("Image 1 back: Page 2, 3 May");
    expect(second?.querySelector("img")?.getAttribute("src")).toBe("/2.jpg");
    expect([second, first].map((one) => one?.getAttribute("aria-current"))).toEqual([null, "true"]);
    expect(first?.querySelector("img")).toBeNull();
    const asked = heard(element, "trail-go");
    second?.click();
    expect(asked).toEqual([{ contribution: "c2" }]);
  });

  it("is not there when there is nothing to go back to", async () => {
    expect((await shown(new RubricatorTrail())).children).toHaveLength(0);
  });
});

describe("an answer taken up again", () => {
  it("is left, or saved once it says something else", async () => {
    const element = new RubricatorAnswer();
    element.revisit = REVISIT;
    await shown(element);
    const save = element.querySelector("[data-testid=submit]");
    expect(save?.textContent?.trim()).toBe(en.saveChange);
    expect(save?.getAttribute("aria-disabled")).toBe("true");
    const left = heard(element, "answer-skip");
    press(element, "go-on");
    expect(left).toHaveLength(1);
    element.changed = true;
    await element.updateComplete;
    expect(save?.getAttribute("aria-disabled")).toBe("false");
    expect(element.querySelector("[data-testid=go-on]")?.textContent?.trim()).toBe(en.goOnWithout);
    const saved = heard(element, "answer-submit");
    press(element, "submit");
    expect(saved).toHaveLength(1);
  });

  it("can only be looked at once it is decided, and says why", async () => {
    const element = new RubricatorPanel();
    const revisit = { ...REVISIT, whyNot: "This image has been decided." };
    element.session = { ...SESSION, revisit };
    await shown(element);
    expect(element.querySelector("[data-testid=again]")?.textContent).toContain(
      "This image has been decided.",
    );
    const foot = element.querySelector("rubricator-answer");
    await foot?.updateComplete;
    expect(foot?.querySelector("[data-testid=submit]")).toBeNull();
    expect(foot?.querySelector("[data-testid=go-on]")).not.toBeNull();
  });
});

describe("two versions of one answer", () => {
  it("are told apart in a line each, and one is chosen", async () => {
    const element = new RubricatorChoice();
    element.parcel = PARCEL;
    await shown(element);
    const [here, there] = [...element.querySelectorAll("dd")].map((one) => one.textContent);
    expect([here, there]).toEqual(["2 boxes: G clef", en.nothingHere]);
    const [mine, other] = [heard(element, "choice-mine"), heard(element, "choice-other")];
    press(element, "keep-mine");
    press(element, "keep-other");
    expect([mine, other]).toEqual([[{ contribution: "c1" }], [{ contribution: "c1" }]]);
  });

  it("are summed up by labels and boxes", () => {
    expect(summaryOf({ ...BLANK, concepts: [G] }, en)).toBe("G clef");
    expect(summaryOf(addShape(BLANK, "s", [0, 0, 1, 1], []), fr)).toBe("1 cadre");
  });
});
