/** Draws the edges of a box to the ink in it, and remembers whether each box is to be tightened as it is drawn. */

import { partAround, Unreadable } from "../api/pixels.ts";
import type { Canvas } from "../core/contract.ts";
import { type Box, cleaned, fitted, iou } from "../core/geometry.ts";
import { inkIn } from "../core/ink.ts";
import type { AssistTexts } from "../core/locale/assist.ts";

const REMEMBERED = "rubricator-tightens";
/** So alike a box and its ink are the same. */
const SAME = 0.985;

/** The ink in a box; null where there is none. Throws where the pixels cannot be read. */
export async function inkAround(canvas: Canvas, place: Box): Promise<Box | null> {
  const { gray, box, back } = await partAround(canvas, place);
  const edges = inkIn(gray, box);
  return edges && fitted(cleaned(back(edges)), [canvas.width, canvas.height]);
}

export const isTight = (box: Box, ink: Box): boolean => iou(ink, box) > SAME;

/** Why a box stays as it is. */
export const whyNotTightened = (error: unknown, texts: AssistTexts): string =>
  error instanceof Unreadable || error instanceof DOMException ? texts.unreadable : texts.noInk;

export function readTightens(): boolean {
  try {
    return localStorage.getItem(REMEMBERED) === "1";
  } catch {
    return false;
  }
}

export function keepTightens(tightens: boolean): void {
  try {
    localStorage.setItem(REMEMBERED, tightens ? "1" : "");
  } catch {
    // Where the browser keeps nothing it holds for this page.
  }
}
