/**
 * Finds a place for the labels of shapes: none covers another, and moving about changes nothing. Places are counted
 * from the canvas's corner and depend on the scale alone, never on what is in view: no label flickers while one pans.
 */

import { type Box, overlaps } from "../core/geometry.ts";

export interface Labelled {
  readonly id: string;
  readonly text: string;
  /** What it belongs to, in pixels from the canvas's corner. */
  readonly box: Box;
  /** Those with more come first. */
  readonly weight: number;
  /** Comes before all others, and is told even where it is small. */
  readonly picked?: boolean;
}

export interface PlacedLabel {
  readonly id: string;
  readonly text: string;
  readonly box: Box;
}

export const LABEL_HEIGHT = 18;
/** Room at both ends of the text. */
export const PAD = 5;
/** A shape needs this much of a side, in pixels, to be worth its label's ink. */
export const LABEL_FROM_PX = 26;
/** Longer texts end with an ellipsis. */
export const LONGEST_PX = 200;
/** Between a label and its shape, and between two labels. */
const GAP = 1;

/** The labels that have room, in the order of their rank; the same for the same shapes in whatever order they come. */
export function placeLabels(
  shapes: readonly Labelled[],
  canvas: Box,
  widthOf: (text: string) => number,
): PlacedLabel[] {
  const taken = new Taken();
  return ranked(shapes).flatMap((shape): PlacedLabel[] => {
    const text = shortened(shape.text, LONGEST_PX, widthOf);
    if (!text) return [];
    const width = Math.ceil(widthOf(text)) + 2 * PAD;
    const box = freePlace(shape.box, width, canvas, taken);
    if (!box) return [];
    taken.add(box);
    return [{ id: shape.id, text, box }];
  });
}

/** Those worth a label: the picked one, then by weight, by size, and by id so that nothing is left to chance. */
function ranked(shapes: readonly Labelled[]): Labelled[] {
  const size = ({ box }: Labelled) => box[2] * box[3];
  return shapes
    .filter(({ box, picked }) => picked || Math.max(box[2], box[3]) >= LABEL_FROM_PX)
    .sort(
      (a, b) =>
        Number(b.picked ?? false) - Number(a.picked ?? false) ||
        b.weight - a.weight ||
        size(b) - size(a) ||
        (a.id < b.id ? -1 : Number(a.id > b.id)),
    );
}

/** The first place that is free: above, below, inside, and the same at the other end; first those on the canvas. */
function freePlace([x, y, w, h]: Box, width: number, canvas: Box, taken: Taken): Box | undefined {
  const [left, right] = [x - GAP, x + w + GAP - width];
  const [above, below] = [y - LABEL_HEIGHT - GAP, y + h + GAP];
  const [top, bottom] = [y + GAP + 1, y + h - LABEL_HEIGHT - GAP - 1];
  const [start, end] = [x + GAP + 1, x + w - width - GAP - 1];
  const isRoomy = w >= width + 4 && h >= LABEL_HEIGHT + 6;
  let beyond: Box | undefined;
  const tried = (px: number, py: number): Box | undefined => {
    const place: Box = [px, py, width, LABEL_HEIGHT];
    if (!taken.isFree(place)) return undefined;
    if (within(place, canvas)) return place;
    beyond ??= place;
    return undefined;
  };
  return (
    tried(left, above) ??
    tried(left, below) ??
    (isRoomy ? tried(start, top) : undefined) ??
    tried(right, above) ??
    tried(right, below) ??
    (isRoomy ? (tried(end, top) ?? tried(start, bottom) ?? tried(end, bottom)) : undefined) ??
    beyond
  );
}

const within = ([x, y, w, h]: Box, [left, top, width, height]: Box): boolean =>
  x >= left - GAP && y >= top - GAP && x + w <= left + width + GAP && y + h <= top + height + GAP;

/** As much of a text as has room, ending with an ellipsis where it is not all of it; never half a character. */
export function shortened(text: string, room: number, widthOf: (text: string) => number): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (widthOf(line) <= room) return line;
  const letters = [...line];
  let [fits, tooLong] = [0, letters.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (widthOf(`${letters.slice(0, middle).join("")}…`) <= room) fits = middle;
    else tooLong = middle;
  }
  return fits ? `${letters.slice(0, fits).join("").trimEnd()}…` : "";
}

/** The places that are taken, by the cells of a grid, so that a new one is compared with its neighbours only. */
class Taken {
  static readonly #CELL = 128;
  readonly #cells = new Map<number, Box[]>();

  isFree(box: Box): boolean {
    return this.#keys(box).every((key) => !this.#cells.get(key)?.some((other) => overlaps(other, box)));
  }

  add(box: Box): void {
    for (const key of this.#keys(box)) {
      const cell = this.#cells.get(key);
      if (cell) cell.push(box);
      else this.#cells.set(key, [box]);
    }
  }

  #keys([x, y, w, h]: Box): number[] {
    const cell = (value: number) => Math.floor(value / Taken.#CELL);
    const keys: number[] = [];
    for (let column = cell(x); column <= cell(x + w); column++) {
      for (let row = cell(y); row <= cell(y + h); row++) keys.push(column * 1_000_003 + row);
    }
    return keys;
  }
}
