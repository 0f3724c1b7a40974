import { afterEach, expect, test } from "vitest";
import type { Canvas, ReviewItem } from "../core/contract.ts";
import "./rubricator-item.ts";

const canvas = { id: "c1", manifest: { id: "m1" } } as Canvas;
const item: ReviewItem = {
  id: "a",
  box: [10, 20.5, 30, 40],
  crop: "https://example.org/image/10,20,30,41/400,/0/default.jpg",
  concepts: [],
  votes: [],
  support: 1,
  seen: 2,
  disagreement: 0,
  members: [],
};

afterEach(() => document.body.replaceChildren());

async function links(given: object): Promise<string[]> {
  const card = Object.assign(document.createElement("rubricator-item"), given);
  document.body.append(card);
  await card.updateComplete;
  return [...card.querySelectorAll("[data-testid=pictures] a")].map(
    (link) => link.getAttribute("href") ?? "",
  );
}

test("a box under review offers its picture, and the page with every size of it", async () => {
  expect(await links({ item, canvas })).toEqual([
    item.crop,
    "/sources/m1/canvases/c1/?xywh=10,20.5,30,40#share",
  ]);
});

test("what was corrected is offered as it was corrected; a tag is about the whole canvas", async () => {
  const ruling = { verdict: "corrected", box: [1, 2, 3, 4], concepts: [] };
  expect(await links({ item, canvas, ruling })).toEqual(["/sources/m1/canvases/c1/?xywh=1,2,3,4#share"]);
  expect((await links({ item: { ...item, box: null }, canvas })).at(-1)).toBe(
    "/sources/m1/canvases/c1/#share",
  );
});

test("a broader answer is marked as one, and a label that nobody gave says where it comes from", async () => {
  const votes = [
    { concept: "hare", label: "hare", count: 1, coarser: false },
    { concept: "mammal", label: "mammal", count: 1, coarser: true },
  ];
  const told = async (concept: string): Promise<HTMLElement> => {
    const concepts = [{ id: concept, label: concept }];
    const card = Object.assign(document.createElement("rubricator-item"), {
      item: { ...item, votes, concepts },
    });
    document.body.append(card);
    await card.updateComplete;
    return card;
  };
  const plain = await told("hare");
  expect([...plain.querySelectorAll(".rw-broader")].map((mark) => mark.textContent)).toEqual(["broader"]);
  expect(plain.querySelector("[data-testid=together]")).toBeNull();
  const implied = await told("leporid");
  expect(implied.querySelector("[data-testid=together]")?.textContent).toContain("leporid");
});
