/** What is said where people write a short text. */

import type { Texts } from "./texts.ts";

export interface WritingTexts {
  /** The name of the field, by what the text is. */
  field: Record<"describing" | "supplementing", string>;
  hint: Record<"describing" | "supplementing", string>;
  language: string;
  /** The language field where any may be named. */
  languageHint: string;
  badLanguage: string;
  left(count: number): string;
  need: string;
  needOrNothing: string;
  quoted(text: string): string;
  /** A text under review, by its number. */
  named(number: number, text: string): string;
  unsettled(number: number): string;
  open: string;
  written: string;
  writtenBy(people: readonly string[]): string;
  own: string;
  review: Texts["reviewKeys"];
  keys: Texts["keyMap"][number];
  count(count: number): string;
  undecided(count: number): string;
}
