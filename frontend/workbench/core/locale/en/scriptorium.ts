/** Annotating together, in English. */

import type { ScriptoriumTexts } from "../scriptorium.ts";

const number = new Intl.NumberFormat("en");
const changes = (count: number) => `${number.format(count)} ${count === 1 ? "change is" : "changes are"}`;
const who = (name: string | null) => name ?? "Somebody";

export const scriptorium: ScriptoriumTexts = {
  panel: "Annotations",
  here: "Who is here",
  alone: "Nobody else is here just now.",
  otherWindow: "you, in another window",
  holds: "has something picked",
  kinds: "What to draw",
  kind: { box: "Boxes", polygon: "Outlines", point: "Points" },
  annotations: (count) => `${number.format(count)} ${count === 1 ? "annotation" : "annotations"}`,
  none: "Nothing is drawn here yet. Drag on the image, or press N.",
  noneTouch: "Nothing is drawn here yet. Draw with one finger, move with two.",
  noneReading: "Nothing is drawn here yet. What others draw appears by itself.",
  named: (index, said) => `Annotation ${index}: ${said}`,
  wordless: "without a label",
  undrawn: (count) =>
    count === 1
      ? "One more speaks of the whole image and is not drawn."
      : `${number.format(count)} more speak of the whole image and are not drawn.`,
  more: (count) =>
    count === 1 ? "One more is drawn on the image." : `${number.format(count)} more are drawn on the image.`,
  by: (name) => `by ${name}`,
  heldBy: (name) => `${name} has it picked`,
  waits: "not sent yet",
  lock: {
    reading: "You may look at this layer, and not write into it.",
    "not-yours": "Somebody else has made this; only who manages the layer may change it.",
    "other-form": "This was written elsewhere, in a form that would lose something if it were changed here.",
  },
  words: "Words",
  wordsHint: "A remark or a transcription, as plain text.",
  changedMeanwhile: (name) => `${who(name)} has changed this too, before your change arrived.`,
  deletedMeanwhile: (name) => `${who(name)} has deleted this meanwhile.`,
  changedWhileHeld: (name) => `${who(name)} has just changed what you have picked.`,
  at: ([x, y, w, h]) =>
    `${number.format(x)}, ${number.format(y)} (${number.format(w)} × ${number.format(h)})`,
  mine: "Yours",
  theirs: "Theirs",
  deleted: "deleted",
  takeMine: "Keep mine",
  takeTheirs: "Take theirs",
  takeBoth: "Both",
  saysNow: (place, label) => `${label}: ${place}`,
  overtaken: "That step cannot be taken back: somebody else has changed the same annotation since.",
  shut: (reason) =>
    `You cannot see this layer any more. ${reason} What you have not sent stays in this browser.`,
  reading: "You may look at this layer, and not write into it. What others do appears by itself.",
  live: "Others’ changes appear by themselves",
  choose: "Choose above between two versions of the same annotation.",
  sent: "All is sent",
  sending: (count) => `${changes(count)} being sent…`,
  keptOffline: (count) => `No connection. ${changes(count)} kept here and will be sent by themselves.`,
  keptSignin: (count) => `You are signed out. ${changes(count)} kept here until you sign in again.`,
  keptServer: (count) => `The server does not answer. ${changes(count)} kept here; we try again.`,
  signedOut: "You are signed out. Sign in again to go on.",
  refused: (count) => `${changes(count)} not accepted, and kept here:`,
  notKept: "This browser cannot keep what you draw across a reload.",
  deafOffline: "No connection. What others do appears when it is back.",
  deafServer: "The server does not answer just now. What others do appears when it does.",
  deafShut: "Nothing more is heard from this layer.",
  came: (name) => `${name} has come.`,
  went: (name) => `${name} has gone.`,
  keyMap: [
    [
      "Annotations",
      [
        [["B", "U", "P"], "draw boxes, outlines, points"],
        [["N"], "new one in the middle"],
        [["Arrows"], "move by 1 (with Shift by 10)"],
        [["Alt + Arrows"], "size by 1 (with Shift by 10)"],
        [["Enter"], "set down; close an outline"],
        [["Space"], "set a corner or a point"],
        [["I", ".", ","], "new corner, next corner, corner before"],
        [["Esc"], "drop, or let go"],
        [["Delete"], "delete"],
        [["[", "]"], "annotation before, annotation after"],
        [["1–9"], "choose a label"],
      ],
    ],
    [
      "Image",
      [
        [["+", "−", "0"], "zoom in, out, whole image"],
        [["Space + drag"], "move about while drawing"],
        [["D", "V"], "draw, move about"],
        [["Ctrl Z", "Ctrl Y"], "take back or repeat one’s own steps"],
      ],
    ],
    [
      "Touch",
      [
        [["One finger"], "draw, or drag a grip"],
        [["Two fingers"], "move and zoom"],
        [["Tap"], "pick"],
      ],
    ],
  ],
};
