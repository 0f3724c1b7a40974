/** Several shapes at once, and where the draft stands, in English. */

import type { DraftTexts, SeveralTexts } from "../several.ts";

const number = new Intl.NumberFormat("en");
const shapes = (count: number) => `${number.format(count)} ${count === 1 ? "shape" : "shapes"}`;

export const several: SeveralTexts = {
  picked: (count) => (count ? `${shapes(count)} picked` : "Nothing picked"),
  hint: "What you do now is done to all of them, and undone as one.",
  duplicate: "Duplicate",
  deleteAll: (count) => `Delete all ${number.format(count)}`,
  letGo: "Let go",
  gather: "Pick several",
  gathering: "Each click or tap now picks one more. A stroke picks all that it touches.",
  gathered: "Each click or tap picks one again.",
  duplicated: (count) => `${shapes(count)} duplicated.`,
  copied: (count) => `${shapes(count)} copied. Paste with Control V, on the next image too.`,
  pasted: (count) => `${shapes(count)} pasted.`,
  otherStep: "What was copied belongs to another step.",
  deleted: (count) => `${shapes(count)} deleted.`,
  undone: "Undone.",
  redone: "Done again.",
  at: ([x, y, w, h]) =>
    `Left ${number.format(x)}, top ${number.format(y)}, ${number.format(w)} by ${number.format(h)}.`,
  keys: [
    "Several at once",
    [
      [["Shift click", "Shift drag"], "pick one more; all in a frame"],
      [["Ctrl A", "Esc"], "pick all; let go"],
      [["{", "}"], "pick the one before, after as well"],
      [["Ctrl Space", "Shift Space"], "in the list: one more; all from there"],
      [["Arrows", "Delete", "1–9"], "move, delete, label all of them"],
      [["Ctrl D", "Alt drag"], "duplicate"],
      [["Ctrl C", "Ctrl V"], "copy; paste, on another image too"],
      [["Alt"], "while dragging: edges do not snap"],
    ],
  ],
};

export const draft: DraftTexts = {
  saved: "Draft saved",
  saving: "Saving…",
  waiting: {
    offline: "Draft kept on this device, because there is no connection",
    signin: "Draft kept on this device, because you are signed out",
    server: "Draft kept on this device, because the server is busy",
    refused: "Draft kept on this device",
  },
  onlyThere: "Draft saved on the server. This browser cannot keep it.",
  besides: (count) =>
    count > 1
      ? `This image is open in ${number.format(count)} other tabs. All show the same.`
      : "This image is open in another tab. Both show the same.",
  otherThere: (summary) => `In another browser you had: ${summary}.`,
  otherHere: (summary) => `Here you had: ${summary}. What is shown was drawn later, in another browser.`,
  cellsThere: (count) =>
    count > 1
      ? `In another browser you judged ${number.format(count)} of these pictures otherwise.`
      : "In another browser you judged one of these pictures otherwise.",
  cellsHere: (count) =>
    count > 1
      ? `Here you had judged ${number.format(count)} of these pictures otherwise. What is shown was said later, in another browser.`
      : "Here you had judged one of these pictures otherwise. What is shown was said later, in another browser.",
  take: "Show that instead",
  leave: "Keep what is shown",
  both: "Keep both",
};
