/** Reads IIIF Presentation 2 and 3 manifests as a viewer needs them: tolerantly, and only what is shown. */

import type { Canvas, LanguageMap } from "./contract.ts";
import { idOf, isKind, isNode, kindsOf, labelOf, many, type Node, nodes, numberOf } from "./iiif.ts";
import { paintingsOf, type ReadImage } from "./painting.ts";

export interface PageLink {
  readonly uri: string;
  readonly label: LanguageMap;
  /** The page itself, where it stands in the manifest. */
  readonly page: Node | null;
}

export interface Leaf extends Canvas {
  readonly thumbnail: string | null;
  readonly pages: readonly PageLink[];
  /** That more lies on it than its images. */
  readonly isPartial: boolean;
  readonly hasImage: boolean;
}

export interface Book {
  readonly uri: string;
  readonly label: LanguageMap;
  readonly leaves: readonly Leaf[];
  /** The canvas to begin with, if the manifest says one. */
  readonly start: string | null;
}

/** Why something is no manifest; `kind` for the sentence that says so. */
export class NoManifest extends Error {
  constructor(readonly kind: "collection" | "empty" | "other") {
    super(`This is no manifest (${kind}).`);
  }
}

export function readManifest(document: unknown, address: string): Book {
  if (!isNode(document)) throw new NoManifest("other");
  if (isKind(document, "Collection")) throw new NoManifest("collection");
  const canvases = canvasesOf(document);
  if (!canvases && !isKind(document, "Manifest")) throw new NoManifest("other");
  const uri = idOf(document) || address;
  const about = {
    id: uri,
    label: labelOf(document.label),
    rights: rightsOf(document),
    required_statement: statementOf(document),
  };
  const leaves = (canvases ?? []).flatMap((canvas) => leafOf(canvas, about) ?? []);
  if (!leaves.length) throw new NoManifest("empty");
  return { uri, label: about.label, leaves, start: startOf(document) };
}

function canvasesOf(document: Node): readonly Node[] | null {
  const first = nodes(document.sequences).find(({ canvases }) => canvases);
  const listed = first ? first.canvases : document.items;
  if (listed === undefined) return null;
  return nodes(listed).filter((node) => isKind(node, "Canvas") || "images" in node);
}

const rightsOf = (document: Node): string | null =>
  idOf(many(document.rights ?? document.license)[0]) || null;

function statementOf(document: Node): { label: LanguageMap; value: LanguageMap } | null {
  const { requiredStatement, attribution } = document;
  if (isNode(requiredStatement)) {
    return { label: labelOf(requiredStatement.label), value: labelOf(requiredStatement.value) };
  }
  return attribution
    ? { label: { en: ["Attribution"], fr: ["Attribution"] }, value: labelOf(attribution) }
    : null;
}

function startOf(document: Node): string | null {
  const { start } = document;
  const said = isNode(start) && start.source ? idOf(start.source) : idOf(start);
  const [sequence] = nodes(document.sequences);
  return said || idOf(sequence?.startCanvas) || idOf(document.startCanvas) || null;
}

function leafOf(canvas: Node, manifest: NonNullable<Canvas["manifest"]>): Leaf | null {
  const uri = idOf(canvas);
  if (!uri) return null;
  const stated = [numberOf(canvas.width) || 0, numberOf(canvas.height) || 0] as const;
  const { images, others } = paintingsOf(canvas, stated[0] && stated[1] ? stated : null);
  // The one that fills the canvas, if there is one, stands for it.
  const base = images.find(({ place }) => !place) ?? images[0];
  const first = base?.choices[0];
  // What only sounds has no size; it is listed all the same.
  const [width, height] = [stated[0] || first?.width || 1000, stated[1] || first?.height || 1000];
  const { service = null, version = null, url = null } = first ?? {};
  return {
    id: uri,
    uri,
    label: labelOf(canvas.label),
    width,
    height,
    image: { service, version, url, width: first?.width ?? width, height: first?.height ?? height },
    images,
    manifest,
    thumbnail: thumbnailOf(canvas, first ?? null),
    pages: pagesOf(canvas),
    isPartial: images.length > 0 && others > 0,
    hasImage: first !== undefined,
  };
}

const THUMBNAIL_PX = 160;

function thumbnailOf(canvas: Node, image: ReadImage | null): string | null {
  const [stated] = many(canvas.thumbnail);
  const uri = idOf(stated);
  if (/^https?:/.test(uri)) return uri;
  return image?.service && !image.isStill ? `${image.service}/full/${THUMBNAIL_PX},/0/default.jpg` : null;
}

/** The pages of annotations that a canvas links, in version 3; in version 2 its lists. */
function pagesOf(canvas: Node): PageLink[] {
  return [...many(canvas.annotations), ...many(canvas.otherContent)].flatMap((link): PageLink[] => {
    const uri = idOf(link);
    if (!isNode(link)) return uri ? [{ uri, label: {}, page: null }] : [];
    const isPage =
      !kindsOf(link).length || isKind(link, "AnnotationPage", "AnnotationList", "AnnotationCollection");
    const isWhole = "items" in link || "resources" in link;
    if (!isPage || !(uri || isWhole)) return [];
    return [
      { uri: uri || `${idOf(canvas)}#annotations`, label: labelOf(link.label), page: isWhole ? link : null },
    ];
  });
}
