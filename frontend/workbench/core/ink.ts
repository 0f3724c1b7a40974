/**
 * Finds the ink in a box: dark strokes on a lighter ground, without the specks, rules and neighbours around them.
 *
 * The threshold between ink and ground is Otsu's (1979, A threshold selection method from gray-level histograms), on the
 * box with a margin, after the ground has been made even. Staff lines, ruling and frames, which run through the picture,
 * are not the thing in it; what lies mostly outside belongs to a neighbour.
 */

/** `luma`: 0 black to 255 white, row by row. */
export interface Gray {
  readonly width: number;
  readonly height: number;
  readonly luma: Uint8Array;
}

/** Edges in pixels; `right` and `bottom` are the first beyond. */
export interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** How much darker than the ground ink is at least, in levels, and how far apart both stand for their own unevenness. */
const LEAST_CONTRAST = 28;
const LEAST_APART = 2.8;
/** More ink than this is no drawing on a ground. */
const MOST_INK = 0.9;
/** A piece this much smaller than the largest is a speck. */
const SPECK_SHARE = 0.006;
const SPECK_PX = 4;
/** A rule is a run along this share of the picture to its edge, no thicker than the other share. */
const RULE_LENGTH = 0.35;
const RULE_THICKNESS = 0.06;

/** The smallest edges around the ink in a box; null where there is no clear ink. */
export function inkIn(gray: Gray, box: Edges): Edges | null {
  const dark = darkIn(gray);
  if (!dark) return null;
  withoutRules(dark, gray.width, gray.height);
  const pieces = piecesOf(dark, gray.width, gray.height, box);
  const mine = pieces.filter(
    (piece) => piece.inside * 2 >= piece.size && piece.size >= SPECK_PX && !spans(piece, gray),
  );
  const largest = Math.max(0, ...mine.map(({ size }) => size));
  const kept = mine.filter(({ size }) => size >= largest * SPECK_SHARE);
  if (!kept.length) return null;
  const edge = (of: (piece: Piece) => number, best: (...values: number[]) => number) => best(...kept.map(of));
  // What runs on beyond the picture has no edge in it: there the box stays as it was drawn.
  const left = edge((piece) => piece.left, Math.min);
  const top = edge((piece) => piece.top, Math.min);
  const right = edge((piece) => piece.right, Math.max);
  const bottom = edge((piece) => piece.bottom, Math.max);
  return {
    left: left <= 0 ? box.left : left,
    top: top <= 0 ? box.top : top,
    right: right >= gray.width ? box.right : right,
    bottom: bottom >= gray.height ? box.bottom : bottom,
  };
}

/** Whether a piece goes from one side of the picture to the other: the edge of the page, or a shadow on it. */
const spans = ({ left, top, right, bottom }: Edges, { width, height }: Gray): boolean =>
  (left <= 0 && right >= width) || (top <= 0 && bottom >= height);

/** Which pixels are ink: 1 or 0 each; null where ink and ground cannot be told apart. */
function darkIn(gray: Gray): Uint8Array | null {
  const even = evened(gray);
  const histogram = new Float64Array(256);
  for (const level of even) histogram[level] = (histogram[level] ?? 0) + 1;
  const found = otsu(histogram, even.length);
  if (!found) return null;
  const { level, contrast, apart, share } = found;
  if (contrast < LEAST_CONTRAST || apart < LEAST_APART || share > MOST_INK) return null;
  const dark = new Uint8Array(even.length);
  for (let at = 0; at < even.length; at++) dark[at] = (even[at] ?? 255) <= level ? 1 : 0;
  return dark;
}

interface Split {
  readonly level: number;
  readonly contrast: number;
  /** Distance of the two means in standard deviations within them. */
  readonly apart: number;
  /** Of the darker part. */
  readonly share: number;
}

function otsu(histogram: Float64Array, count: number): Split | null {
  let [sum, squares] = [0, 0];
  for (let level = 0; level < 256; level++) {
    sum += level * (histogram[level] ?? 0);
    squares += level * level * (histogram[level] ?? 0);
  }
  const total = squares / count - (sum / count) ** 2;
  let [best, found, below, belowSum]: [number, Split | null, number, number] = [0, null, 0, 0];
  for (let level = 0; level < 255; level++) {
    below += histogram[level] ?? 0;
    belowSum += level * (histogram[level] ?? 0);
    const above = count - below;
    if (!below || !above) continue;
    const contrast = (sum - belowSum) / above - belowSum / below;
    const share = below / count;
    const between = share * (1 - share) * contrast ** 2;
    if (between <= best) continue;
    best = between;
    const within = Math.sqrt(Math.max(total - between, 0.25));
    found = { level, contrast, apart: contrast / within, share };
  }
  return found;
}

const CELL = 24;

/** The picture on an even ground: shadows and stains across it are taken out by what is light around each place. */
function evened({ width, height, luma }: Gray): Uint8Array {
  const columns = Math.max(1, Math.round(width / CELL));
  const rows = Math.max(1, Math.round(height / CELL));
  const grounds: number[] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      grounds.push(groundOf(luma, width, height, column, row, columns, rows));
  const lightest = Math.max(...grounds, 1);
  // Where a cell is full of ink its ground is not seen: it is not darker than half the lightest.
  const safe = grounds.map((ground) => Math.max(ground, lightest * 0.6));
  const even = new Uint8Array(luma.length);
  for (let y = 0; y < height; y++) {
    const v = Math.min(Math.max(((y + 0.5) * rows) / height - 0.5, 0), rows - 1);
    for (let x = 0; x < width; x++) {
      const u = Math.min(Math.max(((x + 0.5) * columns) / width - 0.5, 0), columns - 1);
      const ground = between(safe, u, v, columns, rows);
      even[y * width + x] = Math.min(255, Math.round(((luma[y * width + x] ?? 0) * lightest) / ground));
    }
  }
  return even;
}

/** The level that nine in ten pixels of a cell are darker than. */
function groundOf(
  luma: Uint8Array,
  width: number,
  height: number,
  column: number,
  row: number,
  columns: number,
  rows: number,
): number {
  const [x0, x1] = [Math.floor((column * width) / columns), Math.ceil(((column + 1) * width) / columns)];
  const [y0, y1] = [Math.floor((row * height) / rows), Math.ceil(((row + 1) * height) / rows)];
  const counts = new Uint32Array(256);
  for (let y = y0; y < y1; y++)
    for (let x = x0; x < x1; x++) {
      const level = luma[y * width + x] ?? 0;
      counts[level] = (counts[level] ?? 0) + 1;
    }
  let left = ((x1 - x0) * (y1 - y0)) / 10;
  for (let level = 255; level > 0; level--) {
    left -= counts[level] ?? 0;
    if (left <= 0) return level;
  }
  return 0;
}

function between(values: readonly number[], u: number, v: number, columns: number, rows: number): number {
  const [x, y] = [Math.floor(u), Math.floor(v)];
  const [nextX, nextY] = [Math.min(x + 1, columns - 1), Math.min(y + 1, rows - 1)];
  const at = (column: number, row: number) => values[row * columns + column] ?? 255;
  const upper = at(x, y) + (at(nextX, y) - at(x, y)) * (u - x);
  const lower = at(x, nextY) + (at(nextX, nextY) - at(x, nextY)) * (u - x);
  return Math.max(1, upper + (lower - upper) * (v - y));
}

/** Takes out what is long and thin and runs to the edge of the picture: staff lines, ruling, frames; both ways. */
function withoutRules(dark: Uint8Array, width: number, height: number): void {
  const across = runs(dark, { along: 1, lines: height, length: width, step: width });
  const down = runs(dark, { along: width, lines: width, length: height, step: 1 });
  const thin = (side: number) => Math.max(3, Math.round(side * RULE_THICKNESS));
  const rule = (long: Uint16Array, thick: Uint16Array, length: number, most: number) =>
    dark.map((is, at) => (is && (long[at] ?? 0) >= length * RULE_LENGTH && (thick[at] ?? 0) <= most ? 1 : 0));
  const lying = rule(across, down, width, thin(height));
  const standing = rule(down, across, height, thin(width));
  erase(dark, lying, width, height, (at) => runsOut(dark, at, 1, at % width, width));
  erase(dark, standing, width, height, (at) => runsOut(dark, at, width, Math.floor(at / width), height));
}

/** Whether the run around a place, which stands `place` steps along its line, reaches an edge of the picture. */
function runsOut(dark: Uint8Array, at: number, along: number, place: number, length: number): boolean {
  let [from, to] = [place, place];
  while (from > 0 && dark[at - (place - from + 1) * along]) from--;
  while (to < length - 1 && dark[at + (to - place + 1) * along]) to++;
  return from === 0 || to === length - 1;
}

/** Erases the rules that run out of the picture, and what hangs together with them: askew they come in steps. */
function erase(
  dark: Uint8Array,
  rule: Uint8Array,
  width: number,
  height: number,
  out: (at: number) => boolean,
): void {
  const everywhere = { left: 0, top: 0, right: width, bottom: height };
  const seen = new Uint8Array(rule.length);
  for (let at = 0; at < rule.length; at++)
    if (rule[at] && !seen[at] && out(at)) pieceAt(rule, seen, width, height, everywhere, at);
  for (let at = 0; at < dark.length; at++) if (seen[at]) dark[at] = 0;
}

interface Along {
  /** Steps in the picture: along a run, and to the next line. */
  readonly along: number;
  readonly step: number;
  readonly lines: number;
  readonly length: number;
}

/** For each dark pixel how long the run is in which it lies. */
function runs(dark: Uint8Array, { along, step, lines, length }: Along): Uint16Array {
  const lengths = new Uint16Array(dark.length);
  for (let line = 0; line < lines; line++) {
    for (let place = 0; place < length; place++) {
      const from = place;
      while (place < length && dark[line * step + place * along]) place++;
      for (let each = from; each < place; each++) lengths[line * step + each * along] = place - from;
    }
  }
  return lengths;
}

interface Piece extends Edges {
  readonly size: number;
  /** How many of its pixels lie in the box. */
  readonly inside: number;
}

/** The connected pieces (eight neighbours) that have something in the box. */
function piecesOf(dark: Uint8Array, width: number, height: number, box: Edges): Piece[] {
  const seen = new Uint8Array(dark.length);
  const pieces: Piece[] = [];
  for (let y = Math.max(0, Math.floor(box.top)); y < Math.min(height, box.bottom); y++)
    for (let x = Math.max(0, Math.floor(box.left)); x < Math.min(width, box.right); x++)
      if (dark[y * width + x] && !seen[y * width + x])
        pieces.push(pieceAt(dark, seen, width, height, box, y * width + x));
  return pieces;
}

function pieceAt(
  dark: Uint8Array,
  seen: Uint8Array,
  width: number,
  height: number,
  box: Edges,
  start: number,
): Piece {
  const waiting = [start];
  seen[start] = 1;
  let [left, top, right, bottom, size, inside] = [width, height, 0, 0, 0, 0];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const [x, y] = [at % width, Math.floor(at / width)];
    size++;
    if (x >= box.left && x < box.right && y >= box.top && y < box.bottom) inside++;
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x + 1), Math.max(bottom, y + 1)];
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++)
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
        const next = ny * width + nx;
        if (!dark[next] || seen[next]) continue;
        seen[next] = 1;
        waiting.push(next);
      }
  }
  return { left, top, right, bottom, size, inside };
}
