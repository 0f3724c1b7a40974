/** What is said at the wall of crops. */

import type { Touched } from "../sorting.ts";

export interface SortingTexts {
  title: string;
  labels: string;
  findLabel: string;
  noLabel: string;
  noneFound: string;
  counted(count: number, narrower: number): string;
  state: Record<"merged" | "decided", string>;
  order: string;
  orders: Record<"outliers" | "page" | "confidence", string>;
  narrower: string;
  size: string;
  hint: string;
  touchHint: string;
  wall(label: string, total: number): string;
  item(number: number, total: number): string;
  shownOf(shown: number, total: number): string;
  more: string;
  emptyMerged: string;
  emptyDecided: string;
  emptyAll: string;
  emptyAllText: string;
  chooseLabel: string;
  selected(count: number, total: number, label: string): string;
  keptBeside(count: number): string;
  ownAmong(count: number): string;
  accept: string;
  reject: string;
  relabel: string;
  open: string;
  none: string;
  undo: string;
  verdicts: Record<string, string>;
  keptAs(verdict: string): string;
  own: string;
  askTitle: Record<"accepted" | "rejected" | "corrected", (count: number) => string>;
  touches(touched: Touched): string;
  because: string;
  reasons: readonly string[];
  reasonNeeded: string;
  cancel: string;
  newLabel: string;
  done(decided: number, kept: number, spoken: number): string;
  refused(count: number, sentence: string): string;
  undone(back: number, kept: number): string;
  notSent: string;
  sending: string;
  keys: readonly [string, readonly (readonly [keys: readonly string[], means: string])[]];
}
