import { expect, it } from "vitest";
import { en } from "./en.ts";
import { fr } from "./fr.ts";
import { textsFor } from "./index.ts";

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
