/** A language that runs from right to left, for tests: another language is one object of this shape. */

import { en } from "./en/index.ts";
import type { Texts } from "./texts.ts";

export const mirrored: Texts = { ...en, lang: "he", dir: "rtl", submit: "שליחה" };
