/** Draws the lines of many shapes in few strokes: all of a style at once, and what is tiny on screen as a dot. */

import type { Box, Point } from "../core/geometry.ts";
import { isPoint, type Place } from "../core/outline.ts";
import type { Line } from "../core/pigments.ts";
import { corners, onScreen, toScreen, type View } from "./view.ts";

export interface Stroked extends Place {
  /** A CSS colour, resolved. */
  readonly colour: string;
  readonly line?: Line | undefined;
  readonly faint?: boolean | undefined;
  /** Without the pale edge: where many lie on top of each other it would hide what is below. */
  readonly bare?: boolean | undefined;
}

export type StrokeContext = Pick<
  CanvasRenderingContext2D,
  "beginPath" | "moveTo" | "lineTo" | "closePath" | "stroke" | "fillRect" | "setLineDash"
> & {
  strokeStyle: string | CanvasGradient | CanvasPattern;
  fillStyle: string | CanvasGradient | CanvasPattern;
  lineWidth: number;
  globalAlpha: number;
};

const DASHES: Readonly<Record<Line, number[]>> = {
  solid: [],
  dashed: [8, 5],
  dotted: [2, 4],
  "dash-dot": [10, 4, 2, 4],
};

/** The mark of a point, in CSS pixels: as large however near one looks. */
export const RING_PX = 9;
const DOT_PX = 1.5;
/** What is smaller than this on screen, both ways, is a dot: its outline would be nothing but ink. */
const SPECK_PX = 5;
const SPECK = 3;
/** Corners nearer to each other than this on screen are one. */
const FINE_PX = 0.75;
/** So many shapes are drawn as one path: with more a browser takes longer for it than for two. */
const AT_ONCE = 400;
/** From so many shapes in view on they have no pale edge any more: nothing could be told apart through it. */
export const CROWD = 1500;

/** Strokes shapes that are in view, in their order as far as styles allow: a style begins where its first shape lies. */
export function strokeAll(context: StrokeContext, view: View, shapes: readonly Stroked[]): void {
  const crowded = shapes.length > CROWD;
  for (const alike of byStyle(shapes).values()) {
    for (let from = 0; from < alike.length; from += AT_ONCE) {
      strokeAlike(context, view, alike.slice(from, from + AT_ONCE), crowded);
    }
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
}

function byStyle(shapes: readonly Stroked[]): Map<string, Stroked[]> {
  const styles = new Map<string, Stroked[]>();
  for (const shape of shapes) {
    const style = `${shape.colour} ${shape.line} ${shape.faint} ${shape.bare}`;
    const alike = styles.get(style);
    if (alike) alike.push(shape);
    else styles.set(style, [shape]);
  }
  return styles;
}

function strokeAlike(context: StrokeContext, view: View, shapes: readonly Stroked[], crowded: boolean): void {
  const [style] = shapes;
  if (!style) return;
  context.globalAlpha = style.faint ? 0.65 : 1;
  context.fillStyle = style.colour;
  context.beginPath();
  let traced = 0;
  for (const shape of shapes) {
    const place = onScreen(view, shape.box);
    if (isSpeck(shape, place)) {
      context.fillRect(place[0] + (place[2] - SPECK) / 2, place[1] + (place[3] - SPECK) / 2, SPECK, SPECK);
      continue;
    }
    for (const run of runsOf(view, shape)) trace(context, run);
    traced++;
  }
  if (!traced) return;
  // A pale edge under the line keeps every pigment legible on ink and on paper.
  if (!style.bare && !crowded) {
    context.setLineDash([]);
    context.strokeStyle = "rgb(255 252 244 / 0.7)";
    context.lineWidth = 4;
    context.stroke();
  }
  context.setLineDash(DASHES[style.line ?? "solid"]);
  context.strokeStyle = style.colour;
  context.lineWidth = crowded ? 1.5 : 2.25;
  context.stroke();
}

const isSpeck = (shape: Place, [, , w, h]: Box): boolean => w < SPECK_PX && h < SPECK_PX && !isPoint(shape);

/** The lines of a shape on screen: its outline; of a point a ring with a dot in it. */
function runsOf(view: View, shape: Place): (readonly Point[])[] {
  const { box, points } = shape;
  if (!points?.length) return [corners(view, box)];
  const [first] = points;
  if (isPoint(shape) && first) {
    const at = toScreen(view, first);
    return [circle(at, RING_PX), circle(at, DOT_PX)];
  }
  return [coarse(points.map((point) => toScreen(view, point)))];
}

/** Without the corners that fall on the one before: of a long outline seen from far most of them. */
function coarse(places: readonly Point[]): readonly Point[] {
  if (places.length < 12) return places;
  let [lastX, lastY] = [Number.NaN, Number.NaN];
  return places.filter(([x, y]) => {
    if (Math.abs(x - lastX) < FINE_PX && Math.abs(y - lastY) < FINE_PX) return false;
    [lastX, lastY] = [x, y];
    return true;
  });
}

const circle = ([x, y]: Point, radius: number): Point[] =>
  Array.from({ length: 20 }, (_, step) => {
    const turn = (step * Math.PI) / 10;
    return [x + radius * Math.cos(turn), y + radius * Math.sin(turn)] as const;
  });

function trace(context: StrokeContext, points: readonly Point[]): void {
  for (const [index, [x, y]] of points.entries()) {
    if (index) context.lineTo(x, y);
    else context.moveTo(x, y);
  }
  context.closePath();
}
