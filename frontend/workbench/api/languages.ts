/** Fetches a language when it is first spoken: each folder `core/locale/<tag>/` with an `index.ts` is one. */

import { languageOf, learn, speaks, type Translation } from "../core/locale/index.ts";

/** English is always there: it stands in for whatever another language does not say yet. */
const FILES = import.meta.glob<{ readonly texts: Translation }>([
  "../core/locale/*/index.ts",
  "!../core/locale/en/index.ts",
]);
const coming = new Map<string, Promise<void>>();

/** Settles when a language is there; null where there is nothing to wait for: it is, or nobody has translated it. */
export function languageComes(tag: string): Promise<void> | null {
  const language = languageOf(tag);
  const load = FILES[`../core/locale/${language}/index.ts`];
  if (!load || speaks(language)) return null;
  const found = coming.get(language) ?? load().then(({ texts }) => teach(language, texts), giveUp(language));
  coming.set(language, found);
  return found;
}

/** Every language that there is. */
export const LANGUAGES: readonly string[] = [
  "en",
  ...Object.keys(FILES).flatMap((path) => path.split("/").at(-2) ?? []),
];

function teach(language: string, texts: Translation): void {
  const missing = learn(language, texts);
  if (import.meta.env.MODE !== "production" && missing.length)
    // biome-ignore lint/suspicious/noConsole: it is meant for whoever translates, and is not built for anybody else
    console.warn(`The workbench says in English what “${language}” lacks: ${missing.join(", ")}`);
}

/** Without a connection English is spoken, and the language is asked for again by what is opened next. */
const giveUp = (language: string) => (): void => {
  coming.delete(language);
};
