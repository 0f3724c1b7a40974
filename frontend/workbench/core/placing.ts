/** Where an image lies in the viewer's world, so that the part of it that is used covers its place on the canvas. */

import type { Box, Point, Size } from "./geometry.ts";

export interface Placement {
  /** World position of the image's top left corner before it is turned about its middle, and its width there. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly degrees: number;
  /** The part that is shown, in the image's pixels; null for all of it. */
  readonly clip: Box | null;
}

export interface Placed {
  readonly place: Box | null;
  readonly part: Box | null;
  readonly rotation: number | null;
  /** The image's own pixels. */
  readonly size: Size;
}

/**
 * World units per canvas unit along each axis, in a world as wide as the canvas is one. The image that stands for the
 * canvas fills its place even where it has another shape: the axes then differ.
 */
export function unitOf([width, height]: Size, image: Placed): Point {
  const [, , w, h] = image.place ?? [0, 0, width, height];
  const [bw, bh] = turnedSize(usedSize(image), image.rotation ?? 0);
  return [1 / width, (w * bh) / (bw * h * width)];
}

/** An image is never stretched: one of another shape than its place is as wide, and has its middle there. */
export function placementOf(image: Placed, canvas: Size, [kx, ky]: Point): Placement {
  const [x, y, w, h] = image.place ?? [0, 0, ...canvas];
  const degrees = image.rotation ?? 0;
  const used = usedSize(image);
  const scale = (w * kx) / turnedSize(used, degrees)[0];
  const [iw, ih] = image.size;
  const part = image.part ?? [0, 0, iw, ih];
  // From the middle of the image to the middle of what is used of it, as it lies when the image is turned.
  const [ox, oy] = turned([part[0] + part[2] / 2 - iw / 2, part[1] + part[3] / 2 - ih / 2], degrees);
  const middle: Point = [(x + w / 2) * kx - ox * scale, (y + h / 2) * ky - oy * scale];
  return {
    x: middle[0] - (iw * scale) / 2,
    y: middle[1] - (ih * scale) / 2,
    width: iw * scale,
    degrees,
    clip: image.part,
  };
}

const usedSize = ({ part, size }: Placed): Size => (part ? [part[2], part[3]] : size);

/** Cosine and sine, exact at quarter turns. */
export function cosSin(degrees: number): Point {
  const quarter = (((degrees / 90) % 4) + 4) % 4;
  const exact = ([[1, 0], [0, 1], [-1, 0], [0, -1]] as const)[quarter]; // biome-ignore format: four in a row
  return exact ?? [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
}

/** Clockwise about the origin, where y grows downwards. */
export function turned([x, y]: Point, degrees: number): Point {
  const [cos, sin] = cosSin(degrees);
  return [cos * x - sin * y, sin * x + cos * y];
}

/** Width and height of the upright rectangle around a turned one. */
export function turnedSize([w, h]: Size, degrees: number): Size {
  const [cos, sin] = cosSin(degrees).map(Math.abs) as [number, number];
  return [w * cos + h * sin, w * sin + h * cos];
}
