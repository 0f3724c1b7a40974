import { beforeEach, describe, expect, it } from "vitest";
import { takePicking } from "./picking.ts";

describe("a field that finds concepts as one types", () => {
  let sent = 0;
  let root: HTMLElement;

  function press(selector: string, key: string): KeyboardEvent {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    root.querySelector(selector)?.dispatchEvent(event);
    return event;
  }

  beforeEach(() => {
    document.body.innerHTML = `<main><form>
      <input name="name" type="text">
      <fieldset data-picking>
        <input type="search" name="q">
        <input type="checkbox" name="c" value="1" checked>
        <input type="checkbox" name="c" value="2">
      </fieldset></form></main>`;
    root = document.querySelector("main") as HTMLElement;
    sent = 0;
    root.addEventListener("submit", () => sent++);
    takePicking(root);
  });

  it("does not send the form with the Enter that ends a word", () => {
    expect(press('[name="q"]', "Enter").defaultPrevented).toBe(true);
    expect(press('[name="name"]', "Enter").defaultPrevented).toBe(false);
    expect(sent).toBe(0);
  });

  it("goes on to the first that is found, past what is picked", () => {
    press('[name="q"]', "ArrowDown");
    expect((document.activeElement as HTMLInputElement).value).toBe("2");
  });

  it("leaves other keys and other fields alone", () => {
    expect(press('[name="q"]', "a").defaultPrevented).toBe(false);
    expect(press('[name="c"]', "ArrowDown").defaultPrevented).toBe(false);
  });
});
