/** What is said by what helps the hand: tightening, finding more, copying, looking at each, browsing labels. */

export interface AssistTexts {
  help: string;
  tighten: string;
  tightenHint: string;
  tightenEach: string;
  similar: string;
  similarHint: string;
  copy: string;
  copyHint: string;
  guide: string;
  pickBox: string;
  pickLabel: string;
  tightened: string;
  tightAlready: string;
  noInk: string;
  unreadable: string;
  looking: string;
  stopLooking: string;
  found(count: number): string;
  foundNothing: string;
  foundKnown: string;
  searchFailed: string;
  notOffered: string;
  nothingToCopy: string;
  copied(count: number): string;
  copiedAlready: string;
  copiedShape: string;
  broadest: string;
  nowBroader(label: string): string;
  threshold: string;
  /** How many suggestions the threshold hides. */
  lessSure(count: number): string;
  lookAt(count: number, of: number): string;
  lookTitle(count: number): string;
  lookHint: string;
  lookSeen(seen: number, of: number): string;
  lookTake(accepted: number, rejected: number): string;
  lookRight: string;
  lookWrong: string;
  certain: string;
  certainty: Record<"sure" | "likely" | "unsure", string>;
  tree: string;
  treeHint: string;
  treeEmpty: string;
  treeFailed: string;
  treeMore(count: number): string;
  choose: string;
  chosen: string;
  examples(label: string): string;
  noExamples: string;
  narrower(count: number): string;
  /** Rows of the key map. */
  keys: readonly (readonly [keys: readonly string[], means: string])[];
}
