/**
 * The pixels of a part of a canvas, grey, read in the browser from the image service that the viewer shows.
 *
 * In the browser and not on our server: the picture is at hand here, each box would cost the institution a request of ours,
 * and IIIF asks image services to let other sites read (Image API 3.0 §7.2). Where one does not, nothing is tightened.
 */

import type { Canvas } from "../core/contract.ts";
import type { Box } from "../core/geometry.ts";
import type { Edges, Gray } from "../core/ink.ts";

/** More would tell no more of where ink ends. */
const LONGEST_PX = 640;
const MARGIN_SHARE = 0.15;
const MARGIN_PX = 4;

export class Unreadable extends Error {}

export interface Part {
  readonly gray: Gray;
  /** The box within the part, in its pixels. */
  readonly box: Edges;
  /** From pixels of the part to canvas space. */
  readonly back: (edges: Edges) => Box;
}

/** A box of a canvas with a margin around it. Throws `Unreadable`. */
export async function partAround(canvas: Canvas, [x, y, w, h]: Box): Promise<Part> {
  const [wide, high] = [canvas.image.width ?? canvas.width, canvas.image.height ?? canvas.height];
  const [sx, sy] = [wide / canvas.width, high / canvas.height];
  const margin = Math.max(w * sx, h * sy) * MARGIN_SHARE + MARGIN_PX;
  const left = Math.max(0, Math.floor(x * sx - margin));
  const top = Math.max(0, Math.floor(y * sy - margin));
  const width = Math.min(wide, Math.ceil((x + w) * sx + margin)) - left;
  const height = Math.min(high, Math.ceil((y + h) * sy + margin)) - top;
  const scale = Math.min(1, LONGEST_PX / Math.max(width, height));
  const [across, down] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const address = cropOf(canvas, [left, top, width, height], across, down);
  const picture = await loaded(address ?? canvas.image.url ?? "");
  const source = address
    ? ([0, 0, picture.naturalWidth, picture.naturalHeight] as const)
    : within(picture, [left / wide, top / high, width / wide, height / high]);
  const gray = grayOf(picture, source, across, down);
  const [px, py] = [across / width, down / height];
  return {
    gray,
    box: {
      left: (x * sx - left) * px,
      top: (y * sy - top) * py,
      right: ((x + w) * sx - left) * px,
      bottom: ((y + h) * sy - top) * py,
    },
    back: (edges) => [
      (edges.left / px + left) / sx,
      (edges.top / py + top) / sy,
      (edges.right - edges.left) / px / sx,
      (edges.bottom - edges.top) / py / sy,
    ],
  };
}

/** The address of a region at a size; null where there is no service that could cut it. */
export function cropOf({ image }: Canvas, region: Box, width: number, height: number): string | null {
  const service = image.service?.replace(/\/(info\.json)?$/, "");
  if (!service) return null;
  const whole = width === region[2] && height === region[3];
  const size = whole
    ? image.version === 3
      ? "max"
      : "full"
    : image.version === 3
      ? `${width},${height}`
      : `${width},`;
  return `${service}/${region.join(",")}/${size}/0/default.jpg`;
}

const within = ({ naturalWidth: w, naturalHeight: h }: HTMLImageElement, [x, y, across, down]: Box): Box => [
  x * w,
  y * h,
  across * w,
  down * h,
];

function loaded(address: string): Promise<HTMLImageElement> {
  return new Promise((done, failed) => {
    if (!address) return failed(new Unreadable());
    const picture = new Image();
    picture.crossOrigin = "anonymous";
    picture.onload = () => done(picture);
    picture.onerror = () => failed(new Unreadable());
    picture.src = address;
  });
}

function grayOf(picture: HTMLImageElement, [x, y, w, h]: Box, width: number, height: number): Gray {
  const paper = document.createElement("canvas");
  Object.assign(paper, { width, height });
  const pen = paper.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Unreadable();
  pen.drawImage(picture, x, y, w, h, 0, 0, width, height);
  const { data } = pen.getImageData(0, 0, width, height);
  const luma = new Uint8Array(width * height);
  for (let at = 0; at < luma.length; at++) {
    const [red = 0, green = 0, blue = 0] = data.subarray(4 * at, 4 * at + 3);
    luma[at] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
  }
  return { width, height, luma };
}
