/** Finds the texts for a language tag, in the words of what is drawn or answered, among the languages that are there. */

import type { ShapeKind } from "../outline.ts";
import { completed, type Translation } from "./completing.ts";
import { en } from "./en/index.ts";
import type { Texts } from "./texts.ts";

export type { Translation } from "./completing.ts";
export type { Texts } from "./texts.ts";

const spoken = new Map<string, Texts>([["en", en]]);
const reworded = new Map<string, Texts>();

/** What is drawn, written, chosen of an image as a whole, or answered. */
export type Asked = ShapeKind | "text" | "label" | "answer";

/** The language of a BCP 47 tag such as `fr-CA`, as its folder is named. */
export const languageOf = (tag: string): string => tag.toLowerCase().split("-")[0] ?? "";

export const speaks = (tag: string): boolean => spoken.has(languageOf(tag));

/** From now on a language is spoken; answers the names of what it says in English. */
export function learn(tag: string, translation: Translation): readonly string[] {
  const { texts, missing } = completed(tag, translation, en);
  spoken.set(tag, texts);
  return missing;
}

/** Texts for a BCP 47 tag; English for a language that is not spoken. The same object every time. */
export function textsFor(tag: string, asked: Asked = "box"): Texts {
  const texts = spoken.get(languageOf(tag)) ?? en;
  if (asked === "box") return texts;
  const key = `${texts.lang} ${asked}`;
  const found = reworded.get(key) ?? {
    ...texts,
    ...wordsOf(texts, asked),
  };
  reworded.set(key, found);
  return found;
}

/** The sentences that name a box, in the words of what else is drawn, written, chosen or said. */
function wordsOf({ drawing, reviewing, writing }: Texts, asked: Exclude<Asked, "box">): Partial<Texts> {
  if (asked === "label" || asked === "answer") return reviewing[asked];
  if (asked !== "text") return drawing[asked];
  const { count: reviewItems, undecided, review: reviewKeys } = writing;
  return { reviewItems, undecided, reviewKeys, ...reviewing.text };
}
