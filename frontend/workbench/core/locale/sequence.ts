/** What is said where several questions are asked in sequence. */

import type { Texts } from "./texts.ts";

export interface SequenceTexts {
  steps: string;
  stepOf(number: number, count: number): string;
  standing: Record<"done" | "open" | "ahead" | "moot", string>;
  /** Why a step is not asked: what it depends on. */
  because(prompt: string): string;
  goTo(number: number, prompt: string): string;
  onward: string;
  keys: Texts["keyMap"][number];
  /** A step under review that is not asked after what stands before it. */
  add: string;
  moot: string;
}
