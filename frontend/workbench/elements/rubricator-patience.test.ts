// A busy server is asked again by itself, when it said so and not before.

import { render } from "lit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { en } from "../core/locale/en/index.ts";
import type { SessionState } from "../core/sessionstate.ts";
import { Trouble } from "../core/trouble.ts";
import { notice } from "./notice.ts";

const retry = vi.fn();
let place: HTMLElement;

const show = (trouble: Trouble) => {
  const said = notice({ phase: "trouble", trouble } as SessionState, en, { home: "/", login: "", retry });
  render(said, place);
};

beforeEach(() => {
  vi.useFakeTimers();
  retry.mockClear();
  place = document.createElement("div");
  document.body.replaceChildren(place);
});
afterEach(() => vi.useRealTimers());

test("a server that names a moment is asked again then", async () => {
  show(new Trouble("server", "Too many at once.", "busy", 7));
  await vi.advanceTimersByTimeAsync(6900);
  expect(document.body.textContent).toContain(en.patience(7));
  expect(retry).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(retry).toHaveBeenCalledTimes(1);
});

test("what is refused is not asked for over and over", async () => {
  show(new Trouble("refused", "Not for you.", "forbidden", null));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(retry).not.toHaveBeenCalled();
});

test("who has left asks no more", async () => {
  show(new Trouble("server", "", "broken", null));
  await vi.advanceTimersByTimeAsync(1000);
  document.body.replaceChildren();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(retry).not.toHaveBeenCalled();
});
