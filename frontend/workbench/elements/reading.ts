/** Opens manifests and their pages of annotations for a reader's element: what to show, or why there is nothing. */

import { readJson, Unreadable } from "../api/elsewhere.ts";
import { type Ground, readPage } from "../core/annotationpage.ts";
import { readState, type State } from "../core/contentstate.ts";
import { textIn } from "../core/contract.ts";
import { isKind, isNode } from "../core/iiif.ts";
import type { Layer } from "../core/layers.ts";
import type { Texts } from "../core/locale/texts.ts";
import { type Book, type Leaf, NoManifest, type PageLink, readManifest } from "../core/manifest.ts";
import { decodeState } from "./iiiflink.ts";

/** Pages of one collection on one canvas that are followed. */
const MOST_PAGES = 20;

export interface Opened {
  readonly book: Book;
  readonly index: number;
  /** The region that was asked for, as a fragment. */
  readonly fragment: string;
  /** Whether a canvas was asked for that is not there. */
  readonly isElsewhere: boolean;
}

export interface Wanted {
  readonly manifest: string;
  readonly state: string;
  /** An address, or a number counted from 1. */
  readonly canvas: string;
}

/** A reason that is told as a sentence. */
export class Refusal extends Error {
  constructor(readonly say: (texts: Texts) => string) {
    super("Nothing can be shown.");
  }
}

/** Throws a `Refusal` for what cannot be shown. */
export async function open(wanted: Wanted, signal: AbortSignal): Promise<Opened> {
  try {
    return await opened(wanted, signal);
  } catch (error) {
    if (error instanceof Unreadable) throw new Refusal(({ reading }) => failed(error, reading));
    if (error instanceof NoManifest) throw new Refusal(({ reading }) => reading[error.kind]);
    throw error;
  }
}

async function opened({ manifest, state, canvas }: Wanted, signal: AbortSignal): Promise<Opened> {
  const said = state ? stateOf(decodeState(state)) : null;
  const address = said?.manifest ?? manifest;
  if (!address) throw new Refusal(({ reading }) => (state ? reading.noState : reading.nothingGiven));
  const document = await readJson(new URL(address, globalThis.document.baseURI).href, signal);
  // The address of a state led to a state: what that points at is opened in its place, once.
  if (said && !said.canvas && isNode(document) && isKind(document, "Annotation")) {
    const further = stateOf(document);
    if (!further.manifest) throw new Refusal(({ reading }) => reading.noState);
    const book = readManifest(await readJson(further.manifest, signal), further.manifest);
    return placed(book, further.canvas ?? canvas, further.fragment);
  }
  return placed(readManifest(document, address), said?.canvas ?? canvas, said?.fragment ?? "");
}

function stateOf(decoded: unknown): State {
  const state = readState(decoded);
  if (!state) throw new Refusal(({ reading }) => reading.noState);
  return state;
}

function placed(book: Book, canvas: string, fragment: string): Opened {
  const [wanted = "", within = ""] = canvas.split("#");
  const byNumber = /^\d+$/.test(wanted) ? Number(wanted) - 1 : -1;
  const at = (uri: string | null) => book.leaves.findIndex((leaf) => leaf.uri === uri);
  const index = byNumber >= 0 && byNumber < book.leaves.length ? byNumber : at(wanted);
  const start = Math.max(0, at(book.start));
  const isElsewhere = wanted !== "" && index < 0;
  return {
    book,
    index: index < 0 ? start : index,
    fragment: isElsewhere ? "" : fragment || within,
    isElsewhere,
  };
}

function failed({ failure }: Unreadable, reading: Texts["reading"]): string {
  return failure.kind === "status"
    ? reading.status(failure.host, failure.status)
    : reading[failure.kind](failure.host);
}

export interface ReadLayers {
  readonly layers: readonly Layer[];
  /** How many pages could not be read. */
  readonly failed: number;
}

/** The annotations on a canvas, a layer for each page that it links, and for each of the `further` addresses. */
export async function layersOf(
  book: Book,
  leaf: Leaf,
  { lang, further, signal }: { lang: string; further: readonly string[]; signal: AbortSignal },
): Promise<ReadLayers> {
  const others = new Set(book.leaves.map(({ uri }) => uri).filter((uri) => uri !== leaf.uri));
  const ground: Ground = { uri: leaf.uri, size: [leaf.width, leaf.height], others, lang };
  const links = [...leaf.pages, ...further.map((uri): PageLink => ({ uri, label: {}, page: null }))];
  const found = await Promise.allSettled(links.map((link) => layerOf(link, ground, signal)));
  signal.throwIfAborted();
  const layers = found.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  return { layers: joined(layers, lang), failed: found.length - layers.length };
}

async function layerOf({ uri, label, page }: PageLink, ground: Ground, signal: AbortSignal): Promise<Layer> {
  const address = (of: string) => new URL(of, globalThis.document.baseURI).href;
  const first = readPage(page ?? (await readJson(address(uri), signal)), uri, ground);
  const shapes = [...first.shapes];
  let { next } = first;
  for (let pages = 1; next && pages < MOST_PAGES; pages++) {
    const further = readPage(await readJson(address(next), signal), next, ground);
    shapes.push(...further.shapes);
    next = further.next === next ? null : further.next;
  }
  const title = textIn(first.label, ground.lang) || textIn(label, ground.lang);
  const id = first.collection ?? uri;
  return { id, title: { [ground.lang]: title }, kind: "imported", shapes };
}

/** Pages of one collection are one layer; what has no name is called annotations; nothing stands there twice. */
function joined(found: readonly Layer[], lang: string): Layer[] {
  const layers = new Map<string, Layer>();
  for (const layer of found) {
    const known = layers.get(layer.id);
    const ids = new Set(known?.shapes.map(({ id }) => id));
    const shapes = [...(known?.shapes ?? []), ...layer.shapes.filter(({ id }) => !ids.has(id))];
    layers.set(layer.id, { ...layer, ...known, shapes });
  }
  const full = [...layers.values()].filter(({ shapes }) => shapes.length);
  const unnamed = full.filter(({ title }) => !title[lang]);
  const name = (layer: Layer) =>
    unnamed.length < 2 ? "Annotations" : `Annotations ${unnamed.indexOf(layer) + 1}`;
  return full.map((layer) => (layer.title[lang] ? layer : { ...layer, title: { [lang]: name(layer) } }));
}
