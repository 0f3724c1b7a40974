/** What is said of several items under review at once. */

import type { Texts } from "./texts.ts";

export interface SheafTexts {
  acceptAll(count: number): string;
  rejectAll(count: number): string;
  mergeAll(count: number): string;
  accepted(count: number): string;
  rejected(count: number): string;
  merged(count: number): string;
  labelled(count: number, label: string): string;
  /** Why there is no label to choose, or nothing to merge. */
  differentSteps: string;
  notMergeable: string;
  keys: Texts["keyMap"][number];
}
