/** Draws the lines of many shapes in few strokes: all of a style at once, and what is tiny on screen as a dot. */

import type { Box, Point } from "../core/geometry.ts";
import { isPoint, type Place } from "../core/outline.ts";
import type { Line } from "../core/pigments.ts";
import { corners, placeOnScreen, toScreen, type View } from "./view.ts";

export interface Stroked extends Place {
  /** A CSS colour, resolved. */
  readonly colour: string;
  readonly line?: Line | undefined;
  readonly faint?: boolean | undefined;
  /** How much it hides of what is below, 0 to 1; all where it is not said. */
  readonly opacity?: number | undefined;
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
/** An outline smaller than this on screen, both ways, is its box; and no pattern of a line would show on it. */
const SMALL_PX = 24;
/** Corners nearer to each other than this on screen are one. */
const FINE_PX = 1.5;
/** So many shapes are drawn as one path: with more a browser takes longer for it than for two. */
const AT_ONCE = 200;
/** From so many shapes in view on they have no pale edge any more: nothing could be told apart through it. */
export const CROWD = 1500;

/** With more than these in view a hurry makes a difference. */
const BUSY = 600;

/** Strokes shapes that are in view, in their order as far as styles allow: a style begins where its first shape lies. */
export function strokeAll(
  context: StrokeContext,
  view: View,
  shapes: readonly Stroked[],
  { hurried = false } = {},
): void {
  const crowded = shapes.length > CROWD;
  for (const alike of byStyle(shapes).values()) {
    const [style] = alike;
    if (style)
      strokeAlike(context, view, alike, { style, crowded, hurried: hurried && shapes.length > BUSY });
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
}

function byStyle(shapes: readonly Stroked[]): Map<string, Stroked[]> {
  const styles = new Map<string, Stroked[]>();
  for (const shape of shapes) {
    const style = `${shape.colour} ${shape.line} ${shape.faint} ${shape.opacity} ${shape.bare}`;
    const alike = styles.get(style);
    if (alike) alike.push(shape);
    else styles.set(style, [shape]);
  }
  return styles;
}

interface Manner {
  readonly style: Stroked;
  readonly crowded: boolean;
  /** As quickly as can be, until the view is at rest: thin, and without patterns. */
  readonly hurried: boolean;
}

function strokeAlike(context: StrokeContext, view: View, shapes: readonly Stroked[], manner: Manner): void {
  context.globalAlpha = (manner.style.faint ? 0.65 : 1) * (manner.style.opacity ?? 1);
  context.fillStyle = manner.style.colour;
  const small: Box[] = [];
  const large: Stroked[] = [];
  for (const shape of shapes) {
    const place = placeOnScreen(view, shape.box);
    const longest = isPoint(shape) ? Number.POSITIVE_INFINITY : Math.max(place[2], place[3]);
    if (longest < SPECK_PX) speck(context, place);
    else if (longest < SMALL_PX && manner.crowded) small.push(place);
    else if (manner.hurried && !shape.points?.length) small.push(place);
    else large.push(shape);
  }
  for (const place of small) edges(context, place);
  for (let from = 0; from < large.length; from += AT_ONCE) {
    context.beginPath();
    for (const shape of large.slice(from, from + AT_ONCE)) traceShape(context, view, shape);
    strokePath(context, manner);
  }
}

function speck(context: StrokeContext, [x, y, w, h]: Box): void {
  context.fillRect(x + (w - SPECK) / 2, y + (h - SPECK) / 2, SPECK, SPECK);
}

/** The four edges of a small box as filled lines on whole pixels: a browser draws thousands of these at once. */
function edges(context: StrokeContext, [x, y, w, h]: Box): void {
  const [left, top] = [Math.round(x), Math.round(y)];
  const [width, height] = [Math.max(2, Math.round(w)), Math.max(2, Math.round(h))];
  context.fillRect(left, top, width, 1);
  context.fillRect(left, top + height - 1, width, 1);
  context.fillRect(left, top, 1, height);
  context.fillRect(left + width - 1, top, 1, height);
}

function strokePath(context: StrokeContext, { style, crowded, hurried }: Manner): void {
  // A pale edge under the line keeps every pigment legible on ink and on paper.
  if (!style.bare && !crowded && !hurried) {
    context.setLineDash([]);
    context.strokeStyle = "rgb(255 252 244 / 0.7)";
    context.lineWidth = 4;
    context.stroke();
  }
  context.setLineDash(DASHES[hurried ? "solid" : (style.line ?? "solid")]);
  context.strokeStyle = style.colour;
  context.lineWidth = crowded || hurried ? 1.5 : 2.25;
  context.stroke();
}

/** The lines of a shape on screen: its outline; of a point a ring with a dot in it. */
function traceShape(context: StrokeContext, view: View, shape: Place): void {
  const { box, points } = shape;
  const [first] = points ?? [];
  if (!points?.length) trace(context, corners(view, box));
  else if (isPoint(shape) && first) {
    const at = toScreen(view, first);
    trace(context, circle(at, RING_PX));
    trace(context, circle(at, DOT_PX));
  } else trace(context, coarse(points.map((point) => toScreen(view, point))));
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
  let isFirst = true;
  for (const [x, y] of points) {
    if (isFirst) context.moveTo(x, y);
    else context.lineTo(x, y);
    isFirst = false;
  }
  context.closePath();
}
