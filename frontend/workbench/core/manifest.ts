/** Reads IIIF Presentation 2 and 3 manifests as a viewer needs them: tolerantly, and only what is shown. */

import type { Canvas, LanguageMap } from "./contract.ts";
import { idOf, isKind, isNode, kindsOf, labelOf, many, type Node, nodes, numberOf, text } from "./iiif.ts";

export interface PageLink {
  readonly uri: string;
  readonly label: LanguageMap;
  /** The page itself, where it stands in the manifest. */
  readonly page: Node | null;
}

export interface Leaf extends Canvas {
  readonly thumbnail: string | null;
  readonly pages: readonly PageLink[];
  /** That more lies on it than the one image which is shown. */
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
  const paintings = paintingsOf(canvas);
  // The one that fills the canvas, if there is one.
  const painting = paintings.find(({ isWhole }) => isWhole) ?? paintings[0];
  const body = painting?.body ?? null;
  const width = numberOf(canvas.width) || numberOf(body?.width);
  const height = numberOf(canvas.height) || numberOf(body?.height);
  if (!uri) return null;
  const service = body ? serviceOf(body) : null;
  return {
    id: uri,
    uri,
    label: labelOf(canvas.label),
    // What only sounds has no size; it is listed all the same.
    width: width || 1000,
    height: height || 1000,
    image: {
      service: service?.uri ?? null,
      version: service?.version ?? null,
      url: body ? idOf(body) || null : null,
      width,
      height,
    },
    manifest,
    thumbnail: thumbnailOf(canvas, service),
    pages: pagesOf(canvas),
    isPartial: paintings.length > 1 || painting?.isWhole === false,
    hasImage: body !== null,
  };
}

interface Painting {
  readonly body: Node;
  readonly isWhole: boolean;
}

function paintingsOf(canvas: Node): Painting[] {
  const stated = nodes(canvas.items).flatMap(({ items }) => nodes(items));
  const annotations = stated.length ? stated : nodes(canvas.images);
  return annotations.flatMap((annotation): Painting[] => {
    const [body] = nodes(annotation.body ?? annotation.resource).flatMap(imageIn);
    const target = idOf(annotation.target ?? annotation.on);
    return body ? [{ body, isWhole: !target.includes("#xywh=") }] : [];
  });
}

/** The image of a body: the first of a choice, what a specific resource is about. */
function imageIn(body: Node): Node[] {
  if (isKind(body, "Choice")) {
    const choices = [...nodes(body.default), ...nodes(body.items), ...nodes(body.item)];
    return choices.flatMap(imageIn).slice(0, 1);
  }
  if (isKind(body, "SpecificResource")) return nodes(body.source ?? body.full).flatMap(imageIn);
  const isImage = isKind(body, "Image") || text(body.format).startsWith("image/") || serviceOf(body) !== null;
  return isImage ? [body] : [];
}

interface Service {
  readonly uri: string;
  readonly version: 2 | 3;
  /** It keeps a few sizes and makes no other. */
  readonly isStill: boolean;
}

function serviceOf(body: Node): Service | null {
  for (const service of nodes(body.service)) {
    const uri = idOf(service).replace(/\/$/, "");
    const facts = [...kindsOf(service), ...many(service["@context"]), ...many(service.profile)];
    const said = facts.map(String).join(" ");
    if (!uri || !/ImageService|image-api|\/api\/image\/|\/image\/\d/i.test(said)) continue;
    return { uri, version: /ImageService3|image\/3/.test(said) ? 3 : 2, isStill: said.includes("level0") };
  }
  return null;
}

const THUMBNAIL_PX = 160;

function thumbnailOf(canvas: Node, service: Service | null): string | null {
  const [stated] = many(canvas.thumbnail);
  const uri = idOf(stated);
  if (/^https?:/.test(uri)) return uri;
  return service && !service.isStill ? `${service.uri}/full/${THUMBNAIL_PX},/0/default.jpg` : null;
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
