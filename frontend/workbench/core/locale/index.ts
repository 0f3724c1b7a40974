/** Finds the texts for a language tag. */

import { en } from "./en.ts";
import { fr } from "./fr.ts";
import type { Texts } from "./texts.ts";

export type { Texts } from "./texts.ts";

const LANGUAGES: Readonly<Record<string, Texts>> = { en, fr };

/** Texts for a BCP 47 tag such as `fr-CA`; English for a language we do not speak. */
export const textsFor = (tag: string): Texts => LANGUAGES[tag.toLowerCase().split("-")[0] ?? ""] ?? en;
