/** Lengths on a canvas, in its own units and, where its manifest has a scale, as long as they really are. */

import type { Point } from "./geometry.ts";

/** Real length of one canvas unit. */
export interface Scale {
  readonly factor: number;
  readonly units: "mm" | "cm" | "in";
}

/** A length with the unit one says it in. */
export interface Length {
  readonly value: number;
  readonly unit: "mm" | "cm" | "m" | "in" | "px";
}

const MM: Readonly<Record<Scale["units"], number>> = { mm: 1, cm: 10, in: 25.4 };
const DIGITS = 3;

export const lengthOf = (a: Point, b: Point): number => Math.hypot(b[0] - a[0], b[1] - a[1]);

/** Three figures are as good as a hand and a pixel allow. */
const rounded = (value: number): number =>
  value >= 10 ** DIGITS ? Math.round(value) : Number(value.toPrecision(DIGITS));

/** A real length of `units` canvas units, in the units that its manifest counts in; metric ones as fits. */
export function realLength(units: number, scale: Scale): Length {
  if (scale.units === "in") return { value: rounded(units * scale.factor), unit: "in" };
  const mm = units * scale.factor * MM[scale.units];
  if (rounded(mm) < 100) return { value: rounded(mm), unit: "mm" };
  if (rounded(mm / 10) < 1000) return { value: rounded(mm / 10), unit: "cm" };
  return { value: rounded(mm / 1000), unit: "m" };
}

/** Tenths only where there are few. */
export const inCanvasUnits = (units: number): Length => ({
  value: units < 100 ? Math.round(units * 10) / 10 : Math.round(units),
  unit: "px",
});

/** The longest round length (1, 2 or 5 and noughts) that fits in so many pixels, and how many it takes. */
export function scaleBar(scale: Scale, pixelsPerUnit: number, room: number): { length: Length; px: number } {
  const most = (room / pixelsPerUnit) * scale.factor;
  const step = 10 ** Math.floor(Math.log10(most));
  const round = [5, 2, 1].map((times) => times * step).find((value) => value <= most * (1 + 1e-9)) ?? step;
  const units = round / scale.factor;
  return { length: realLength(units, scale), px: units * pixelsPerUnit };
}
