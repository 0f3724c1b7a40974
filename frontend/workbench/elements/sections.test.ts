import { expect, it } from "vitest";
import { markSections, partAt } from "./sections.ts";

it("is the last part that begins above the line", () => {
  expect(partAt([-200, 30, 400], 100)).toBe(1);
  expect(partAt([-900, -500, -20], 100)).toBe(2);
});

it("is the first where none has begun yet, and where there is none", () => {
  expect(partAt([300, 600], 100)).toBe(0);
  expect(partAt([], 100)).toBe(0);
});

it("marks one link of each list, and none whose part is not on the page", () => {
  document.body.innerHTML = `
    <nav data-sections><a href="#one">One</a><a href="#gone">Gone</a><a href="#two">Two</a></nav>
    <h2 id="one">One</h2><h2 id="two">Two</h2>`;
  const tops: Record<string, number> = { one: -300, two: 10 };
  for (const heading of document.querySelectorAll("h2")) {
    heading.getBoundingClientRect = () => ({ top: tops[heading.id] }) as DOMRect;
  }
  markSections(document);
  const marked = [...document.querySelectorAll("[aria-current]")].map((link) => link.textContent);
  expect(marked).toEqual(["Two"]);
});
