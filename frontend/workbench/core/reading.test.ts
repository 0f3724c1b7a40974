import { afterEach, expect, test } from "vitest";
import { titleIn } from "./contract.ts";
import { directionOf, foreignIn, readIn, spokenIn } from "./reading.ts";

afterEach(() => readIn(""));

const TITLES = { en: "Which clef?", fr: "Quelle clef ?", ar: "أي مفتاح؟" };

test("a text is shown in the language of reading, else in that of the site, English, any", () => {
  expect(titleIn(TITLES, "fr")).toBe(TITLES.fr);
  readIn("ar");
  expect(titleIn(TITLES, "fr")).toBe(TITLES.ar);
  expect(titleIn({ en: "Hm.", ar: "" }, "fr")).toBe("Hm.");
  expect(titleIn({ la: "Quae clavis?" }, "fr")).toBe("Quae clavis?");
  expect(titleIn(undefined, "fr")).toBe("");
});

test("what is shown says its language and direction", () => {
  readIn("ar");
  expect(spokenIn(TITLES, "en")).toEqual({ lang: "ar", dir: "rtl" });
  expect(spokenIn({ fr: "Oui." }, "en")).toEqual({ lang: "fr", dir: "ltr" });
  expect(spokenIn({}, "fr")).toEqual({ lang: "fr", dir: "ltr" });
});

test("a script says more than a language", () => {
  expect(["az-Arab", "he", "ur-PK", "ar-Latn", "de"].map(directionOf)).toEqual([
    "rtl",
    "rtl",
    "rtl",
    "ltr",
    "ltr",
  ]);
});

test("a text in another language than the page says which", () => {
  expect(foreignIn({ en: "Hm." }, "fr")).toBe("en");
  expect(foreignIn(TITLES, "fr")).toBeNull();
  expect(foreignIn(undefined, "fr")).toBeNull();
});
