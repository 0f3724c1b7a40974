/** What is said differently where outlines or points are drawn in the place of boxes, and what only they need. */

import type { Texts } from "./texts.ts";

/** The sentences of `Texts` that name a box. */
export type ShapeWords = Pick<
  Texts,
  | "imageHint"
  | "draw"
  | "shapes"
  | "noShapesHint"
  | "noShapesTouch"
  | "shapeNamed"
  | "position"
  | "twin"
  | "nextLabel"
  | "suggestionsHint"
  | "skipAndLose"
  | "needAnswer"
  | "needLabel"
  | "keyMap"
  | "reviewItems"
  | "undecided"
  | "addBox"
  | "allSaidNothing"
  | "reviewKeys"
>;

export interface DrawingTexts {
  /** While corners are set by hand. */
  sketching: string;
  /** While a crosshair is moved by keys. */
  aiming: Record<"polygon" | "point", string>;
  cornersSet(count: number): string;
  closeOutline: string;
  cornerBack: string;
  giveUp: string;
  crosses: string;
  corners(count: number): string;
  corner(number: number): string;
  removeCorner(number: number): string;
  cornerAfter(number: number): string;
  polygon: ShapeWords;
  point: ShapeWords;
}
