/** What is said differently in a review where no boxes were drawn: labels were chosen, questions answered, texts written. */

import type { Texts } from "./texts.ts";

/** The sentences of a review that name what is decided about, and say how people came to it. */
export type ReviewWords = Pick<
  Texts,
  "shapeNamed" | "agreed" | "reviewItems" | "undecided" | "allSaidNothing" | "reviewKeys"
>;

export interface ReviewingTexts {
  /** Labels of a whole image. */
  label: ReviewWords;
  /** Answers to a question, and of a sequence all that was said. */
  answer: ReviewWords;
  text: Pick<ReviewWords, "agreed" | "allSaidNothing">;
}
