/** Draws score-like pages pixel by pixel, with clefs at known places, and cuts PNG tiles from them. */

import { deflateSync } from "node:zlib";

export const PAGES = 6;

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
  readonly clefs: readonly (readonly [x: number, y: number, w: number, h: number])[];
}

const made = new Map<number, Picture>();

export function page(index: number): Picture {
  const known = made.get(index) ?? draw(index);
  made.set(index, known);
  return known;
}

function draw(index: number): Picture {
  const [width, height] = [1400, 1900];
  const grey = new Uint8Array(width * height);
  let seed = 7 + index * 9973;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  for (let i = 0; i < grey.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const edge = Math.min(x, y, width - x, height - y);
    grey[i] =
      232 + 8 * Math.sin(x / 210 + index) * Math.cos(y / 170) - Math.max(0, 26 - edge / 3) + random() * 6;
  }
  const ink = (x: number, y: number, value = 40) => {
    if (x >= 0 && y >= 0 && x < width && y < height)
      grey[Math.round(y) * width + Math.round(x)] = value + random() * 30;
  };
  const disc = (cx: number, cy: number, r: number) => {
    for (let y = -r; y <= r; y++)
      for (let x = -r; x <= r; x++) if (x * x + y * y <= r * r) ink(cx + x, cy + y);
  };
  const clefs: Picture["clefs"][number][] = [];
  for (let row = 0; row < 7; row++) {
    const top = 190 + row * 225;
    for (let line = 0; line < 5; line++)
      for (let x = 130; x < width - 130; x++)
        for (let k = 0; k < 2; k++) ink(x, top + line * 18 + k + 2 * Math.sin(x / 300), 70);
    for (const end of [130, width - 130]) for (let y = 0; y < 74; y++) disc(end, top + y, 1);
    for (let a = 0; a < 6.6; a += 0.02)
      disc(172 + 20 * Math.cos(a) * (1 - a / 14), top + 40 + 52 * Math.sin(a * 0.95) * (1 - a / 12), 3);
    clefs.push([146, top - 16, 56, 112]);
    for (let note = 0; note < 16; note++) {
      const [nx, ny] = [270 + note * 62 + random() * 14, top + Math.floor(random() * 9) * 9];
      for (let y = -7; y <= 7; y++)
        for (let x = -9; x <= 9; x++) if ((x * x) / 81 + (y * y) / 49 <= 1) ink(nx + x, ny + y - x * 0.35);
      for (let y = 0; y < 58; y++) disc(nx + 8, ny - y, 1);
    }
  }
  return { width, height, grey, clefs };
}

/** A part of the picture at a size, as PNG. Nearest pixel of a coarse mean: good enough to look at. */
export function tilePng(
  picture: Picture,
  [x, y, w, h]: readonly number[],
  [width = 1, height = 1]: readonly number[],
): Buffer {
  const raw = Buffer.alloc(height * (1 + width * 3));
  const [fx, fy] = [(w ?? 1) / width, (h ?? 1) / height];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const value = mean(picture, (x ?? 0) + column * fx, (y ?? 0) + row * fy, fx, fy);
      const at = row * (1 + width * 3) + 1 + column * 3;
      raw[at] = Math.min(255, value * 1.02);
      raw[at + 1] = value * 0.965;
      raw[at + 2] = value * 0.86;
    }
  }
  return png(width, height, raw);
}

function mean({ grey, width, height }: Picture, x: number, y: number, w: number, h: number): number {
  let [sum, count] = [0, 0];
  const step = Math.max(1, Math.floor(w / 3));
  for (let py = Math.floor(y); py < Math.max(y + h, y + 1); py += step) {
    for (let px = Math.floor(x); px < Math.max(x + w, x + 1); px += step) {
      sum += grey[Math.min(py, height - 1) * width + Math.min(px, width - 1)] ?? 0;
      count++;
    }
  }
  return sum / Math.max(count, 1);
}

function png(width: number, height: number, raw: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(raw, { level: 1 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "ascii"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), body.length + 4);
  return out;
}

function crc(data: Buffer): number {
  let value = ~0;
  for (const byte of data) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return ~value >>> 0;
}
