import { expect, it } from "vitest";
import { markMissing } from "./missing.ts";

it("marks a picture that fails, and takes the mark away when it comes after all", () => {
  const image = document.body.appendChild(document.createElement("img"));
  markMissing(document);
  expect(image.hasAttribute("data-missing")).toBe(false);
  image.dispatchEvent(new Event("error"));
  expect(image.hasAttribute("data-missing")).toBe(true);
  image.dispatchEvent(new Event("load"));
  expect(image.hasAttribute("data-missing")).toBe(false);
});

it("marks what had failed before anybody listened", () => {
  const image = document.body.appendChild(document.createElement("img"));
  Object.defineProperties(image, {
    complete: { value: true },
    naturalWidth: { value: 0 },
    src: { value: "/gone" },
  });
  markMissing(document);
  expect(image.hasAttribute("data-missing")).toBe(true);
});
