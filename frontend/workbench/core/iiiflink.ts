/** Reads the links that IIIF viewers give away when one drags their icon, pastes, or follows a region in an address. */

import type { Box, Size } from "./geometry.ts";

/** Content-state-encoding (IIIF Content State 1.0 §6.1). */
export const encodeState = (text: string): string =>
  btoa(encodeURIComponent(text)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** What to put behind `?iiif-content=` for something that was dropped or pasted; null when it is no IIIF link. */
export function contentStateIn(dropped: string): string | null {
  const text = dropped
    .split(/\r?\n/)
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .trim();
  if (/^[[{]/.test(text)) return isJson(text) ? encodeState(text) : null;
  const address = addressIn(text.split("\n")[0] ?? "");
  if (!address) return null;
  const state = address.searchParams.get("iiif-content");
  if (state) return /^[[{]/.test(state) ? encodeState(state) : state;
  return named(address) ?? address.href;
}

/** The convention of drag and drop: `…?manifest=…&canvas=…`, the address of a viewer around it. */
function named({ searchParams }: URL): string | null {
  const manifest = addressIn(searchParams.get("manifest") ?? "");
  const canvas = addressIn(searchParams.get("canvas") ?? "");
  if (!manifest) return null;
  if (!canvas) return manifest.href;
  const whole = { id: searchParams.get("manifest"), type: "Manifest" };
  return encodeState(JSON.stringify({ id: searchParams.get("canvas"), type: "Canvas", partOf: [whole] }));
}

/** The region in `#xywh=…` of an address, in canvas units and on the canvas; null without one. */
export function regionIn(hash: string, [width, height]: Size): Box | null {
  const match = /(?:^#?|&)xywh=(?:(pixel|percent):)?([\d.]+),([\d.]+),([\d.]+),([\d.]+)(?:&|$)/.exec(
    decodeURIComponent(hash.replace(/%(?![\da-f]{2})/gi, "%25")),
  );
  if (!match) return null;
  const [kx, ky] = match[1] === "percent" ? [width / 100, height / 100] : [1, 1];
  const [x = 0, y = 0, w = 0, h = 0] = match.slice(2).map(Number);
  return onCanvas([x * kx, y * ky, w * kx, h * ky], [width, height]);
}

/** The part of a box that lies on the canvas; null when nothing does. */
export function onCanvas([x, y, w, h]: Box, [width, height]: Size): Box | null {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(width, x + w), Math.min(height, y + h)];
  return right > left && bottom > top ? [left, top, right - left, bottom - top] : null;
}

function addressIn(text: string): URL | null {
  const address = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  return address && /^https?:$/.test(address.protocol) ? address : null;
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}
