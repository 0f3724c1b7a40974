import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { encodeState } from "./iiiflink.ts";
import { RubricatorReader } from "./rubricator-reader.ts";

// The image needs a real browser; what is read beside it does not.
vi.mock("./rubricator-stage.ts", () => ({}));

const M = "https://museum.example/m";
const canvas = (number: number) => ({
  id: `https://museum.example/c${number}`,
  type: "Canvas",
  width: 1000,
  height: 800,
  label: { en: [`f. ${number}`] },
  items: [
    {
      items: [
        { motivation: "painting", body: { id: `https://museum.example/${number}.jpg`, type: "Image" } },
      ],
    },
  ],
  annotations: [{ id: `https://museum.example/p${number}`, type: "AnnotationPage" }],
});
const manifest = { id: M, type: "Manifest", label: { en: ["A book"] }, items: [1, 2, 3].map(canvas) };
const page = (number: number) => ({
  id: `https://museum.example/p${number}`,
  type: "AnnotationPage",
  partOf: { id: "https://museum.example/layer", type: "AnnotationCollection", label: { en: ["Notes"] } },
  items: [
    {
      id: `a${number}`,
      body: `remark ${number}`,
      target: `https://museum.example/c${number}#xywh=1,2,30,40`,
    },
  ],
});

let answers: Record<string, () => Response | Promise<Response>>;
const json = (value: unknown) => () => Response.json(value);

beforeEach(() => {
  answers = { [M]: json(manifest) };
  for (const number of [1, 2, 3]) answers[`https://museum.example/p${number}`] = json(page(number));
  vi.stubGlobal(
    "fetch",
    vi.fn(async (url: string) => (await answers[url]?.()) ?? Promise.reject(new TypeError("no"))),
  );
});
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

async function shown(more: Partial<RubricatorReader>): Promise<RubricatorReader> {
  const reader = Object.assign(new RubricatorReader(), { lang: "en", ...more });
  document.body.append(reader);
  await settled(reader);
  return reader;
}

async function settled(reader: RubricatorReader): Promise<void> {
  for (let round = 0; round < 12; round++) {
    await new Promise((resolve) => setTimeout(resolve));
    await reader.updateComplete;
  }
}

const find = (reader: Element, id: string) => reader.querySelector<HTMLElement>(`[data-testid=${id}]`);
const labels = (reader: Element) =>
  [...reader.querySelectorAll(".rw-shape-label")].map(({ textContent }) => textContent?.trim());
const stage = (reader: Element) =>
  reader.querySelector("rubricator-stage") as unknown as {
    canvas: { uri: string };
    shapes: { id: string }[];
    selected: string;
  };

it("shows the first image with its annotations, and goes on to the next", async () => {
  const reader = await shown({ manifest: M });
  expect(reader.querySelector("h2")?.textContent).toBe("A book");
  expect(labels(reader)).toEqual(["remark 1"]);
  reader.querySelector<HTMLElement>('[data-step="1"]')?.click();
  await settled(reader);
  expect(labels(reader)).toEqual(["remark 2"]);
  expect(stage(reader).canvas.uri).toBe("https://museum.example/c2");
  expect(reader.querySelector('[data-step="-1"]')?.getAttribute("aria-disabled")).toBe("false");
});

it.each([
  ["2", "remark 2"],
  ["https://museum.example/c3", "remark 3"],
])("begins with the canvas that is named (%s)", async (wanted, remark) => {
  expect(labels(await shown({ manifest: M, canvas: wanted }))).toEqual([remark]);
});

it("says that a canvas is not there", async () => {
  const reader = await shown({ manifest: M, canvas: "https://museum.example/none" });
  expect(reader.textContent).toContain("not in this manifest");
  expect(labels(reader)).toEqual(["remark 1"]);
});

it("opens content states, plain, encoded, and by reference", async () => {
  const state = {
    id: "https://museum.example/c2#xywh=5,6,70,80",
    type: "Canvas",
    partOf: { id: M, type: "Manifest" },
  };
  answers["https://museum.example/s"] = json({
    id: "s",
    type: "Annotation",
    motivation: "contentState",
    target: state,
  });
  const forms = [JSON.stringify(state), encodeState(JSON.stringify(state)), "https://museum.example/s"];
  for (const form of forms) {
    const reader = await shown({ state: form });
    expect(labels(reader)).toEqual(["remark 2"]);
    expect(stage(reader).selected).toBe("marked");
    expect(stage(reader).shapes.at(-1)).toMatchObject({ box: [5, 6, 70, 80] });
  }
  expect(find(await shown({ state: "%%%" }), "refusal")?.textContent).toContain("cannot be understood");
});

it("keeps a layer's settings from image to image", async () => {
  const reader = await shown({ manifest: M });
  find(reader, "layer-shown")?.click();
  await settled(reader);
  expect(stage(reader).shapes).toEqual([]);
  reader.querySelector<HTMLElement>('[data-step="1"]')?.click();
  await settled(reader);
  expect(stage(reader).shapes).toEqual([]);
  expect(localStorage.length).toBe(0);
});

it("adds pages that are named, and says which could not be read", async () => {
  answers["https://notes.example/list"] = json({
    "@type": "sc:AnnotationList",
    resources: [{ resource: { chars: "from elsewhere" }, on: "https://museum.example/c1" }],
  });
  const annotations = "https://notes.example/list https://notes.example/gone";
  const reader = await shown({ manifest: M, annotations });
  expect(labels(reader)).toEqual(["remark 1", "from elsewhere"]);
  expect(find(reader, "pages-failed")?.textContent).toBe("One page of annotations could not be read.");
});

it.each([
  ["no CORS", () => Promise.reject(new TypeError("Failed to fetch")), "does not allow pages of other sites"],
  ["404", () => new Response("", { status: 404 }), "has nothing at this address (404)"],
  ["403", () => new Response("", { status: 403 }), "does not give this to everybody"],
  ["500", () => new Response("", { status: 500 }), "answered with an error (500)"],
  ["no JSON", () => new Response("<!doctype html>"), "not IIIF (no JSON)"],
  ["a collection", json({ type: "Collection", items: [] }), "is a IIIF collection"],
  ["something else", json({ hello: 1 }), "not a IIIF manifest"],
  ["null", json(null), "not a IIIF manifest"],
  ["no images", json({ type: "Manifest", items: [] }), "has no images"],
])("says in a sentence why there is nothing: %s", async (_what, answer, sentence) => {
  answers[M] = answer;
  const reader = await shown({ manifest: M });
  expect(find(reader, "refusal")?.textContent).toContain(sentence);
  answers[M] = json(manifest);
  reader.querySelector<HTMLElement>(".rw-button")?.click();
  await settled(reader);
  expect(labels(reader)).toEqual(["remark 1"]);
});

it("has a sentence for nothing at all", async () => {
  expect(find(await shown({}), "refusal")?.textContent).toContain("No manifest is named here");
});

it("answers keys within itself only", async () => {
  const reader = await shown({ manifest: M });
  const press = (on: Element, key: string) =>
    on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  press(document.body, "h");
  await settled(reader);
  expect(stage(reader).shapes).toHaveLength(1);
  press(reader.querySelector(".rw-panel") as Element, "h");
  await settled(reader);
  expect(stage(reader).shapes).toHaveLength(0);
});

it("starts again when it is taken away and put back", async () => {
  const reader = await shown({ manifest: M });
  const before = reader.querySelector("rubricator-stage");
  reader.remove();
  document.body.append(reader);
  await settled(reader);
  expect(labels(reader)).toEqual(["remark 1"]);
  expect(reader.querySelector("rubricator-stage")).not.toBe(before);
});

it("shows what was asked for last, however slow the one before is", async () => {
  let answer: (response: Response) => void = () => undefined;
  answers["https://slow.example/m"] = () => new Promise((resolve) => (answer = resolve));
  const reader = await shown({ manifest: "https://slow.example/m" });
  reader.manifest = M;
  await settled(reader);
  answer(Response.json({ ...manifest, label: { en: ["The slow one"] } }));
  await settled(reader);
  expect(reader.querySelector("h2")?.textContent).toBe("A book");
});
