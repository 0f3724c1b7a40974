// Keys are told where there is a keyboard, and from the first key on everywhere.

import { afterEach, expect, test, vi } from "vitest";
import { KeysLikely, keysLikely, tellKeys } from "./keyslikely.ts";

const onTouch = () => vi.spyOn(window, "matchMedia").mockReturnValue({ matches: false } as MediaQueryList);

afterEach(() => {
  delete document.documentElement.dataset.keys;
});

test("beside a mouse a keyboard is likely, on a phone it is not", () => {
  const asked = vi.spyOn(window, "matchMedia").mockReturnValue({ matches: true } as MediaQueryList);

  expect(keysLikely()).toBe(true);
  expect(asked).toHaveBeenCalledWith("(hover: hover) and (pointer: fine)");

  onTouch();
  expect(keysLikely()).toBe(false);
});

test("the first key is heard by all that are on the page, and by style sheets", () => {
  onTouch();
  const [here, gone] = [vi.fn(), vi.fn()];
  const host = (requestUpdate: () => void) => ({
    addController: vi.fn(),
    removeController: vi.fn(),
    requestUpdate,
    updateComplete: Promise.resolve(true),
  });
  const [first, second] = [new KeysLikely(host(here)), new KeysLikely(host(gone))];
  first.hostConnected();
  second.hostConnected();
  second.hostDisconnected();

  tellKeys();

  expect([first.likely, here.mock.calls.length, gone.mock.calls.length]).toEqual([true, 1, 0]);
  expect(document.documentElement.hasAttribute("data-keys")).toBe(true);
  first.hostDisconnected();
});

test("what nobody pressed tells nothing", () => {
  onTouch();

  window.dispatchEvent(new KeyboardEvent("keydown", { key: "n" }));

  expect(keysLikely()).toBe(false);
});
