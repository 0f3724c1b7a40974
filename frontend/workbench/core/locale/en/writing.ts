/** Short texts in English. */

import type { WritingTexts } from "../writing.ts";

export const writing: WritingTexts = {
  field: { describing: "Your text", supplementing: "What is written there" },
  hint: {
    describing: "Say it in your own words.",
    supplementing: "Copy it letter by letter, as it stands there.",
  },
  language: "Language",
  languageHint: "Its code, such as en, fr or la.",
  badLanguage: "Write a language as its code, such as en, fr or la.",
  left: (count) => (count === 1 ? "1 character left" : `${count} characters left`),
  need: "Write a text.",
  needOrNothing: "Write a text, or say “Nothing here”.",
  quoted: (text) => `“\u2068${text}\u2069”`,
  named: (index, text) => `Text ${index}: “${text}”`,
  unsettled: (index) => `Text ${index}: no text has a majority`,
  open: "no text has a majority",
  written: "What people wrote",
  writtenBy: (people) => people.join(", "),
  own: "The text that stands",
  review: [
    [["A"], "accept what most wrote, or what comes nearest to all"],
    [["1–9"], "choose a text"],
    [["L"], "write it yourself"],
    [["R"], "reject it"],
    [["Ctrl Enter"], "save and go on"],
  ],
  keys: [
    "Text",
    [
      [["Enter"], "from the image to the text; from a text of one line: submit"],
      [["Esc"], "from the text to the image"],
      [["Ctrl Enter"], "submit"],
    ],
  ],
  count: (count) => (count === 1 ? "1 text to decide" : `${count} texts to decide`),
  undecided: (count) => (count === 1 ? "1 text is still undecided." : `${count} texts are still undecided.`),
};
