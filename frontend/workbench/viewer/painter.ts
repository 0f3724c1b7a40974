/** Paints resting shapes on a 2D canvas: only those in view, each in a pigment, a line pattern and with its label. */

import { type Box, overlaps, type Point } from "../core/geometry.ts";
import { isPoint, type Place } from "../core/outline.ts";
import { corners, onScreen, seen, toScreen, type View } from "./view.ts";

export type Line = "solid" | "dashed" | "dotted" | "dash-dot";

export interface PaintedShape extends Place {
  readonly id: string;
  /** A CSS colour, resolved. */
  readonly colour: string;
  readonly line?: Line | undefined;
  readonly label?: string | undefined;
  readonly faint?: boolean | undefined;
  /** Without the pale edge: where many lie on top of each other it would hide what is below. */
  readonly bare?: boolean | undefined;
}

type Context = Pick<
  CanvasRenderingContext2D,
  | "beginPath"
  | "moveTo"
  | "lineTo"
  | "closePath"
  | "stroke"
  | "fill"
  | "fillRect"
  | "fillText"
  | "measureText"
  | "setLineDash"
  | "clearRect"
  | "rect"
  | "setTransform"
> & {
  strokeStyle: string | CanvasGradient | CanvasPattern;
  fillStyle: string | CanvasGradient | CanvasPattern;
  lineWidth: number;
  globalAlpha: number;
  font: string;
  textBaseline: CanvasTextBaseline;
};

const DASHES: Readonly<Record<Line, number[]>> = {
  solid: [],
  dashed: [8, 5],
  dotted: [2, 4],
  "dash-dot": [10, 4, 2, 4],
};

const LABEL_FONT = "600 12px system-ui, sans-serif";
const LABEL_HEIGHT = 18;
/** A label needs this much box beside it, in CSS pixels, to be worth its ink. */
const LABEL_FROM_PX = 26;
/** The mark of a point, in CSS pixels: as large however near one looks. */
const RING_PX = 9;
const DOT_PX = 1.5;

/** Clears and paints; answers how many shapes were in view. */
export function paint(
  context: Context,
  view: View,
  shapes: readonly PaintedShape[],
  { ratio = 1, region = null }: { ratio?: number; region?: Box | null } = {},
): number {
  const [width, height] = view.stage;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  if (region) shade(context, view, region);
  const window = seen(view);
  const visible = shapes.filter((shape) => overlaps(shape.box, window));
  for (const shape of visible) paintShape(context, view, shape);
  context.globalAlpha = 1;
  context.setLineDash([]);
  paintLabels(context, view, visible);
  return visible.length;
}

function paintShape(context: Context, view: View, shape: PaintedShape): void {
  for (const run of runsOf(view, shape)) paintRun(context, run, shape);
}

/** The lines of a shape on screen: its outline; of a point a ring with a dot in it. */
function runsOf(view: View, shape: PaintedShape): (readonly Point[])[] {
  const { box, points } = shape;
  if (!points?.length) return [corners(view, box)];
  const places = points.map((point) => toScreen(view, point));
  const [first] = places;
  return isPoint(shape) && first ? [circle(first, RING_PX), circle(first, DOT_PX)] : [places];
}

const circle = ([x, y]: Point, radius: number): Point[] =>
  Array.from({ length: 20 }, (_, step) => {
    const turn = (step * Math.PI) / 10;
    return [x + radius * Math.cos(turn), y + radius * Math.sin(turn)] as const;
  });

function paintRun(context: Context, points: readonly Point[], shape: PaintedShape): void {
  trace(context, points);
  context.globalAlpha = shape.faint ? 0.65 : 1;
  // A pale edge under the line keeps every pigment legible on ink and on paper.
  context.setLineDash([]);
  context.strokeStyle = "rgb(255 252 244 / 0.7)";
  context.lineWidth = 4;
  if (!shape.bare) context.stroke();
  context.setLineDash(DASHES[shape.line ?? "solid"]);
  context.strokeStyle = shape.colour;
  context.lineWidth = 2.25;
  context.stroke();
}

/** Labels stand above their box; one that would cover another is left out: the list beside the image has them all. */
function paintLabels(context: Context, view: View, shapes: readonly PaintedShape[]): void {
  const taken: Box[] = [];
  context.font = LABEL_FONT;
  context.textBaseline = "middle";
  for (const shape of shapes) {
    if (!shape.label) continue;
    const [x, y, w, h] = labelled(view, shape);
    if (Math.max(w, h) < LABEL_FROM_PX) continue;
    const width = context.measureText(shape.label).width + 10;
    const top = y >= LABEL_HEIGHT ? y - LABEL_HEIGHT - 1 : y + 2;
    const place: Box = [x - 1, top, width, LABEL_HEIGHT];
    if (taken.some((other) => overlaps(other, place))) continue;
    taken.push(place);
    context.globalAlpha = shape.faint ? 0.85 : 1;
    context.fillStyle = shape.colour;
    context.fillRect(...place);
    context.fillStyle = "#fffcf4";
    context.fillText(shape.label, place[0] + 5, top + LABEL_HEIGHT / 2 + 0.5);
  }
  context.globalAlpha = 1;
}

/** What a label stands above, on screen: the box, from the corner of it that is top left; of a point its mark. */
function labelled(view: View, shape: PaintedShape): Box {
  const [point] = shape.points ?? [];
  if (!point || !isPoint(shape)) {
    const [, , w, h] = onScreen(view, shape.box);
    // Of a box on a turned view no corner need be both; the way down counts twice.
    const [x, y] = corners(view, shape.box).reduce((a, b) => (b[0] + 2 * b[1] < a[0] + 2 * a[1] ? b : a));
    return [x, y, w, h];
  }
  const [x, y] = toScreen(view, point);
  return [x - LABEL_FROM_PX / 2, y - RING_PX - 3, LABEL_FROM_PX, LABEL_FROM_PX];
}

/** Dims what lies outside the region in question. */
function shade(context: Context, view: View, region: Box): void {
  const [width, height] = view.stage;
  context.beginPath();
  context.rect(0, 0, width, height);
  const [a, b, c, d] = corners(view, region);
  // Wound the other way round, so that the region is a hole.
  for (const [index, point] of [a, d, c, b].entries()) {
    if (index) context.lineTo(...(point as [number, number]));
    else context.moveTo(...(point as [number, number]));
  }
  context.closePath();
  context.globalAlpha = 0.55;
  context.fillStyle = "#1c1712";
  context.fill("evenodd");
  context.globalAlpha = 1;
}

function trace(context: Context, points: readonly Point[]): void {
  context.beginPath();
  for (const [index, [x, y]] of points.entries()) {
    if (index) context.lineTo(x, y);
    else context.moveTo(x, y);
  }
  context.closePath();
}
