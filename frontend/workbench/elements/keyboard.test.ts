import type { ReactiveControllerHost } from "lit";
import { afterEach, expect, it, vi } from "vitest";
import { Keyboard } from "./keyboard.ts";

const [submit, own, key] = [vi.fn(), vi.fn(), vi.fn()];
const host = Object.assign(document.createElement("div"), { addController: () => undefined });
const keyboard = new Keyboard(
  host as unknown as ReactiveControllerHost & HTMLElement,
  () => ({ key, carry: () => undefined, mark: () => false }),
  submit,
  { a: own },
);
afterEach(() => {
  keyboard.hostDisconnected();
  vi.clearAllMocks();
});

function press(name: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more });
  document.body.dispatchEvent(event);
  return event;
}

it("counts a key that is held down once, for what was on the screen when it was pressed", () => {
  keyboard.hostConnected();
  for (const repeat of [false, true, true]) {
    expect(press("a", { repeat }).defaultPrevented).toBe(true);
    expect(press("Enter", { ctrlKey: true, repeat }).defaultPrevented).toBe(true);
  }
  expect([own, submit].map((act) => act.mock.calls.length)).toEqual([1, 1]);
  // To go on by holding an arrow is the image's to know.
  press("ArrowLeft");
  press("ArrowLeft", { repeat: true });
  expect(key).toHaveBeenCalledTimes(2);
});
