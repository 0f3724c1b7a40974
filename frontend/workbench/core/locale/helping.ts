/** What the help for the hand says otherwise where several people annotate one canvas. */

import type { AssistTexts } from "./assist.ts";

export interface HelpingTexts
  extends Pick<
    AssistTexts,
    "copy" | "copyHint" | "nothingToCopy" | "lookHint" | "found" | "keys" | "noExamples"
  > {
  manyLabels: string;
  candidates: string;
  candidatesHint: string;
  noPageBefore: string;
  copyFailed: string;
  dismissed: string;
  taken(count: number): string;
}
