import { render } from "lit";
import { expect, it, vi } from "vitest";
import type { Feedback } from "../core/contract.ts";
import { en } from "../core/locale/en/index.ts";
import { known } from "./known.ts";

const shape = (label: string) =>
  ({ box: [0, 0, 1, 1], concepts: [{ id: label, label }], crop: `/${label}.jpg` }) as const;
const FEEDBACK: Feedback = {
  score: 0.5,
  sentence: "It comes near.",
  nothing_here: false,
  concepts: [],
  shapes: [],
  crop: "/whole.jpg",
};

function drawn(feedback: Feedback | null, putAway = () => {}): HTMLElement {
  const place = document.createElement("div");
  render(known(feedback, en, putAway), place);
  return place;
}

it("shows nothing where nothing is told", () => {
  expect(drawn(null).textContent).toBe("");
});

it("shows the first places with their labels and counts the others", () => {
  const place = drawn({ ...FEEDBACK, shapes: ["F", "G", "C", "F", "F"].map(shape) });
  expect([...place.querySelectorAll("li span")].map((one) => one.textContent)).toEqual(["F", "G", "C"]);
  expect(place.querySelector("ul")?.textContent).toContain("and 2 others");
});

it("shows the whole picture for labels of it, and for nothing here", () => {
  const tag = drawn({ ...FEEDBACK, concepts: [{ id: "1", label: "lion" }] });
  expect(tag.querySelector("img")?.getAttribute("src")).toBe("/whole.jpg");
  expect(tag.querySelector("li span")?.textContent).toBe("lion");
  const bare = drawn({ ...FEEDBACK, nothing_here: true });
  expect(bare.querySelector("li span")?.textContent).toBe("Nothing here");
});

it("can be put away", () => {
  const away = vi.fn();
  drawn(FEEDBACK, away).querySelector("button")?.click();
  expect(away).toHaveBeenCalledOnce();
});
