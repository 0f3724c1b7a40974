import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { en } from "./en.ts";
import { fr } from "./fr.ts";
import { LANGUAGES, textsFor } from "./index.ts";

it("finds a language by its tag, and English for any other", () => {
  expect(textsFor("fr-CA")).toBe(fr);
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

it.each(Object.entries(LANGUAGES))("has every subject in %s, and no empty sentence", (tag, texts) => {
  expect(texts.lang).toBe(tag);
  expect(said(texts).sort()).toEqual(said(en).sort());
  for (const name of said(texts)) {
    expect(wordAt(texts, name), name).toBeTruthy();
    expect(typeof wordAt(texts, name), name).toBe(typeof wordAt(en, name));
  }
});

it("has a file of each subject for each language", () => {
  const files = readdirSync(import.meta.dirname);
  const subjects = files.filter((file) => file.endsWith(".en.ts")).map((file) => file.split(".")[0]);
  expect(subjects.length).toBeGreaterThan(5);
  for (const tag of Object.keys(LANGUAGES)) {
    for (const subject of subjects) expect(files).toContain(`${subject}.${tag}.ts`);
  }
});
