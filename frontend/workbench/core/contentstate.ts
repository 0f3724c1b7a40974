/** Understands IIIF Content States: which manifest, which canvas, and which part of it is meant. */

import { idOf, isKind, isNode, many, type Node, nodes, numberOf, text } from "./iiif.ts";

export interface State {
  readonly manifest: string | null;
  readonly canvas: string | null;
  /** `xywh=…` of the canvas; empty for all of it. */
  readonly fragment: string;
}

/** Half a side of the square that a point is shown in, in canvas units. */
const AROUND_A_POINT = 100;

/** The first thing that a state points at; null when it points at nothing that can be shown. */
export function readState(state: unknown): State | null {
  const [first] = many(state);
  if (typeof first === "string") return { manifest: first, canvas: null, fragment: "" };
  if (!isNode(first)) return null;
  if (isKind(first, "Annotation")) return readState(first.target);
  if (isKind(first, "SpecificResource")) {
    const state = readState(first.source);
    return state && { ...state, fragment: fragmentOf(first) || state.fragment };
  }
  const [id = "", fragment = ""] = idOf(first).split("#");
  const manifest = manifestOf(first);
  if (isKind(first, "Manifest", "Collection"))
    return id ? { manifest: id, canvas: null, fragment: "" } : null;
  if (isKind(first, "Canvas")) return { manifest, canvas: id, fragment };
  return manifest ? { manifest, canvas: null, fragment: "" } : null;
}

function manifestOf({ partOf, within }: Node): string | null {
  const wholes = many(partOf ?? within);
  const said = nodes(wholes).find((whole) => isKind(whole, "Manifest"));
  return idOf(said ?? wholes[0]) || null;
}

function fragmentOf({ selector }: Node): string {
  for (const one of nodes(selector)) {
    const [x, y] = [numberOf(one.x), numberOf(one.y)];
    if (isKind(one, "PointSelector") && x !== null && y !== null) {
      const [left, top] = [Math.max(0, x - AROUND_A_POINT), Math.max(0, y - AROUND_A_POINT)];
      return `xywh=${left},${top},${2 * AROUND_A_POINT},${2 * AROUND_A_POINT}`;
    }
    const value = text(one.value).replace(/^#/, "");
    if (value.includes("xywh=")) return value;
  }
  return "";
}
