/** Two regions beside each other, in English. */

import type { ComparingTexts } from "../comparing.ts";

export const comparing: ComparingTexts = {
  pair: "Two pictures to compare",
  left: (label) => (label ? `Left: ${label}` : "Left"),
  right: (label) => (label ? `Right: ${label}` : "Right"),
  swap: "Swap",
  swapped: (left) => `They have changed places. On the left now: ${left || "the other picture"}.`,
  link: "Move together",
  linked: "Both pictures move together.",
  unlinked: "Each picture moves by itself.",
  overlay: "One over the other",
  overlaid: "The right picture lies over the left one.",
  sideBySide: "The pictures stand beside each other.",
  opacity: "How much of the upper picture is seen",
  tools: "How the pictures are shown",
  keys: [
    "Comparing",
    [
      [["1–5"], "choose an answer"],
      [["X"], "swap the pictures"],
      [["K"], "move them together, or each by itself"],
      [["O"], "lay one over the other"],
      [["I"], "light and colour of both, turning of each"],
      [["R"], "turn the picture in hand (with Shift to the left)"],
      [["L"], "loupe"],
      [["E"], "measure"],
      [["<", ">"], "less, more of the upper picture"],
      [["+", "−", "0"], "larger, smaller, as at first"],
      [["Arrows"], "move about"],
      [["Ctrl Enter"], "submit"],
      [["B"], "back to the pair before"],
    ],
  ],
};
