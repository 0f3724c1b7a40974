/** A language as its translators have it so far: what it does not say yet is said in English. */

import type { Texts } from "./texts.ts";

type Part<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends readonly unknown[]
    ? T
    : T extends object
      ? { readonly [K in keyof T]?: Part<T[K]> }
      : T;

/** Of every subject as many sentences as are translated. */
export type Translation = Part<Texts>;

export interface Completed {
  readonly texts: Texts;
  /** The names of what is said in English: `judging.right`, `shapes`. */
  readonly missing: readonly string[];
}

export function completed(tag: string, translation: Translation, english: Texts): Completed {
  const missing: string[] = [];
  const texts = merged({ ...translation, lang: tag }, english, "", missing) as Texts;
  return { texts, missing };
}

function merged(said: unknown, english: unknown, name: string, missing: string[]): unknown {
  if (said === undefined || said === "" || kindOf(said) !== kindOf(english)) {
    missing.push(name);
    return english;
  }
  if (kindOf(english) !== "subject") return said;
  const known = said as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(english as object).map(([key, value]) => [
      key,
      merged(known[key], value, name ? `${name}.${key}` : key, missing),
    ]),
  );
}

/** A sentence, one with words to be put in, a list of them, or a subject that holds more. */
const kindOf = (value: unknown): string =>
  Array.isArray(value) ? "list" : typeof value === "object" && value !== null ? "subject" : typeof value;
