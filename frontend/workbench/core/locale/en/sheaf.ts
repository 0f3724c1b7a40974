/** English. */

import type { SheafTexts } from "../sheaf.ts";

const number = new Intl.NumberFormat("en");

export const sheaf: SheafTexts = {
  acceptAll: (count) => `Accept all ${number.format(count)}`,
  rejectAll: (count) => `Reject all ${number.format(count)}`,
  mergeAll: (count) => `Make one of ${number.format(count)}`,
  accepted: (count) => `${number.format(count)} accepted.`,
  rejected: (count) => `${number.format(count)} rejected.`,
  merged: (count) => `${number.format(count)} became one.`,
  labelled: (count, label) => `${number.format(count)} are now “${label}”.`,
  differentSteps: "They answer different questions, so there is no label for all of them.",
  notMergeable: "Only boxes can become one.",
  keys: [
    "Several at once",
    [
      [["Shift click", "Shift drag"], "pick one more; all in a frame"],
      [["Ctrl A", "Esc"], "pick all; let go"],
      [["{", "}"], "pick the one before, after as well"],
      [["Ctrl Space", "Shift Space"], "in the list: one more; all from there"],
      [["A", "R"], "accept, reject all of them"],
      [["M"], "make one of them"],
      [["L", "1–9"], "give all of them a label"],
      [["Arrows"], "move all of them"],
      [["Ctrl Z"], "undo it for all of them"],
    ],
  ],
};
