import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { en } from "./en/index.ts";
import { texts as fr } from "./fr/index.ts";
import { learn, speaks, type Translation, textsFor } from "./index.ts";
import type { Texts } from "./texts.ts";

/** Each folder here is a language. */
const TAGS = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const LANGUAGES: [string, Texts][] = await Promise.all(
  TAGS.map(async (tag): Promise<[string, Texts]> => [tag, (await import(`./${tag}/index.ts`)).texts]),
);

it("finds a language by its tag once it is there, and English for any other", () => {
  expect(speaks("fr-CA")).toBe(false);
  expect(textsFor("fr-CA")).toBe(en);
  expect(learn("fr", fr)).toEqual([]);
  expect(textsFor("fr-CA")).toEqual(fr);
  expect(textsFor("fr-CA")).toBe(textsFor("FR"));
  expect(textsFor("EN")).toBe(en);
  expect(textsFor("nl")).toBe(en);
});

it("says everything in every language, and never the same thing by oversight", () => {
  const same = Object.keys(en).filter((key) => {
    const [a, b] = [en[key as keyof typeof en], fr[key as keyof typeof fr]];
    return typeof a === "string" && a === b;
  });
  // Words both languages share.
  expect(same.sort()).toEqual(["consensus", "dir", "image", "votes"].sort());
});

it("speaks of what is drawn", () => {
  expect(textsFor("fr", "polygon").shapes(2)).toBe("2 contours");
  expect(textsFor("en", "point").needAnswer).toContain("Set a point");
  expect(textsFor("en", "point").submit).toBe(en.submit);
  expect(textsFor("en", "point")).toBe(textsFor("en-GB", "point"));
  expect(textsFor("en", "box")).toBe(en);
  for (const texts of [en, fr]) {
    for (const words of [texts.drawing.polygon, texts.drawing.point]) {
      const said = JSON.stringify(
        Object.values(words).map((value) => (typeof value === "function" ? value(2, "x") : value)),
      );
      expect(said).not.toMatch(/\bbox|\bcadre/);
    }
  }
});

it("counts in sentences", () => {
  expect(en.shapes(1)).toBe("1 box");
  expect(fr.shapes(2)).toBe("2 cadres");
  expect(fr.keptRefused(1)).toContain("Une réponse n’a pas");
  expect(en.place(1, 1)).toBe("in the middle of the image");
  expect(fr.place(0, 2)).toBe("en bas à gauche de l’image");
});

/** The name of everything that can be said, however deep: `judging.keys.0`, `drawing.polygon.draw`. */
const said = (value: unknown, name = ""): string[] =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => said(inner, name ? `${name}.${key}` : key))
    : [name];
const wordAt = (texts: unknown, name: string): unknown =>
  name.split(".").reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key], texts);

it.each(["en", "fr"])("has every subject in %s", (tag) => {
  const texts = LANGUAGES.find(([known]) => known === tag)?.[1];
  expect(texts?.lang).toBe(tag);
  expect(said(texts).sort()).toEqual(said(en).sort());
});

it.each(LANGUAGES)("says nothing in %s that English does not, and has no empty sentence", (_tag, texts) => {
  expect(said(en)).toEqual(expect.arrayContaining(said(texts)));
  for (const name of said(texts)) {
    expect(wordAt(texts, name), name).toBeTruthy();
    expect(typeof wordAt(texts, name), name).toBe(typeof wordAt(en, name));
  }
});

it("is kept in folders, one for each language, with an index that puts its subjects together", () => {
  expect(TAGS).toEqual(expect.arrayContaining(["en", "fr"]));
  for (const tag of TAGS) {
    const subjects = readdirSync(`${import.meta.dirname}/${tag}`).filter((file) => file !== "index.ts");
    const index = readFileSync(`${import.meta.dirname}/${tag}/index.ts`, "utf8");
    for (const file of subjects) expect(index).toContain(`from "./${file}"`);
  }
});

it("says in English what a language does not say yet, and names it", () => {
  const missing = learn("de", {
    submit: "Absenden",
    judging: { right: "Richtig" },
    shapes: (count) => `${count} Kästen`,
  });
  const de = textsFor("de-AT");
  expect([de.lang, de.submit, de.judging.right, de.shapes(2)]).toEqual([
    "de",
    "Absenden",
    "Richtig",
    "2 Kästen",
  ]);
  expect([de.skip, de.judging.wrong, de.keyMap]).toEqual([en.skip, en.judging.wrong, en.keyMap]);
  expect(missing).toEqual(expect.arrayContaining(["skip", "judging.wrong", "keyMap", "dir"]));
  for (const name of ["submit", "judging", "judging.right", "shapes", "lang"])
    expect(missing).not.toContain(name);
  expect(textsFor("de", "polygon").draw).toBe(en.drawing.polygon.draw);
});

it("takes nothing for a translation that cannot be one", () => {
  const wrong = { submit: 7, shapes: "Kästen", judging: "x", keyMap: {}, skip: "" } as unknown as Translation;
  const missing = learn("xx", wrong);
  expect(missing).toEqual(expect.arrayContaining(["submit", "shapes", "judging", "keyMap", "skip"]));
  expect(textsFor("xx")).toEqual({ ...en, lang: "xx" });
});
