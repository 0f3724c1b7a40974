// What keeps itself up to date says when it cannot, and swallows no page to sign in.

import { beforeEach, expect, test } from "vitest";
import { keepContact } from "./contact.ts";

let place: HTMLElement;
const shown = () =>
  [...place.querySelectorAll<HTMLElement>("[data-silent]")]
    .filter(({ hidden }) => !hidden)
    .map((e) => e.dataset.silent);

/** An event as htmx fires it; whether it goes on with the answer. */
const fire = (name: string, status: number, answered = "/pulse?v=2"): boolean =>
  place.dispatchEvent(
    new CustomEvent(name, {
      bubbles: true,
      cancelable: true,
      detail: {
        elt: place,
        xhr: { status, responseURL: new URL(answered, location.href).href },
        pathInfo: { requestPath: "/pulse?v=1" },
      },
    }),
  );

keepContact(document);

beforeEach(() => {
  document.body.innerHTML = `<div data-stays><p data-silent="lost" hidden></p><p data-silent="refused" hidden></p></div>`;
  place = document.querySelector<HTMLElement>("[data-stays]") as HTMLElement;
});

test("nothing comes back: what stands here is old, until an answer comes", () => {
  fire("htmx:sendError", 0);
  expect(shown()).toEqual(["lost"]);
  expect(fire("htmx:beforeOnLoad", 200)).toBe(true);
  expect(shown()).toEqual([]);
});

test.each([
  [503, "lost"],
  [500, "lost"],
  [403, "refused"],
  [404, "refused"],
])("an answer of %d is said as “%s”", (status, silence) => {
  fire("htmx:beforeOnLoad", status);
  fire("htmx:responseError", status);
  expect(shown()).toEqual([silence]);
});

test("the page to sign in is not put in the place of what was asked for", () => {
  expect(fire("htmx:beforeOnLoad", 200, "/accounts/login/?next=/pulse")).toBe(false);
  expect(shown()).toEqual(["refused"]);
});
