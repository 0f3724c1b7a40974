import { expect, it } from "vitest";
import type { WallQuery } from "../core/wallwork.ts";
import { addressOf, queryIn } from "./walladdress.ts";

it("makes sense of any address", () => {
  expect(queryIn("")).toBeNull();
  expect(queryIn("?concept=none&state=x&order=<b>")).toEqual({
    concept: null,
    state: "merged",
    order: "outliers",
    narrower: true,
  });
});

it("finds in an address what was put into it", () => {
  const asked: WallQuery = { concept: "a&b", state: "decided", order: "page", narrower: false };
  for (const query of [asked, { ...asked, concept: null, narrower: true }]) {
    expect(queryIn(addressOf(query))).toEqual(query);
  }
});
