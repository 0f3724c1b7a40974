import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ConceptFound } from "../core/contract.ts";
import { folded, Lexicon } from "../core/lexicon.ts";
import { MemoryShelf } from "../core/ports.ts";
import { Trouble } from "../core/trouble.ts";
import { RubricatorAnswer } from "./rubricator-answer.ts";
import { RubricatorConcepts } from "./rubricator-concepts.ts";
import { lettersOf } from "./scene.ts";

const NAMES = ["Lion", "Hare", "Stag", "Boar", "Bear", "Fox", "Wolf", "Horse", "Ox", "Écureuil", "Heron"];
let broken = false;
let chosen: string[];
let element: RubricatorConcepts;

async function show(names: readonly string[] = NAMES): Promise<void> {
  const items: ConceptFound[] = names.map((label) => ({ id: label, label, path: ["Animals"] }));
  const lexicon = new Lexicon(
    {
      concepts: async (query, limit) => {
        if (broken) throw new Trouble("offline");
        const found = items.filter(({ label }) => folded(label).includes(folded(query)));
        return { items: found.slice(0, limit), total: items.length };
      },
    },
    new MemoryShelf(),
    "recent",
  );
  await lexicon.open();
  element = new RubricatorConcepts();
  element.lexicon = lexicon;
  element.addEventListener("concept-chosen", (event) =>
    chosen.push((event as CustomEvent<{ concept: { id: string } }>).detail.concept.id),
  );
  document.body.append(element);
  await element.updateComplete;
}

const field = () => element.querySelector<HTMLInputElement>("input[role=combobox]");
const options = () => [...element.querySelectorAll<HTMLElement>("[role=option]")];

async function type(text: string): Promise<void> {
  const input = field();
  if (!input) throw new Error("There is no field.");
  input.value = text;
  input.dispatchEvent(new Event("input"));
  await pause(180);
}

async function press(key: string): Promise<void> {
  field()?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  await pause(20);
}

async function pause(ms: number): Promise<void> {
  await new Promise((done) => setTimeout(done, ms));
  await element.updateComplete;
}

beforeEach(() => {
  broken = false;
  chosen = [];
});
afterEach(() => element.remove());

describe("the type-ahead", () => {
  it("finds without accents, marks the match and chooses with Enter", async () => {
    await show();
    await type("ecu");
    expect(options().map((option) => option.querySelector("mark")?.textContent)).toEqual(["Écu"]);
    expect(field()?.getAttribute("aria-expanded")).toBe("true");
    expect(field()?.getAttribute("aria-activedescendant")).toBe(options()[0]?.id);
    await press("Enter");
    expect(chosen).toEqual(["Écureuil"]);
    expect(field()?.value).toBe("");
    expect(field()?.getAttribute("aria-expanded")).toBe("false");
  });

  it("walks with the arrows, round both ends, focus staying in the field", async () => {
    await show();
    await type("h");
    const active = () =>
      options()
        .find((option) => option.dataset.active === "true")
        ?.textContent?.trim();
    expect(active()).toContain("Hare");
    await press("ArrowUp");
    expect(active()).toContain("Heron");
    await press("ArrowDown");
    expect(active()).toContain("Hare");
    expect(chosen).toEqual([]);
  });

  it("waits for the answer when Enter comes first", async () => {
    await show();
    const input = field();
    if (input) input.value = "wolf";
    await press("Enter");
    expect(chosen).toEqual(["Wolf"]);
  });

  it("closes with Escape, and leaves with a second one", async () => {
    await show();
    let left = 0;
    element.addEventListener("concepts-leave", () => left++);
    await type("h");
    await press("Escape");
    expect(field()?.getAttribute("aria-expanded")).toBe("false");
    expect(left).toBe(0);
    await press("Escape");
    expect(left).toBe(1);
  });

  it("says that nothing matches, or that it could not ask", async () => {
    await show();
    await type("unicorn");
    expect(element.querySelector(".rw-combobox-note")?.textContent).toContain("unicorn");
    expect(element.querySelector("[data-testid=propose]")).toBeNull();
    broken = true;
    await type("unic");
    expect(element.querySelector(".rw-combobox-note")?.textContent).toContain("could not be fetched");
  });
});

describe("a label that is missed", () => {
  it("can be proposed where somebody is asked", async () => {
    await show();
    if (element.lexicon) element.lexicon.proposeAt = "/vocab/beasts/propose/";
    await type("unicorn & co");
    const link = element.querySelector<HTMLAnchorElement>("[data-testid=propose]");
    expect(link?.getAttribute("href")).toBe("/vocab/beasts/propose/?label=unicorn+%26+co");
    expect(link?.target).toBe("_blank");
  });
});

describe("the nine", () => {
  it("are all there is for a small vocabulary", async () => {
    await show(NAMES.slice(0, 3));
    expect(field()).toBeNull();
    expect(element.querySelectorAll(".rw-choice")).toHaveLength(3);
    expect(element.choose(1)).toBe(true);
    expect(element.choose(7)).toBe(false);
    expect(chosen).toEqual(["Hare"]);
  });

  it("show what is chosen, and what is chosen beyond them", async () => {
    await show();
    element.chosen = [
      { id: "Lion", label: "Lion" },
      { id: "Heron", label: "Heron" },
    ];
    await element.updateComplete;
    const pressed = [...element.querySelectorAll('.rw-choice[aria-pressed="true"]')];
    expect(pressed.map((button) => button.querySelector("span")?.textContent)).toEqual(["Lion", "Heron"]);
  });
});

describe("the answers that a question brings itself", () => {
  it("are chosen by letters that stand on them, in the reader's language", async () => {
    await show(["Yes", "No", "Cannot tell"]);
    const answers = [
      { name: "yes", concept: "Yes", letters: { en: "y", fr: "o" } },
      { name: "no", concept: "No", letters: { en: "n", fr: "n" } },
      { name: "unsure", concept: "Cannot tell", letters: {} },
    ];
    expect(lettersOf(answers, "fr")).toEqual({ Yes: "o", No: "n" });
    expect(lettersOf(answers, "de")).toEqual({ Yes: "y", No: "n" });
    element.letters = lettersOf(answers, "en");
    await element.updateComplete;
    const keys = [...element.querySelectorAll(".rw-choice")].map((choice) => [
      choice.querySelector("kbd")?.textContent,
      choice.getAttribute("aria-keyshortcuts"),
    ]);
    expect(keys).toEqual([
      ["Y", "1 y"],
      ["N", "2 n"],
      ["3", "3"],
    ]);
  });

  it("leave no room for “nothing here”", async () => {
    const foot = new RubricatorAnswer();
    Object.assign(foot, { takesNothing: false, obstacle: "choose" });
    document.body.append(foot);
    await foot.updateComplete;
    expect(foot.querySelector("[data-testid=nothing-here]")).toBeNull();
    foot.submit();
    await foot.updateComplete;
    expect(foot.querySelector("[data-testid=obstacle]")?.textContent).toBe("Choose one of the answers.");
    foot.remove();
  });
});
