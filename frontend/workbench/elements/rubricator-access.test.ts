import { afterEach, expect, it } from "vitest";
import { type Browser, Doorkeeper } from "../core/access.ts";
import type { AccessService } from "../core/contract.ts";
import { assignment } from "../core/fixtures.ts";
import { en } from "../core/locale/en/index.ts";
import { RubricatorAccess } from "./rubricator-access.ts";

const CANVAS = assignment("a").task.canvas;

afterEach(() => document.body.replaceChildren());

const ASK: AccessService = {
  profile: "active",
  url: "https://library.example/login",
  token: "https://library.example/token",
  logout: null,
  label: { en: ["Login to the library"] },
  heading: { en: ["Please log in"] },
  note: { en: ["Readers <b>only</b>."] },
  confirm: { en: ["Log in"] },
};

async function shown(visit: Browser["visit"], more: Partial<RubricatorAccess> = {}) {
  const browser: Browser = {
    visit,
    probe: async () => ({ status: 200 }),
    token: async () => ({ accessToken: "t", until: Number.POSITIVE_INFINITY }),
    now: () => 0,
  };
  const element = Object.assign(new RubricatorAccess(), {
    canvas: CANVAS,
    outcome: { canvas: null, ask: ASK },
    keeper: new Doorkeeper(browser),
    ...more,
  });
  document.body.append(element);
  await element.updateComplete;
  return element;
}

const button = (element: HTMLElement) => element.querySelector("button") as HTMLButtonElement;

it("says what the institution says, without its markup, and whose window opens", async () => {
  const element = await shown(async () => undefined);
  expect(element.querySelector("h2")?.textContent).toBe("Please log in");
  expect(element.textContent).toContain("Readers only.");
  expect(element.textContent).toContain("Login to the library");
  expect(element.querySelector("b")).toBeNull();
  expect(button(element).textContent?.trim()).toBe("Log in");
  expect(element.querySelector("[role=status]")?.textContent).toBe(en.opensWindow("library.example"));
});

it("has words of its own where the institution has none", async () => {
  const ask = { ...ASK, heading: {}, note: {}, confirm: {} };
  const element = await shown(async () => undefined, { outcome: { canvas: null, ask } });
  expect(element.querySelector("h2")?.textContent).toBe(en.protectedImage);
  expect(element.textContent).toContain(en.protectedBy("library.example"));
  expect(button(element).textContent?.trim()).toBe(en.signInAt("library.example"));
});

it("tells what came of it", async () => {
  const element = await shown(async () => undefined);
  const told = new Promise((resolve) => {
    element.addEventListener("access-outcome", (event) => resolve((event as CustomEvent).detail));
  });
  button(element).click();
  expect(await told).toMatchObject({ canvas: { id: CANVAS.id }, outcome: { ask: null } });
});

it("waits while the window is open, and says so", async () => {
  const element = await shown(() => new Promise(() => undefined));
  button(element).click();
  await element.updateComplete;
  expect(button(element).disabled).toBe(true);
  expect(element.querySelector("[role=status]")?.textContent).toBe(en.windowOpen("library.example"));
});

it("says when the browser blocked the window, and lets it be tried again", async () => {
  const element = await shown(() => Promise.reject(new Error("blocked")));
  button(element).click();
  await new Promise((resolve) => setTimeout(resolve));
  await element.updateComplete;
  expect(element.querySelector("[role=status]")?.textContent).toBe(en.windowBlocked);
  expect(button(element).disabled).toBe(false);
});

it("says why somebody was refused", async () => {
  const heading = { en: ["Only in the reading room"] };
  const element = await shown(async () => undefined, { outcome: { canvas: null, ask: ASK, heading } });
  expect(element.querySelector("[role=alert]")?.textContent).toContain("Only in the reading room");
});
