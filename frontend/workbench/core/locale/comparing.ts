/** What is said where two regions stand beside each other. */

import type { Texts } from "./texts.ts";

export interface ComparingTexts {
  /** The two pictures, for who does not see them. */
  pair: string;
  left(label: string): string;
  right(label: string): string;
  swap: string;
  swapped(left: string): string;
  link: string;
  linked: string;
  unlinked: string;
  overlay: string;
  overlaid: string;
  sideBySide: string;
  /** How much of the upper picture is seen. */
  opacity: string;
  tools: string;
  keys: Texts["keyMap"][number];
}
