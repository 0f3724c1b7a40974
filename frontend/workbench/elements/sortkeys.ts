/** The keys of a page on which crops are sorted: what a press means, unless somebody is typing. */

import type { ReactiveControllerHost } from "lit";
import { Hearing } from "./hearing.ts";
import { isTyping } from "./keyboard.ts";
import type { SortActs } from "./sortacts.ts";

export interface SortingPage extends ReactiveControllerHost, HTMLElement {
  /** Whether there is a wall to work at. */
  readonly isReady: boolean;
  help(): void;
  pickAll(): void;
  pickNone(): void;
  /** Opens the crop under the hand; false where there is none. */
  openCurrent(): boolean;
  /** What else a key means on a tile of the wall. */
  onTile(key: string, shift: boolean): boolean;
}

export class SortKeys {
  constructor(
    private readonly page: SortingPage,
    private readonly acts: SortActs,
  ) {
    new Hearing(page, (_on, signal) => document.addEventListener("keydown", this.#down, { signal }));
  }

  readonly #down = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey || document.querySelector("dialog[open]")) return;
    const { target } = event;
    if (isTyping(target) || (target instanceof HTMLInputElement && target.type !== "checkbox")) return;
    const onTile = target === document.body || (target instanceof HTMLElement && target.matches(".rw-tile"));
    if (!this.page.isReady || !this.#press(event, onTile)) return;
    event.preventDefault();
  };

  /** Does what a key means; answers whether it means anything. */
  #press(event: KeyboardEvent, onTile: boolean): boolean {
    const { page, acts } = this;
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (key === "z") void acts.undo();
      else if (key === "a") page.pickAll();
      else return false;
      return true;
    }
    if (key === "u") void acts.undo();
    else if (key === "?") page.help();
    else if (key === "escape") page.pickNone();
    else if (key === "delete" || key === "r") acts.act("rejected");
    else if (key === "l") acts.act("corrected");
    else if (key === "o" && page.openCurrent()) return true;
    else if (/^[1-9]$/.test(key)) return acts.quick(Number(key) - 1);
    else if (!onTile) return false;
    else if (key === "enter") acts.act("accepted");
    else return page.onTile(event.key, event.shiftKey);
    return true;
  }
}
