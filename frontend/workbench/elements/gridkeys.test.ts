import { afterEach, beforeEach, expect, it } from "vitest";
import { type GridKeysPage, gridKey } from "./gridkeys.ts";

let did: unknown[];
let page: GridKeysPage;
let open: string[];

beforeEach(() => {
  did = [];
  open = ["a"];
  const element = document.createElement("div");
  const note =
    (name: string) =>
    (...told: unknown[]) =>
      did.push([name, ...told]);
  page = Object.assign(element, {
    grid: { phase: "working", cells: [{ id: "a" }, { id: "b" }] },
    crops: { current: "b", walk: (key: string) => key.startsWith("Arrow") },
    sitting: {
      get open() {
        return open;
      },
      undo: note("undo"),
      redo: note("redo"),
    },
    picked: [],
    ...Object.fromEntries(
      ["say", "pick", "open", "others", "handIn", "help"].map((name) => [name, note(name)]),
    ),
  }) as unknown as GridKeysPage;
  document.body.append(page);
  document.addEventListener("keydown", hear);
});
afterEach(() => {
  document.removeEventListener("keydown", hear);
  document.body.replaceChildren();
});

const hear = (event: KeyboardEvent) => gridKey(page, event);
function press(key: string, more: KeyboardEventInit = {}): boolean {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  document.body.dispatchEvent(event);
  return event.defaultPrevented;
}

it("says it of what is pointed at, or of all that is picked", () => {
  press("a");
  Object.assign(page, { picked: ["a", "b"] });
  press("Delete");
  expect(did).toEqual([
    ["say", ["b"], "accepted"],
    ["say", ["a", "b"], "rejected"],
  ]);
});

it("goes on with Enter: the others are right, then all is handed in, and neither while it is held down", () => {
  press("Enter");
  open = [];
  press("Enter", { repeat: true });
  press("Enter");
  expect(did).toEqual([["others"], ["handIn"]]);
});

it("takes back, picks all and none, looks closely and helps", () => {
  press("z", { ctrlKey: true });
  press("Z", { ctrlKey: true, shiftKey: true });
  press("a", { metaKey: true });
  press("Escape");
  press("e");
  press("?");
  expect(did).toEqual([["undo"], ["redo"], ["pick", ["a", "b"]], ["pick", []], ["open", "b"], ["help"]]);
});

it("leaves alone what means nothing, what is typed, and what is meant for somebody else", () => {
  expect(press("ArrowRight")).toBe(true);
  expect(press("q")).toBe(false);
  expect(press("q", { ctrlKey: true })).toBe(false);
  expect(press("a", { altKey: true })).toBe(false);
  Object.assign(page, { grid: { phase: "loading", cells: [] } });
  expect(press("a")).toBe(false);
  expect(did).toEqual([]);
});
