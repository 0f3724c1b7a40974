/** Finds the texts for a language tag, in the words of what is drawn. */

import type { ShapeKind } from "../outline.ts";
import { en } from "./en.ts";
import { fr } from "./fr.ts";
import type { Texts } from "./texts.ts";

export type { Texts } from "./texts.ts";

/** One line for each language that is spoken. */
export const LANGUAGES: Readonly<Record<string, Texts>> = { en, fr };
const reworded = new Map<string, Texts>();

/** Texts for a BCP 47 tag such as `fr-CA`; English for a language we do not speak. The same object every time. */
export function textsFor(tag: string, shapes: ShapeKind | "text" = "box"): Texts {
  const texts = LANGUAGES[tag.toLowerCase().split("-")[0] ?? ""] ?? en;
  if (shapes === "box") return texts;
  const key = `${texts.lang} ${shapes}`;
  const found = reworded.get(key) ?? {
    ...texts,
    ...(shapes === "text" ? ofTexts(texts) : texts.drawing[shapes]),
  };
  reworded.set(key, found);
  return found;
}

/** The sentences of a review that name a box, where texts are reviewed. */
function ofTexts({ writing }: Texts): Partial<Texts> {
  return { reviewItems: writing.count, undecided: writing.undecided, reviewKeys: writing.review };
}
