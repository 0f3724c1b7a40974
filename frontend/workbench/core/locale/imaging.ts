/** What is said about how the image is shown: light, turning, its layers, minimap, loupe, measuring. */

import type { Share } from "../imaging.ts";
import type { Length } from "../measuring.ts";
import type { Texts } from "./texts.ts";

export interface ImagingTexts {
  title: string;
  /** The name of the button while something is changed. */
  titleChanged: string;
  light: string;
  shares: Record<Share, string>;
  grey: string;
  invert: string;
  percent(share: number): string;
  turning: string;
  turnLeft: string;
  turnRight: string;
  mirror: string;
  angle: string;
  degrees(value: number): string;
  layers: string;
  imageNamed(number: number): string;
  choice(number: number): string;
  opacity(name: string): string;
  /** One of several images could not be loaded. */
  missing: string;
  /** Said when another choice is shown. */
  shown(name: string): string;
  aids: string;
  minimap: string;
  loupe: string;
  measure: string;
  measuring: string;
  measuringTouch: string;
  measuringKeys: string;
  endMeasuring: string;
  length(value: Length): string;
  measured(px: string, real: string): string;
  reset: string;
  /** Said of the view: turned and mirrored as it is. */
  stands(degrees: number, flipped: boolean): string;
  keys(without: readonly string[]): Texts["keyMap"][number];
}

/** A row of the key map without the keys that mean something else on a page. */
export const rowsWithout = (
  rows: Texts["keyMap"][number][1],
  without: readonly string[],
): Texts["keyMap"][number][1] => rows.filter(([keys]) => !keys.some((key) => without.includes(key)));
