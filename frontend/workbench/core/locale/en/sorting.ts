/** English. */

import type { SortingTexts } from "../sorting.ts";

const number = new Intl.NumberFormat("en");
const many = (count: number, one: string, several: string) =>
  `${number.format(count)} ${count === 1 ? one : several}`;
const crops = (count: number) => many(count, "crop", "crops");

export const sorting: SortingTexts = {
  title: "All crops of a label",
  labels: "Labels",
  findLabel: "Find a label",
  noLabel: "No label agreed on",
  noneFound: "No label is called so.",
  counted: (count, below) =>
    below > count
      ? `${number.format(count)}, with narrower ones ${number.format(below)}`
      : number.format(count),
  state: { merged: "Waiting", decided: "Decided" },
  order: "Order",
  orders: { outliers: "Outliers first", page: "By page", confidence: "Least sure first" },
  narrower: "With narrower labels",
  size: "Size of the crops",
  hint: "Click to select, drag a frame around several, or press ? for the keys.",
  touchHint: "Tap to select. Hold, then drag, for several.",
  wall: (label, total) => `${label}, ${crops(total)}`,
  item: (one, total) => `Crop ${number.format(one)} of ${number.format(total)}`,
  shownOf: (shown, total) => `${number.format(shown)} of ${crops(total)} shown`,
  more: "Show more",
  emptyMerged: "Nothing with this label waits for a decision.",
  emptyDecided: "Nothing with this label has been decided.",
  emptyAll: "Nothing to review yet",
  emptyAllText: "Crops come here once people’s answers have been merged.",
  chooseLabel: "Choose a label",
  selected: (count, total, label) => `${number.format(count)} selected of ${number.format(total)}, ${label}`,
  keptBeside: (count) =>
    count === 1
      ? "1 stands beside others on its image: it is kept, and decided with them."
      : `${number.format(count)} stand beside others on their images: they are kept, and decided with them.`,
  ownAmong: (count) =>
    count === 1
      ? "1 is your own answer: somebody else decides about it."
      : `${number.format(count)} are your own answers: somebody else decides about them.`,
  accept: "Accept",
  reject: "Reject…",
  relabel: "Relabel…",
  open: "Open in the review",
  none: "Select none",
  undo: "Undo",
  verdicts: {
    accepted: "accepted",
    rejected: "rejected",
    corrected: "relabelled",
    added: "added",
    merged: "merged",
    split: "split",
  },
  keptAs: (verdict) => `kept: ${verdict}`,
  own: "your own answer",
  askTitle: {
    accepted: (count) => `Accept ${crops(count)}?`,
    rejected: (count) => `Reject ${crops(count)}?`,
    corrected: (count) => `Relabel ${crops(count)}`,
  },
  touches: ({ items, tasks }) => `This is about ${crops(items)} on ${many(tasks, "image", "images")}.`,
  because: "Reason",
  reasons: ["Not what the label says", "Nothing is here", "Not legible", "Marked twice"],
  reasonNeeded: "Say why: the reason stands with every one of them.",
  cancel: "Cancel",
  newLabel: "The other label",
  done: (decided, kept, spoken) =>
    [
      decided ? `${crops(decided)} decided.` : "",
      kept ? `${crops(kept)} kept until the rest of the image is ruled on.` : "",
      spoken ? `${crops(spoken)} wait for another reviewer.` : "",
    ]
      .filter(Boolean)
      .join(" "),
  refused: (count, sentence) => `${number.format(count)} not: ${sentence}`,
  undone: (back, kept) =>
    kept
      ? `Taken back: ${many(back, "image", "images")}. ${number.format(kept)} stay as decided since.`
      : back
        ? `Taken back: ${many(back, "image", "images")}.`
        : "Taken back.",
  notSent: "That was not sent. Your selection is still here.",
  sending: "Saving…",
  keys: [
    "The wall",
    [
      [["Arrows"], "walk over the crops"],
      [["Space"], "select, or no longer"],
      [["Shift Arrows", "drag"], "select several"],
      [["Ctrl A", "Esc"], "select all that is shown; none"],
      [["Enter"], "accept"],
      [["1", "…", "9"], "give this label"],
      [["L"], "give another label"],
      [["Delete", "R"], "reject"],
      [["O"], "open in the review"],
      [["U", "Ctrl Z"], "undo the last action"],
    ],
  ],
};
