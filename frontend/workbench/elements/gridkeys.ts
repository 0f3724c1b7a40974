/** What keys do at a grid of crops. */

import type { GridState } from "../core/gridstate.ts";
import type { GridPage, Verdict } from "./gridsheet.ts";
import { isTyping } from "./keyboard.ts";
import type { RubricatorCrops } from "./rubricator-crops.ts";

export interface GridKeysPage extends GridPage, HTMLElement {
  readonly grid: GridState | null;
  readonly crops: RubricatorCrops | null;
  /** Looks at one of them closely. */
  open(id: string | null): void;
}

const VERDICTS: Readonly<Record<string, Verdict>> = {
  a: "accepted",
  r: "rejected",
  delete: "rejected",
  s: "passed",
};

export function gridKey(page: GridKeysPage, event: KeyboardEvent): void {
  if (event.defaultPrevented || document.querySelector("dialog[open]") || isTyping(event.target)) return;
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  if (target !== document.body && !page.contains(target)) return;
  const onCrop = target === document.body || target.matches(".rw-crop");
  if (page.grid?.phase === "working" && press(page, event, onCrop)) event.preventDefault();
}

/** Does what a key means; answers whether it means anything. */
function press(page: GridKeysPage, event: KeyboardEvent, onCrop: boolean): boolean {
  const letter = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) return chord(page, letter, event.shiftKey);
  if (event.altKey) return false;
  const verdict = VERDICTS[letter];
  const current = page.crops?.current;
  const ids = page.picked.length ? page.picked : current ? [current] : [];
  // What is held down was pressed once: it neither takes back, nor hands in what has just been said.
  if (event.repeat && (verdict || letter === "enter")) return true;
  if (verdict) page.say(ids, verdict);
  else if (letter === "e" || letter === "c") page.open(current ?? null);
  else if (letter === "escape") page.pick([]);
  else if (event.key === "?") page.help();
  else if (letter === "enter" && onCrop) page.sitting?.open.length ? page.others() : page.handIn();
  else return page.crops?.walk(event.key, event.shiftKey) ?? false;
  return true;
}

function chord(page: GridKeysPage, letter: string, shift: boolean): boolean {
  const { sitting, grid } = page;
  if (letter === "z") sitting?.[shift ? "redo" : "undo"]();
  else if (letter === "y") sitting?.redo();
  else if (letter === "a") page.pick(grid?.cells.map(({ id }) => id) ?? []);
  else return false;
  return true;
}
