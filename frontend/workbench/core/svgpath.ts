/** Reads the outline out of the SVG of a W3C selector: as corners, curves as short lines. Knows no DOM and runs nothing. */

import type { Point } from "./geometry.ts";

/** A curve becomes so many lines. */
const STEPS = 12;
/** Longer documents are no selector but a drawing. */
const LONGEST = 400_000;

/** The outlines of an SVG, each with its corners. */
export function outlinesIn(svg: string): Point[][] {
  if (svg.length > LONGEST) return [];
  const found: Point[][] = [];
  for (const match of svg.matchAll(/<(?:[\w-]+:)?(path|polygon|polyline|rect|circle|ellipse)\b([^>]*)>/gi)) {
    const [, kind = "", text = ""] = match;
    found.push(...outlinesOf(kind.toLowerCase(), attributesIn(text)));
  }
  return found.filter((points) => points.length >= 3 && points.every(([x, y]) => Number.isFinite(x + y)));
}

type Attributes = Readonly<Record<string, string>>;

function attributesIn(text: string): Attributes {
  const pairs = [...text.matchAll(/([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  return Object.fromEntries(pairs.map(([, name = "", a, b]) => [name.toLowerCase(), a ?? b ?? ""]));
}

function outlinesOf(kind: string, attributes: Attributes): Point[][] {
  const number = (name: string) => Number.parseFloat(attributes[name] ?? "0");
  if (kind === "path") return pathIn(attributes.d ?? "");
  if (kind === "rect") {
    const [x, y, w, h] = [number("x"), number("y"), number("width"), number("height")];
    return [[[x, y], [x + w, y], [x + w, y + h], [x, y + h]]]; // biome-ignore format: four corners
  }
  if (kind === "circle" || kind === "ellipse") {
    const [rx, ry] = kind === "circle" ? [number("r"), number("r")] : [number("rx"), number("ry")];
    return [round(number("cx"), number("cy"), rx, ry)];
  }
  const numbers = numbersIn(attributes.points ?? "");
  return [
    Array.from({ length: numbers.length >> 1 }, (_, at) => [numbers[2 * at] ?? 0, numbers[2 * at + 1] ?? 0]),
  ];
}

const round = (cx: number, cy: number, rx: number, ry: number): Point[] =>
  Array.from({ length: 32 }, (_, step) => {
    const turn = (step * Math.PI) / 16;
    return [cx + rx * Math.cos(turn), cy + ry * Math.sin(turn)];
  });

const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi;
const numbersIn = (text: string): number[] => (text.match(NUMBER) ?? []).map(Number);

/** How many numbers each command takes. */
const TAKES: Readonly<Record<string, number>> = {
  M: 2,
  L: 2,
  H: 1,
  V: 1,
  C: 6,
  S: 4,
  Q: 4,
  T: 2,
  A: 7,
  Z: 0,
};

interface Pen {
  at: Point;
  start: Point;
  /** The last control point, for the smooth curves. */
  control: Point | null;
  run: Point[];
  runs: Point[][];
}

function pathIn(d: string): Point[][] {
  const pen: Pen = { at: [0, 0], start: [0, 0], control: null, run: [], runs: [] };
  for (const [, letter = "", text = ""] of d.matchAll(/([a-z])([^a-df-z]*)/gi)) {
    const takes = TAKES[letter.toUpperCase()];
    if (takes === undefined) return [];
    const numbers = letter.toUpperCase() === "A" ? arcNumbers(text) : numbersIn(text);
    if (takes === 0) close(pen);
    for (let from = 0; takes > 0 && from + takes <= numbers.length; from += takes) {
      // Further pairs behind a move are lines.
      const command = from && letter === "M" ? "L" : from && letter === "m" ? "l" : letter;
      step(pen, command, numbers.slice(from, from + takes));
    }
  }
  close(pen);
  return pen.runs;
}

/** The two flags of an arc may be written without anything between them: `a5 5 0 011 1`. */
function arcNumbers(text: string): number[] {
  const found: number[] = [];
  let rest = text;
  while (rest) {
    const isFlag = found.length % 7 === 3 || found.length % 7 === 4;
    const match = (isFlag ? /[01]/ : new RegExp(NUMBER.source, "i")).exec(rest);
    if (!match) break;
    found.push(Number(match[0]));
    rest = rest.slice(match.index + match[0].length);
  }
  return found;
}

function close(pen: Pen): void {
  if (pen.run.length) pen.runs.push(pen.run);
  pen.run = [];
  pen.at = pen.start;
  pen.control = null;
}

function step(pen: Pen, letter: string, n: readonly number[]): void {
  const command = letter.toUpperCase();
  const [ox, oy] = letter === command ? [0, 0] : pen.at;
  const point = (index: number): Point => [(n[index] ?? 0) + ox, (n[index + 1] ?? 0) + oy];
  const before = pen.control;
  pen.control = null;
  if (command === "M") {
    close(pen);
    pen.start = pen.at = point(0);
    pen.run = [pen.at];
    return;
  }
  if (!pen.run.length) pen.run = [pen.at];
  if (command === "H") line(pen, [(n[0] ?? 0) + ox, pen.at[1]]);
  else if (command === "V") line(pen, [pen.at[0], (n[0] ?? 0) + oy]);
  else if (command === "C") curve(pen, [point(0), point(2), point(4)]);
  else if (command === "S") curve(pen, [mirrored(pen.at, before), point(0), point(2)]);
  else if (command === "Q") curve(pen, [point(0), point(2)]);
  else if (command === "T") curve(pen, [mirrored(pen.at, before), point(0)]);
  else line(pen, point(n.length - 2));
}

const mirrored = ([x, y]: Point, control: Point | null): Point =>
  control ? [2 * x - control[0], 2 * y - control[1]] : [x, y];

function line(pen: Pen, to: Point): void {
  pen.run.push(to);
  pen.at = to;
}

/** A Bézier curve of whatever degree, by de Casteljau's construction. An arc becomes its chord. */
function curve(pen: Pen, points: readonly Point[]): void {
  const all = [pen.at, ...points];
  for (let step = 1; step <= STEPS; step++) pen.run.push(between(all, step / STEPS));
  pen.control = points.at(-2) ?? null;
  pen.at = points.at(-1) ?? pen.at;
}

function between(points: readonly Point[], share: number): Point {
  if (points.length === 1) return points[0] ?? [0, 0];
  const nearer = points.slice(1).map(([x, y], index): Point => {
    const [px, py] = points[index] ?? [0, 0];
    return [px + (x - px) * share, py + (y - py) * share];
  });
  return between(nearer, share);
}
