import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keepPulse } from "./pulse.ts";

let beats: number;
let seen: DocumentVisibilityState;

beforeEach(() => {
  vi.useFakeTimers();
  seen = "visible";
  beats = 0;
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => seen);
  document.body.innerHTML = `<div id="pulse" data-pulse="10"></div>
    <button data-pulse-switch aria-pressed="true" hidden>Keep up to date</button>
    <section id="block"><details id="table" open></details></section>`;
  document.querySelector("#pulse")?.addEventListener("pulse", () => beats++);
});

afterEach(() => vi.useRealTimers());

it("beats while the page is seen, and at once when it is seen again", () => {
  keepPulse(document);
  vi.advanceTimersByTime(20_000);
  expect(beats).toBe(2);
  seen = "hidden";
  vi.advanceTimersByTime(60_000);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(beats).toBe(2);
  seen = "visible";
  document.dispatchEvent(new Event("visibilitychange"));
  expect(beats).toBe(3);
});

it("is switched off and on", () => {
  keepPulse(document);
  const button = document.querySelector<HTMLElement>("[data-pulse-switch]");
  expect(button?.hidden).toBe(false);
  button?.click();
  expect(button?.getAttribute("aria-pressed")).toBe("false");
  vi.advanceTimersByTime(30_000);
  expect(beats).toBe(0);
  button?.click();
  expect(beats).toBe(1);
});

it("leaves what is unfolded unfolded", () => {
  keepPulse(document);
  const fragment = document.createElement("div");
  fragment.innerHTML = `<section id="block"><details id="table"></details></section>`;
  const target = document.querySelector("#block");
  document.dispatchEvent(new CustomEvent("htmx:oobBeforeSwap", { detail: { target, fragment } }));
  expect(fragment.querySelector("details")?.open).toBe(true);
});

it("does nothing on other pages", () => {
  document.body.innerHTML = "";
  keepPulse(document);
  expect(vi.getTimerCount()).toBe(0);
});
