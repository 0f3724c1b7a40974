import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AssistServer, Branch } from "../api/assist.ts";
import { cropOf } from "../api/pixels.ts";
import type { Prediction } from "../core/contract.ts";
import { assignment } from "../core/fixtures.ts";
import { RubricatorAssist } from "./rubricator-assist.ts";
import { RubricatorBranches } from "./rubricator-branches.ts";
import { RubricatorLook } from "./rubricator-look.ts";
import { RubricatorWay } from "./rubricator-way.ts";

const { canvas } = assignment("one").task;
const PREDICTIONS: Prediction[] = [1, 2, 3].map((n) => ({
  id: `p${n}`,
  box: [n * 100, 0, 50, 50],
  concepts: [{ id: "g", label: "G clef" }],
  confidence: 0.5 + n / 10,
}));

const heard = (element: HTMLElement, name: string): unknown[] => {
  const details: unknown[] = [];
  element.addEventListener(name, (event) => details.push((event as CustomEvent).detail));
  return details;
};
const key = (on: Element | null, name: string) =>
  on?.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

describe("looking at each", () => {
  let look: RubricatorLook;
  let callback: IntersectionObserverCallback;

  beforeEach(async () => {
    vi.useFakeTimers();
    vi.stubGlobal(
      "IntersectionObserver",
      class {
        constructor(call: IntersectionObserverCallback) {
          callback = call;
        }
        observe() {}
        disconnect() {}
      },
    );
    look = new RubricatorLook();
    look.canvas = canvas;
    document.body.append(look);
    await look.updateComplete;
    await look.show(PREDICTIONS);
  });
  afterEach(() => vi.useRealTimers());

  const cards = () => [...look.querySelectorAll<HTMLElement>("[data-testid=look-card]")];
  const take = () => look.querySelector<HTMLElement>("[data-testid=look-take]");
  const onScreen = async () => {
    const entries = cards().map((target) => ({ target, isIntersecting: true }));
    callback(entries as never, {} as never);
    vi.advanceTimersByTime(400);
    await look.updateComplete;
  };

  it("hears a key that is held down once", async () => {
    const on = cards()[0] ?? null;
    on?.focus();
    for (const repeat of [false, true, true]) {
      const event = new KeyboardEvent("keydown", { key: "Delete", repeat, bubbles: true, cancelable: true });
      document.activeElement?.dispatchEvent(event);
    }
    await look.updateComplete;
    expect(document.activeElement).toBe(cards()[1]);
    expect(cards().map((card) => card.getAttribute("aria-pressed"))).toEqual(["false", "true", "true"]);
  });

  it("takes none before each was seen", async () => {
    const said = heard(look, "suggestions-looked");
    take()?.click();
    expect(said).toEqual([]);
    expect(take()?.getAttribute("aria-disabled")).toBe("true");
    await onScreen();
    take()?.click();
    expect(said).toEqual([{ accepted: PREDICTIONS, rejected: [] }]);
  });

  it("refuses what was pressed or deleted, and goes on by itself", async () => {
    await onScreen();
    const said = heard(look, "suggestions-looked");
    cards()[0]?.focus();
    key(cards()[0] ?? null, "Delete");
    await look.updateComplete;
    expect(document.activeElement).toBe(cards()[1]);
    key(cards()[1] ?? null, "Enter");
    cards()[2]?.click();
    await look.updateComplete;
    expect(take()?.textContent?.trim()).toBe("Accept 1, reject 2");
    take()?.click();
    expect(said).toEqual([{ accepted: [PREDICTIONS[1]], rejected: ["p1", "p3"] }]);
  });

  it("begins anew each time it is opened", async () => {
    await onScreen();
    cards()[0]?.click();
    look.querySelector("dialog")?.close();
    await look.show(PREDICTIONS.slice(0, 2));
    await look.updateComplete;
    expect(cards().map((card) => card.getAttribute("aria-pressed"))).toEqual(["true", "true"]);
    expect(take()?.getAttribute("aria-disabled")).toBe("true");
  });
});

describe("the tree of labels", () => {
  const branch = (id: string, label: string, children = 0): Branch => ({
    id,
    label,
    children,
    examples: [],
    path: [],
  });
  const LEVELS: Record<string, Branch[]> = {
    "": [branch("clef", "Clef", 2), branch("rest", "Rest")],
    clef: [branch("g", "G clef"), branch("f", "F clef")],
  };
  let asked: string[];
  let tree: RubricatorBranches;

  beforeEach(async () => {
    asked = [];
    const server = {
      below: async (parent: string | null, offset: number) => {
        asked.push(`${parent ?? ""} ${offset}`.trim());
        return { items: LEVELS[parent ?? ""] ?? [], total: LEVELS[parent ?? ""]?.length ?? 0 };
      },
      wayTo: async (concept: string) => ({
        items: [LEVELS[""]?.[0], LEVELS.clef?.find(({ id }) => id === concept)].filter(Boolean),
        total: 2,
      }),
    } as unknown as AssistServer;
    tree = new RubricatorBranches();
    tree.server = server;
    document.body.append(tree);
    await tree.updateComplete;
  });

  const rows = () => [...tree.querySelectorAll<HTMLElement>("[role=treeitem]")];
  const focused = () => document.activeElement?.getAttribute("aria-label");
  const press = async (name: string) => {
    key(document.activeElement, name);
    await new Promise((done) => setTimeout(done));
    await tree.updateComplete;
  };

  it("fetches a branch when it is opened, and once", async () => {
    await tree.show(null);
    expect([rows().map((row) => row.getAttribute("aria-label")), focused()]).toEqual([
      ["Clef", "Rest"],
      "Clef",
    ]);
    await press("ArrowRight");
    expect(rows()).toHaveLength(4);
    await press("ArrowRight");
    expect(focused()).toBe("G clef");
    await press("ArrowLeft");
    expect(focused()).toBe("Clef");
    await press("ArrowLeft");
    await press("ArrowRight");
    expect(asked).toEqual(["0", "clef 0"]);
  });

  it("opens at a label, and chooses another by its letter and Enter", async () => {
    const said = heard(tree, "branch-chosen");
    await tree.show("f");
    expect([focused(), rows()[2]?.getAttribute("aria-selected")]).toEqual(["F clef", "true"]);
    await press("g");
    expect(focused()).toBe("G clef");
    // Nothing begins with “gr”: the last letter begins anew.
    await press("r");
    expect(focused()).toBe("Rest");
    await press("Enter");
    expect(said).toEqual([{ concept: { id: "rest", label: "Rest" } }]);
    expect(tree.querySelector("dialog")?.open).toBe(false);
  });

  it("has one tab stop", async () => {
    await tree.show(null);
    expect(rows().map((row) => row.tabIndex)).toEqual([0, -1]);
  });
});

it("offers what stands above a label, and forgets the answer to an earlier question", async () => {
  const way = new RubricatorWay();
  const ways: Record<string, { id: string; label: string }[]> = {
    owl: [
      { id: "bird", label: "Bird" },
      { id: "owl", label: "Owl" },
    ],
  };
  way.wayTo = async (id) => ways[id] ?? [];
  way.concept = { id: "owl", label: "Owl" };
  document.body.append(way);
  await new Promise((done) => setTimeout(done));
  await way.updateComplete;
  const said = heard(way, "concept-instead");
  way.querySelector<HTMLElement>("[data-testid=broader]")?.click();
  expect(said).toEqual([{ instead: { id: "owl", label: "Owl" }, concept: { id: "bird", label: "Bird" } }]);
  way.concept = { id: "stone", label: "Stone" };
  await way.updateComplete;
  expect(way.querySelector("[data-testid=broader]")).toBeNull();
});

it("offers help for what is picked only", async () => {
  const help = new RubricatorAssist();
  Object.assign(help, { state: { said: "", busy: null, tightens: false }, boxes: true, similar: true });
  document.body.append(help);
  await help.updateComplete;
  const acts = heard(help, "assist");
  const press = (name: string) => help.querySelector<HTMLElement>(`[data-testid=assist-${name}]`)?.click();
  for (const act of ["tighten", "similar", "copy"]) press(act);
  help.boxed = true;
  await help.updateComplete;
  for (const act of ["tighten", "similar"]) press(act);
  expect(acts).toEqual([{ act: "copy" }, { act: "tighten" }, { act: "similar" }]);
});

it("addresses a region as the version of the service wants it", () => {
  const image = {
    service: "https://i.example/1/info.json",
    version: 3,
    url: null,
    width: 500,
    height: 1000,
  } as const;
  expect(cropOf({ ...canvas, image }, [1, 2, 300, 400], 150, 200)).toBe(
    "https://i.example/1/1,2,300,400/150,200/0/default.jpg",
  );
  expect(cropOf({ ...canvas, image }, [1, 2, 30, 40], 30, 40)).toBe(
    "https://i.example/1/1,2,30,40/max/0/default.jpg",
  );
  expect(cropOf({ ...canvas, image: { ...image, version: 2 } }, [1, 2, 300, 400], 150, 200)).toBe(
    "https://i.example/1/1,2,300,400/150,/0/default.jpg",
  );
  expect(cropOf(canvas, [1, 2, 3, 4], 3, 4)).toBeNull();
});
