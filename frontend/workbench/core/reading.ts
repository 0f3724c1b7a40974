/** In which language somebody reads what a campaign says: perhaps another than the site speaks. */

type Titles = Readonly<Record<string, string>>;

let chosen = "";

/** From now on texts are shown in this language (BCP 47) where they are written in it. */
export function readIn(tag: string): void {
  chosen = tag;
}

/** The language of the text that fits best: the chosen one, that of the site, English, any; "" without a text. */
export function languageIn(titles: Titles | undefined, lang: string): string {
  const said = Object.entries(titles ?? {}).filter(([, text]) => text);
  const tags = said.map(([tag]) => tag);
  return [chosen, lang, "en"].find((tag) => tag && tags.includes(tag)) ?? tags[0] ?? "";
}

const RIGHT_TO_LEFT = /^(ar|arc|azb|ckb|dv|fa|he|ks|lrc|mzn|nqo|pnb|prs|ps|sd|syr|ug|ur|yi)$/;
const SCRIPTS = /^(adlm|arab|aran|hebr|mand|nkoo|samr|syrc|thaa)$/;

/** The direction of a language: by the script that its tag names, else by the language. */
export function directionOf(tag: string): "ltr" | "rtl" {
  const [first = "", ...rest] = tag.toLowerCase().split("-");
  const script = rest.find((part) => /^[a-z]{4}$/.test(part));
  return (script ? SCRIPTS.test(script) : RIGHT_TO_LEFT.test(first)) ? "rtl" : "ltr";
}

/** The language of a text as `titleIn` shows it, where it is another than that of the page; else null. */
export function foreignIn(titles: Titles | undefined, lang: string): string | null {
  const tag = languageIn(titles, lang);
  return tag && tag !== lang ? tag : null;
}

/** The attributes of a text as `titleIn` shows it. */
export function spokenIn(titles: Titles | undefined, lang: string): { lang: string; dir: "ltr" | "rtl" } {
  const tag = languageIn(titles, lang) || lang;
  return { lang: tag, dir: directionOf(tag) };
}
