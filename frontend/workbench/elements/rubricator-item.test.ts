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

const apart = (annotation: string, concept: string) => ({
  annotation,
  participant: annotation,
  box: [0, 0, 9, 9] as const,
  concepts: [{ id: concept, label: concept }],
});
const both: ReviewItem = { ...item, members: [apart("heron", "G"), apart("magpie", "F")] };

async function shown(given: object): Promise<{ card: HTMLElement; told: [string, unknown][] }> {
  const card = Object.assign(document.createElement("rubricator-item"), given);
  const told: [string, unknown][] = [];
  for (const name of ["item-merge", "item-split", "item-assign", "item-part"])
    card.addEventListener(name, (event) => told.push([name, (event as CustomEvent).detail]));
  document.body.append(card);
  await card.updateComplete;
  return { card, told };
}

const press = (card: HTMLElement, id: string) =>
  card.querySelector<HTMLButtonElement>(`[data-testid=${id}]`)?.click();

test("a box can be merged and, made of several answers, split; a tag can be neither", async () => {
  const { card, told } = await shown({ item: both, canvas });
  press(card, "merge");
  press(card, "split");
  expect(told.map(([name]) => name)).toEqual(["item-merge", "item-split"]);
  const alone = await shown({ item, canvas });
  expect(alone.card.querySelector<HTMLElement>("[data-testid=split]")?.hidden).toBe(true);
  const tag = await shown({ item: { ...both, box: null }, canvas });
  expect(tag.card.querySelector("[data-testid=merge]")).toBeNull();
});

test("while another box is looked for it says so, and then with which it would be one", async () => {
  const { card } = await shown({ item: both, canvas, merging: "" });
  expect(card.querySelector("[data-testid=merge-hint]")?.textContent).toContain("same thing");
  const found = await shown({ item: both, canvas, merging: "1 G clef" });
  expect(found.card.querySelector("[data-testid=merge]")?.textContent).toContain("Merge with 1 G clef");
});

test("of a split one every answer stands in a part and can be put into another", async () => {
  const part = (member: string, label: string) => ({
    members: [member],
    box: null,
    concepts: [{ id: label, label }],
  });
  const parts = [part("heron", "G"), part("magpie", "F")];
  const ruling = { verdict: "split", box: null, concepts: [], reason: "", parts };
  const { card, told } = await shown({ item: both, canvas, ruling });
  const selects = [...card.querySelectorAll<HTMLSelectElement>("[data-testid=parts] select")];
  expect(selects.map(({ value }) => value)).toEqual(["0", "1"]);
  const [first] = selects;
  if (first) first.value = "1";
  first?.dispatchEvent(new Event("change"));
  expect(told).toEqual([["item-assign", { member: "heron", part: 1 }]]);
});

test("how the place came about is told where several drew it", async () => {
  const told = async (place: string): Promise<string | undefined> => {
    const card = Object.assign(document.createElement("rubricator-item"), { item: { ...item, place } });
    document.body.append(card);
    await card.updateComplete;
    return card.querySelector("[data-testid=place]")?.textContent ?? undefined;
  };
  expect(await told("Each edge is the median of the 3 boxes.")).toBe(
    "Each edge is the median of the 3 boxes.",
  );
  expect(await told("")).toBeUndefined();
});
