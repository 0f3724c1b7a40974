import { afterEach, describe, expect, it } from "vitest";
import type { ReviewItem } from "../core/contract.ts";
import {
  BLANK,
  fromOwn,
  isBlank,
  obstacle,
  sayNothingHere,
  saysTheSame,
  toContribution,
} from "../core/draft.ts";
import { assignment, CAMPAIGN } from "../core/fixtures.ts";
import { begin, restep, step, undo } from "../core/history.ts";
import { texts as fr } from "../core/locale/fr/index.ts";
import * as rulings from "../core/rulings.ts";
import { proposed, said, write } from "../core/writing.ts";
import "./rubricator-item.ts";
import "./rubricator-text.ts";
import type { RubricatorItem } from "./rubricator-item.ts";
import type { RubricatorText } from "./rubricator-text.ts";

const QUESTION = {
  ...CAMPAIGN.question,
  kind: "describe",
  draws: false,
  writes: true,
  languages: [],
  max_length: 20,
  multiline: false,
  purpose: "supplementing",
} as const;

afterEach(() => document.body.replaceChildren());

async function shown(change: Partial<RubricatorText> = {}) {
  const element = document.createElement("rubricator-text");
  Object.assign(element, { question: QUESTION, ...change });
  document.body.append(element);
  await element.updateComplete;
  const told: unknown[] = [];
  for (const name of ["text-written", "text-done", "text-leave"])
    element.addEventListener(name, (event) => told.push([name, (event as CustomEvent).detail]));
  const field = element.querySelector("textarea") as HTMLTextAreaElement;
  const type = (value: string) => {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  return { element, field, told, type };
}

describe("the text of an answer", () => {
  it("is trimmed when it is sent, and missing until something is written", () => {
    expect(obstacle(BLANK, QUESTION)).toBe("no-text");
    const spaces = write(BLANK, { value: "  ", language: "la" });
    expect([obstacle(spaces, QUESTION), said(spaces)]).toEqual(["no-text", null]);
    const full = write(spaces, { value: " Kyrie ", language: "la" });
    expect(obstacle(full, QUESTION)).toBeNull();
    const sent = toContribution(full, assignment("a"), {
      id: "c",
      timeSpentS: 1,
      locale: "en",
      device: "desktop",
    });
    expect(sent.texts).toEqual([{ value: "Kyrie", language: "la" }]);
    expect(isBlank(full)).toBe(false);
  });

  it("contradicts nothing here, and comes back as it was handed in", () => {
    const full = write(BLANK, { value: "Kyrie", language: "la" });
    expect(sayNothingHere(full, true).texts).toEqual([]);
    expect(write(sayNothingHere(full, true), { value: "a", language: "la" }).nothingHere).toBe(false);
    const own = fromOwn({
      answer: {
        nothing_here: false,
        shapes: [],
        concepts: [],
        texts: [{ value: "Kyrie", language: "la" }],
        rejected_predictions: [],
        comment: "",
      },
    });
    expect(saysTheSame(own, full)).toBe(true);
    expect(saysTheSame(own, write(full, { value: "Kyrie", language: "fr" }))).toBe(false);
  });

  it("is undone stroke by stroke and not letter by letter", () => {
    let history = step(begin(BLANK), write(BLANK, { value: "K", language: "la" }));
    history = restep(history, write(history.present, { value: "Ky", language: "la" }));
    expect(undo(history).present).toBe(BLANK);
  });

  it("begins in the language used last, else the reader's own, where they are offered", () => {
    expect(proposed({ languages: [] }, "fr", "")).toBe("fr");
    expect(proposed({ languages: [] }, "fr", "la")).toBe("la");
    expect(proposed({ languages: ["la", "fr"] }, "fr-CA", "de")).toBe("fr");
    expect(proposed({ languages: ["la"] }, "en", "")).toBe("la");
  });
});

describe("rubricator-text", () => {
  it("tells what is written with its language, in one line", async () => {
    const { told, type } = await shown({ texts: fr });
    type("Kyrie\neleison");
    expect(told).toEqual([["text-written", { text: { value: "Kyrie eleison", language: "fr" } }]]);
  });

  it("says how many characters are left near the end only", async () => {
    const { element } = await shown({ text: { value: "a".repeat(10), language: "la" } });
    const left = () => element.querySelector("[data-testid=characters-left]")?.textContent?.trim();
    expect(left()).toBe("");
    element.text = { value: "a".repeat(18), language: "la" };
    await element.updateComplete;
    expect(left()).toBe("2 characters left");
  });

  it("goes on with Enter in one line, and writes a line break where there may be several", async () => {
    const { field, told } = await shown();
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", cancelable: true }));
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", cancelable: true }));
    expect(told.map((one) => (one as [string])[0])).toEqual(["text-done", "text-leave"]);
    const several = await shown({ question: { ...QUESTION, multiline: true } });
    const enter = new KeyboardEvent("keydown", { key: "Enter", cancelable: true });
    several.field.dispatchEvent(enter);
    expect([several.told, enter.defaultPrevented]).toEqual([[], false]);
  });

  it("offers the languages there are, and refuses what is none", async () => {
    const { element } = await shown({ question: { ...QUESTION, languages: ["la", "fr"] } });
    expect([...element.querySelectorAll("option")].map(({ value }) => value)).toEqual(["la", "fr"]);
    const free = await shown({ text: { value: "Kyrie", language: "la" } });
    const field = free.element.querySelector("input") as HTMLInputElement;
    for (const tag of ["Latin!", "grc"]) {
      field.value = tag;
      field.dispatchEvent(new Event("change"));
    }
    expect(free.told).toEqual([["text-written", { text: { value: "Kyrie", language: "grc" } }]]);
  });
});

describe("texts under review", () => {
  const item = {
    id: "i",
    box: null,
    concepts: [],
    votes: [],
    support: 3,
    seen: 3,
    disagreement: 0.4,
    members: [],
    text: null,
    written: [
      { value: "Kyrie", language: "la", people: ["Ann"] },
      { value: "Kirie", language: "la", people: ["Bob"] },
    ],
  } as ReviewItem;

  it("is decided by choosing; without a majority accepting takes the nearest", () => {
    expect(rulings.accept({}, item).i).toMatchObject({ verdict: "corrected", text: { value: "Kyrie" } });
    expect(rulings.acceptRest({}, [item])).toEqual({});
    const settled = { ...item, text: { value: "Kyrie", language: "la" } };
    expect(rulings.accept({}, settled).i?.verdict).toBe("accepted");
    const other = rulings.correct({}, settled, { text: { value: "Kirie ", language: "la" } });
    expect(rulings.toDecision("d", "t", [settled], other).items[0]).toMatchObject({
      verdict: "corrected",
      text: { value: "Kirie", language: "la" },
    });
    expect(rulings.correct(other, settled, { text: { value: "Kyrie", language: "la" } }).i?.verdict).toBe(
      "accepted",
    );
  });

  it("shows each text once with who wrote it, and takes a digit", async () => {
    const element = document.createElement("rubricator-item") as RubricatorItem;
    Object.assign(element, { item, question: QUESTION, name: "Text 1" });
    document.body.append(element);
    await element.updateComplete;
    const told: unknown[] = [];
    element.addEventListener("item-text", (event) => told.push((event as CustomEvent).detail.text.value));
    expect(element.choose(1)).toBe(true);
    expect(element.choose(7)).toBe(false);
    expect(told).toEqual(["Kirie"]);
    expect([...element.querySelectorAll("q")].map((one) => one.textContent)).toEqual(["Kyrie", "Kirie"]);
  });
});
