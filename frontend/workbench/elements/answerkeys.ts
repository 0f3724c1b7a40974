/** Forms with `data-answer-keys` are answered by single keys while the focus is in them: digits choose, letters press. */

import { isTyping } from "./keyboard.ts";

/** Begins to listen below `root`; a button's letter stands in its `aria-keyshortcuts`. */
export function takeAnswerKeys(root: HTMLElement | Document): void {
  root.addEventListener("keydown", (event) => {
    if (!(event instanceof KeyboardEvent) || event.ctrlKey || event.metaKey || event.altKey) return;
    const form = event.target instanceof Element ? event.target.closest("form[data-answer-keys]") : null;
    if (!form || isTyping(event.target)) return;
    const choice = form.querySelectorAll<HTMLInputElement>("input[type=radio]")[Number(event.key) - 1];
    const button = [...form.querySelectorAll<HTMLButtonElement>("button[aria-keyshortcuts]")].find(
      (one) => one.getAttribute("aria-keyshortcuts") === event.key.toLowerCase(),
    );
    if (!choice && !button) return;
    event.preventDefault();
    choice?.click();
    choice?.focus();
    button?.click();
  });
}
