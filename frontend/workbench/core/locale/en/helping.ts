/** English. */

import type { HelpingTexts } from "../helping.ts";

const one = (count: number, single: string, several: string) => `${count} ${count === 1 ? single : several}`;

export const helping: HelpingTexts = {
  copy: "Copy from the page before",
  copyHint: "Put the shapes of this layer on the page before onto this one",
  nothingToCopy: "This layer has no shapes on the page before.",
  noPageBefore: "There is no page before this one.",
  copyFailed: "The shapes of the page before could not be fetched. Try again.",
  manyLabels: "Several labels each",
  candidates: "What looks like it",
  candidatesHint: "Only you see the dashed boxes. Those that you accept are drawn for everybody.",
  dismissed: "Dismissed.",
  taken: (count) => `${one(count, "box is", "boxes are")} drawn. Undo takes that back.`,
  found: (count) =>
    `${one(count, "place looks", "places look")} like it. Only you see them: look at each, some will be wrong.`,
  lookHint: "Look at each. Press those that are wrong: they are dismissed, the others drawn for everybody.",
  noExamples: "No example in this layer yet.",
  keys: [
    [["S"], "tighten the box to its ink"],
    [["M"], "find more like the box"],
    [["Enter", "Delete"], "accept or dismiss what was found"],
    [["C"], "copy from the page before"],
    [["G"], "browse labels with examples"],
  ],
};
