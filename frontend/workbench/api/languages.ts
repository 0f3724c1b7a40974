/** Fetches a language when it is first spoken: each folder `core/locale/<tag>/` with an `index.ts` is one. */

import { languageOf, learn, speaks, type Translation } from "../core/locale/index.ts";

/** English is always there: it stands in for whatever another language does not say yet. */
const FILES = import.meta.glob<{ readonly texts: Translation }>([
  "../core/locale/*/index.ts",
  "!../core/locale/en/index.ts",
]);
/** Longer than this nobody is kept waiting: English is spoken, and the language as soon as it is there. */
const PATIENCE_MS = 5_000;
const coming = new Map<string, Promise<void>>();
/** Nothing waits for these any more. */
const waitedFor = new Set<string>();

/** Settles when a language is there; null where there is nothing to wait for: it is, or nobody has translated it. */
export function languageComes(tag: string): Promise<void> | null {
  const language = languageOf(tag);
  const load = FILES[`../core/locale/${language}/index.ts`];
  if (!load || speaks(language) || waitedFor.has(language)) return null;
  const found = coming.get(language) ?? Promise.race([fetched(language, load), patience()]);
  coming.set(language, found);
  return found.then(() => void waitedFor.add(language));
}

/** Every language that there is. */
export const LANGUAGES: readonly string[] = [
  "en",
  ...Object.keys(FILES).flatMap((path) => path.split("/").at(-2) ?? []),
];

/** Without a connection English is spoken until the page is opened again. */
async function fetched(
  language: string,
  load: () => Promise<{ readonly texts: Translation }>,
): Promise<void> {
  try {
    teach(language, (await load()).texts);
  } catch {
    waitedFor.add(language);
  }
}

const patience = (): Promise<void> => new Promise((done) => setTimeout(done, PATIENCE_MS));

function teach(language: string, texts: Translation): void {
  const missing = learn(language, texts);
  if (import.meta.env.MODE !== "production" && missing.length)
    // biome-ignore lint/suspicious/noConsole: it is meant for whoever translates, and is not built for anybody else
    console.warn(`The workbench says in English what “${language}” lacks: ${missing.join(", ")}`);
}
