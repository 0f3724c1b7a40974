/** Real manifests of many institutions, and the recipes of the IIIF cookbook: what our readers make of them. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { type Ground, readPage } from "./annotationpage.ts";
import { isNode } from "./iiif.ts";
import type { LayerShape } from "./layers.ts";
import { type Book, NoManifest, readManifest } from "./manifest.ts";

const SAMPLES = process.env.RUBRICATOR_SAMPLES ?? resolve(import.meta.dirname, "../../../../shared/data");
const isThere = existsSync(SAMPLES);

const read = (path: string): unknown => JSON.parse(readFileSync(`${SAMPLES}/${path}`, "utf8"));
const all = (folder: string): string[] =>
  readdirSync(`${SAMPLES}/${folder}`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .map((name) => `${folder}/${name}`)
    .sort();

function groundOf(book: Book, index = 0, lang = "en"): Ground {
  const leaf = book.leaves[index];
  if (!leaf) throw new Error("no such canvas");
  const others = new Set(book.leaves.map(({ uri }) => uri).filter((uri) => uri !== leaf.uri));
  return { uri: leaf.uri, size: [leaf.width, leaf.height], others, lang };
}

/** What stands in the pages of a recipe's first canvas, embedded or beside it. */
function shapesIn(recipe: string, lang = "en"): LayerShape[] {
  const folder = all(`iiif-cookbook`).filter((path) => path.includes(`/${recipe}`));
  const path = folder.find((name) => name.endsWith("manifest.json")) ?? "";
  const book = readManifest(read(path), path);
  const pages = book.leaves[0]?.pages ?? [];
  return pages.flatMap(({ page, uri }) => {
    const file = folder.find((name) => uri.endsWith(name.split("/").at(-1) ?? "-"));
    const document = page ?? (file ? read(file) : { items: [] });
    return readPage(document, uri, groundOf(book, 0, lang)).shapes;
  });
}

it("finds the samples, or says why not", (context) => {
  if (isThere) return;
  if (process.env.CI) throw new Error(`The samples are not at ${SAMPLES}; set RUBRICATOR_SAMPLES.`);
  context.skip(`The samples are not at ${SAMPLES}; set RUBRICATOR_SAMPLES.`);
});

describe.skipIf(!isThere)("real manifests", () => {
  const folders = ["iiif-manifests-real/presentation-2", "iiif-manifests-real/presentation-3"];
  it.each(isThere ? folders.flatMap(all) : [])("%s is read, or refused for a reason", (path) => {
    const document = read(path);
    try {
      const book = readManifest(document, path);
      expect(book.leaves.length).toBeGreaterThan(0);
      for (const { uri, width, height, image, hasImage, pages } of book.leaves) {
        expect(uri).toBeTruthy();
        expect(Math.min(width, height)).toBeGreaterThan(0);
        if (hasImage) expect(image.service ?? image.url).toMatch(/^(?:https?|file):|^\/|^[\w.]/);
        for (const { uri: page } of pages) expect(page).toBeTruthy();
      }
    } catch (error) {
      if (!(error instanceof NoManifest)) throw error;
      const kind = isNode(document) ? `${document.type ?? document["@type"]}` : "";
      expect(kind === "Manifest" || kind === "sc:Manifest" ? error.kind : "no manifest").toMatch(
        /no manifest|empty/,
      );
    }
  });

  it("knows image services of every version", () => {
    const services = (path: string) => {
      const [leaf] = readManifest(read(path), path).leaves;
      return [leaf?.image.version, Boolean(leaf?.image.service), leaf?.thumbnail?.startsWith("http")];
    };
    expect(services("iiif-manifests-real/presentation-2/nlw-manifest.json")).toEqual([2, true, true]);
    expect(services("iiif-manifests-real/presentation-3/bodleian.json")[1]).toBe(true);
  });
});

describe.skipIf(!isThere)("official fixtures", () => {
  it.each(isThere ? all("iiif-prezi2-fixtures/fixtures") : [])("%s", (path) => {
    try {
      expect(readManifest(read(path), path).leaves.length).toBeGreaterThan(0);
    } catch (error) {
      expect(error).toBeInstanceOf(NoManifest);
    }
  });

  it("reads the lists of version 2, beside the manifest and in it", () => {
    const list = read("iiif-manifests-real/presentation-2/iiif-fixture-annotation-list.json");
    const ground = { uri: "x", size: [1000, 1000] as const, others: new Set<string>(), lang: "en" };
    const { shapes } = readPage(list, "list", ground);
    expect(shapes.length).toBeGreaterThan(0);
    for (const { box, text } of shapes) expect(box === null || text !== undefined).toBe(true);
  });
});

describe.skipIf(!isThere)("the cookbook", () => {
  it.each(isThere ? all("iiif-cookbook") : [])("%s", (path) => {
    const document = read(path);
    try {
      const book = readManifest(document, path);
      for (const [index, { pages }] of book.leaves.entries()) {
        for (const { page, uri } of pages) if (page) readPage(page, uri, groundOf(book, index));
      }
    } catch (error) {
      expect(error).toBeInstanceOf(NoManifest);
    }
  });

  it("0021: a tag on a box", () => {
    const [shape] = shapesIn("0021-");
    expect(shape).toMatchObject({
      box: [265, 661, 1260, 1239],
      concepts: [{ label: "Gänseliesel-Brunnen" }],
      text: "",
    });
  });

  it("0261: an outline that is no rectangle", () => {
    const [shape] = shapesIn("0261-");
    expect(shape?.points).toHaveLength(10);
    expect(shape?.points?.[0]).toEqual([270, 1900]);
    expect(shape?.box).toEqual([270, 661, 1260, 1239]);
  });

  it("0135: a point", () => {
    expect(shapesIn("0135-")[0]?.points).toEqual([[3385, 1464]]);
  });

  it("0019 and 0266: markup is read as text, on the whole canvas", () => {
    const [html] = shapesIn("0019-");
    expect(html?.text).toContain("Göttinger Marktplatz");
    expect(html?.text).not.toMatch(/[<>]/);
    expect(shapesIn("0266-")[0]?.box).toBeNull();
  });

  it("0346: of a body in several languages the reader's", () => {
    const words = (lang: string) =>
      JSON.stringify(shapesIn("0346-", lang).map(({ text, concepts }) => [text, concepts]));
    expect(words("en")).not.toBe(words("ja"));
  });

  it("0269: pages in the manifest and beside it", () => {
    expect(shapesIn("0269-").length).toBeGreaterThan(0);
  });
});
