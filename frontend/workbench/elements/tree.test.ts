import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addRow } from "./rows.ts";
import { ConceptTree, itemAt, nameOf } from "./tree.ts";

const leaf = (name: string, more = "") =>
  `<li role="none"><a role="treeitem" href="/vocab/v/${name}/" data-concept="${name}" ${more}><span class="tree-label">${name}</span></a></li>`;
const TREE = `<div><ul role="tree" data-tree data-editable data-taken="{name} taken" data-left="left" data-failed="failed">
  <li role="none"><a role="treeitem" href="/vocab/v/Beasts/" data-concept="Beasts" aria-expanded="true"><span class="tree-label">Beasts</span></a>
    <ul role="group">${leaf("Hare")}${leaf("Héron")}</ul></li>
  ${leaf("Plants", 'aria-expanded="false" data-children="/children/"')}
  ${leaf("A hare")}${leaf("A heron")}
  ${leaf("Tools", 'data-status="deprecated"')}
</ul><p data-tree-status></p></div>`;

let tree: ConceptTree;
const item = (name: string) => document.querySelector<HTMLElement>(`[data-concept="${name}"]`) as HTMLElement;
const at = () => nameOf(itemAt(document.activeElement) ?? document.body);
const press = (key: string, more: KeyboardEventInit = {}) =>
  document.activeElement?.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }),
  );
const status = () => document.querySelector("[data-tree-status]")?.textContent;

beforeEach(() => {
  document.body.innerHTML = TREE;
  tree = new ConceptTree(document.querySelector("[data-tree]") as HTMLElement);
});
afterEach(() => vi.unstubAllGlobals());

describe("the tree", () => {
  it("is one stop for Tab, which follows the focus", () => {
    expect(tree.items.filter(({ tabIndex }) => tabIndex === 0).map(nameOf)).toEqual(["Beasts"]);
    item("Hare").focus();
    expect(tree.items.filter(({ tabIndex }) => tabIndex === 0).map(nameOf)).toEqual(["Hare"]);
  });

  it("is walked with the arrows, Home and End", () => {
    item("Beasts").focus();
    press("ArrowDown");
    expect(at()).toBe("Hare");
    press("ArrowLeft");
    expect(at()).toBe("Beasts");
    press("ArrowLeft");
    expect(item("Beasts").getAttribute("aria-expanded")).toBe("false");
    press("ArrowDown");
    expect(at()).toBe("Plants");
    press("End");
    expect(at()).toBe("Tools");
    press("Home");
    expect(at()).toBe("Beasts");
  });

  it("is searched by typing, without regard to accents", () => {
    item("Beasts").focus();
    press("h");
    expect(at()).toBe("Hare");
    press("e");
    expect(at()).toBe("Héron");
  });

  it("takes a space for a letter while a name is typed, and else opens the page", () => {
    const opened = vi.fn((event: Event) => event.preventDefault());
    item("A hare").addEventListener("click", opened);
    item("A hare").focus();
    press(" ");
    expect(opened).toHaveBeenCalledTimes(1);
    for (const letter of "a he") press(letter);
    expect(at()).toBe("A heron");
    expect(opened).toHaveBeenCalledTimes(1);
  });

  it("fetches a branch once, when it is opened", async () => {
    const fetched = vi.fn(async () => new Response(leaf("Oak")));
    vi.stubGlobal("fetch", fetched);
    item("Plants").focus();
    press("ArrowRight");
    await vi.waitFor(() => expect(item("Plants").getAttribute("aria-expanded")).toBe("true"));
    press("ArrowRight");
    expect(at()).toBe("Oak");
    tree.close(item("Plants"));
    expect(at()).toBe("Plants");
    await tree.open(item("Plants"));
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it("says when a branch could not be fetched, and may be asked again", async () => {
    vi.stubGlobal("fetch", async () => new Response("", { status: 503 }));
    await tree.open(item("Plants"));
    expect(status()).toBe("failed");
    expect(item("Plants").getAttribute("aria-expanded")).toBe("false");
    expect(item("Plants").hasAttribute("aria-busy")).toBe(false);
  });
});

describe("a concept that is taken up", () => {
  it("goes below another by the page that asks, and nowhere it cannot", () => {
    const gone = vi.spyOn(location, "assign").mockImplementation(() => undefined);
    item("Beasts").focus();
    press("x", { ctrlKey: true });
    expect(status()).toBe("Beasts taken");
    for (const wrong of ["Beasts", "Hare", "Tools"]) {
      item(wrong).focus();
      press("v", { ctrlKey: true });
    }
    expect(gone).not.toHaveBeenCalled();
    item("Plants").focus();
    press("v", { ctrlKey: true });
    expect(gone).toHaveBeenCalledWith("/vocab/v/Beasts/move/?target=Plants");
  });

  it("is left by Escape", () => {
    item("Hare").focus();
    press("x", { ctrlKey: true });
    press("Escape");
    expect(status()).toBe("left");
    expect(document.querySelector("[data-taken='']")).toBeNull();
  });
});

describe("rows of a form", () => {
  it("are added with the next number, and counted", () => {
    document.body.innerHTML = `<input name="notes-TOTAL_FORMS" value="2"><div id="notes-rows"></div>
      <template id="notes-row"><p><input name="notes-__prefix__-text"></p></template><button data-add-row="notes"></button>`;
    addRow(document.querySelector("button") as HTMLElement);
    expect(document.querySelector("[name='notes-2-text']")).not.toBeNull();
    expect(document.querySelector<HTMLInputElement>("[name='notes-TOTAL_FORMS']")?.value).toBe("3");
  });
});
