/** Several questions in English. */

import type { SequenceTexts } from "../sequence.ts";

export const sequence: SequenceTexts = {
  steps: "Steps",
  stepOf: (index, count) => `Step ${index} of ${count}`,
  standing: { done: "answered", open: "to answer", ahead: "comes later", moot: "not asked" },
  because: (prompt) => `It depends on: ${prompt}`,
  goTo: (index, prompt) => `Back to step ${index}: ${prompt}`,
  onward: "Next step",
  keys: [
    "Steps",
    [
      [["Enter"], "to the next step, once this one is complete; from the last: submit"],
      [["1–9"], "choose in this step"],
      [["Ctrl Z"], "undo, across steps too"],
    ],
  ],
  add: "Add what is missing",
  moot: "Not asked after what stands before it: reject it.",
};
