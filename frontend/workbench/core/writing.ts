/** Writing a short text: what was written, in which language, and what of it is sent. */

import type { Campaign, Written } from "./contract.ts";
import type { Answer } from "./draft.ts";

type Asked = Pick<Campaign["question"], "languages" | "writes">;

const TAG = /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i;

/** Whether this can be the code of a language (BCP 47). */
export const isLanguage = (tag: string): boolean => tag.length <= 35 && TAG.test(tag);

/** The text as it stands; null where nothing is written. */
export const textOf = ({ texts }: Answer): Written | null => texts?.[0] ?? null;

/** What counts: the text without white space around it, or none. */
export function said(answer: Answer): Written | null {
  const text = textOf(answer);
  return text?.value.trim() ? { ...text, value: text.value.trim() } : null;
}

/** Puts a text in the place of what was written; an empty one is none. */
export function write(answer: Answer, text: Written): Answer {
  const before = textOf(answer);
  if (before?.value === text.value && before.language === text.language) return answer;
  if (!text.value && !before) return answer;
  return { ...answer, texts: text.value ? [text] : [], nothingHere: text.value ? false : answer.nothingHere };
}

/** The language that is proposed: the one used last, else the reader's own, where they are offered. */
export function proposed({ languages = [] }: Asked, lang: string, last: string): string {
  const own = lang.split("-")[0] ?? lang;
  const wished = [last, lang, own].filter(Boolean);
  if (!languages.length) return wished[0] ?? own;
  return wished.find((tag) => languages.includes(tag)) ?? languages[0] ?? own;
}
