import { beforeEach, expect, it, vi } from "vitest";
import { takeAnswerKeys } from "./answerkeys.ts";

let pressed: string[];

beforeEach(() => {
  const root = document.createElement("main");
  root.innerHTML = `<form data-answer-keys>
      <input type="radio" name="c" value="1" checked><input type="radio" name="c" value="2">
      <input type="text">
      <button type="submit" value="exact" aria-keyshortcuts="e">Exact</button>
      <button type="submit" value="none" aria-keyshortcuts="n">None</button>
    </form><button id="outside">outside</button>`;
  document.body.replaceChildren(root);
  pressed = [];
  root.querySelector("form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    pressed.push((event.submitter as HTMLButtonElement).value);
  });
  takeAnswerKeys(root);
});

function press(selector: string, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  document.querySelector(selector)?.dispatchEvent(event);
  return event;
}

it("presses the button of a letter and chooses the candidate of a digit", () => {
  press("input[type=radio]", "E");
  press("input[type=radio]", "n");
  expect(pressed).toEqual(["exact", "none"]);
  press("input[type=radio]", "2");
  expect(document.querySelector<HTMLInputElement>("input[value='2']")?.checked).toBe(true);
  expect(document.activeElement).toBe(document.querySelector("input[value='2']"));
});

it("leaves alone what is typed, commands of the browser, and the rest of the page", () => {
  const told = vi.fn();
  for (const event of [
    press("input[type=text]", "e"),
    press("input[type=radio]", "n", { ctrlKey: true }),
    press("#outside", "e"),
    press("input[type=radio]", "x"),
    press("input[type=radio]", "9"),
  ]) {
    if (event.defaultPrevented) told(event.key);
  }
  expect(pressed).toEqual([]);
  expect(told).not.toHaveBeenCalled();
});
