/** What is reviewed, in English. */

import type { ReviewingTexts } from "../reviewing.ts";

const number = new Intl.NumberFormat("en");
const keys = (thing: string): [string[], string][] => [
  [["A"], `accept the ${thing}`],
  [["R"], "reject it"],
  [["1–9"], `choose another ${thing}`],
  [["L"], `look for another ${thing}`],
  [["U"], "take back the last decision"],
  [["[", "]"], `${thing} before, ${thing} after`],
  [["Ctrl Enter"], "save and go on"],
];

export const reviewing: ReviewingTexts = {
  label: {
    shapeNamed: (index, label) => `Label ${index}: ${label}`,
    agreed: (support, seen) => `${support} of ${seen} chose it`,
    reviewItems: (count) => (count === 1 ? "1 label to decide" : `${number.format(count)} labels to decide`),
    undecided: (count) =>
      count === 1 ? "1 label is still undecided." : `${number.format(count)} labels are still undecided.`,
    allSaidNothing: "Everybody said that no label applies. Save if that is right.",
    reviewKeys: keys("label"),
  },
  answer: {
    shapeNamed: (index, label) => `Answer ${index}: ${label}`,
    agreed: (support, seen) => `${support} of ${seen} said so`,
    reviewItems: (count) =>
      count === 1 ? "1 answer to decide" : `${number.format(count)} answers to decide`,
    undecided: (count) =>
      count === 1 ? "1 answer is still undecided." : `${number.format(count)} answers are still undecided.`,
    allSaidNothing: "Everybody said that nothing is here. Save if that is right, or add what is missing.",
    reviewKeys: keys("answer"),
  },
  text: {
    agreed: (support, seen) => `${support} of ${seen} wrote it`,
    allSaidNothing: "Everybody said that nothing is to be written. Save if that is right.",
  },
};
