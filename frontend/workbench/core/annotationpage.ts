/** Reads pages of W3C annotations, and the lists of Open Annotation of Presentation 2, as shapes of a layer. */

import type { ConceptRef, LanguageMap } from "./contract.ts";
import { onCanvas, regionIn } from "./fragment.ts";
import type { Box, Point, Size } from "./geometry.ts";
import { idOf, isKind, isNode, labelOf, many, type Node, nodes, numberOf, plainText, text } from "./iiif.ts";
import type { Agreement, LayerShape } from "./layers.ts";
import { boundsOf, placeOf } from "./outline.ts";
import { outlinesIn } from "./svgpath.ts";

/** The canvas that a page is read for, and the reader's language. */
export interface Ground {
  readonly uri: string;
  readonly size: Size;
  /** The other canvases of the manifest: what stands there does not stand here. */
  readonly others: ReadonlySet<string>;
  readonly lang: string;
}

export interface ReadPage {
  readonly shapes: readonly LayerShape[];
  readonly label: LanguageMap;
  /** The collection that the page is a part of: it is the same layer on every canvas. */
  readonly collection: string | null;
  /** The next page of the same collection on this canvas. */
  readonly next: string | null;
}

/** Texts beyond this are cut in lists and on shapes. */
const LONGEST = 400;

/** Throws a TypeError for what is no page of annotations at all. */
export function readPage(document: unknown, address: string, ground: Ground): ReadPage {
  const page = isNode(document) ? document : {};
  const first = isKind(page, "AnnotationCollection") && isNode(page.first) ? page.first : page;
  const listed = Array.isArray(document) ? document : (first.items ?? first.resources);
  if (!Array.isArray(listed)) throw new TypeError("This is no page of annotations.");
  const [whole] = nodes(page.partOf);
  const shapes = nodes(listed).flatMap((node, index) =>
    shapeOf(node, `${idOf(page) || address}#${index}`, ground),
  );
  return {
    shapes,
    label: firstSaid(labelOf(whole?.label), labelOf(page.label)),
    collection: idOf(whole) || null,
    next: idOf(first.next) || null,
  };
}

const firstSaid = (...maps: readonly LanguageMap[]): LanguageMap =>
  maps.find((map) => Object.keys(map).length) ?? {};

function shapeOf(node: Node, otherwise: string, ground: Ground): LayerShape[] {
  const motivations = many(node.motivation).map((said) => text(said).replace(/^\w+:/, ""));
  if (motivations.includes("painting")) return [];
  const target = many(node.target ?? node.on).find((one) => isHere(one, ground));
  if (target === undefined) return [];
  const { concepts, texts } = said(node, motivations, ground.lang);
  const confidence = numberOf(node["rubricator:confidence"]);
  const agreement = agreementIn(node);
  const person = nameOf(node.creator);
  return [
    {
      id: idOf(node) || otherwise,
      ...placeIn(target, ground.size),
      concepts,
      text: cut([...new Set(texts)].join(" · ")),
      ...(confidence === null ? {} : { confidence }),
      ...(agreement ? { agreement } : {}),
      ...(person ? { person } : {}),
    },
  ];
}

const cut = (line: string): string =>
  line.length > LONGEST ? `${line.slice(0, LONGEST - 1).trimEnd()}…` : line;

function agreementIn(node: Node): Agreement | null {
  const share = numberOf(node["rubricator:support"]);
  return share !== null && share >= 0 && share <= 1 ? { share } : null;
}

function nameOf(creator: unknown): string {
  const [first] = nodes(creator);
  // Programs make annotations too; they are no people.
  if (!first || isKind(first, "Software")) return "";
  return text(first.nickname) || text(first.name);
}

// --- where ----------------------------------------------------------------------------------------

const bare = (uri: string): string =>
  uri
    .replace(/#.*$/s, "")
    .replace(/^https?:/, "")
    .replace(/\/$/, "");

const sourceOf = (target: unknown): string =>
  isNode(target) && (target.source ?? target.full) ? idOf(target.source ?? target.full) : idOf(target);

/** Whether a target is this canvas. Some name it otherwise than the manifest does: then it is, unless it is another. */
function isHere(target: unknown, { uri, others }: Ground): boolean {
  const source = bare(sourceOf(target));
  return source === bare(uri) || ![...others].some((other) => bare(other) === source);
}

type Where = Pick<LayerShape, "box" | "points">;
const EVERYWHERE: Where = { box: null };

function placeIn(target: unknown, size: Size): Where {
  const selectors = isNode(target) ? nodes(target.selector).flatMap(alternatives) : [];
  const found = selectors.map((selector) => selected(selector, size)).filter((where) => where.box !== null);
  // The outline says more than the box around it.
  const best = found.find(({ points }) => points?.length) ?? found[0];
  return best ?? fragmentIn(sourceOf(target), size) ?? fragmentIn(idOf(target), size) ?? EVERYWHERE;
}

/** A selector, or those of a choice of version 2. */
const alternatives = (selector: Node): Node[] =>
  isKind(selector, "Choice") ? [...nodes(selector.default), ...nodes(selector.item)] : [selector];

function fragmentIn(address: string, size: Size): Where | null {
  const at = address.indexOf("#");
  const box = at < 0 ? null : regionIn(address.slice(at), size);
  return box && { box };
}

function selected(selector: Node, size: Size): Where {
  const value = text(selector.value) || text(selector.chars);
  if (isKind(selector, "SvgSelector")) return outlined(outlinesIn(value), size);
  if (isKind(selector, "PointSelector")) {
    const [x, y] = [numberOf(selector.x), numberOf(selector.y)];
    return x === null || y === null ? EVERYWHERE : placeOf([[x, y]], size);
  }
  return { box: regionIn(value, size) };
}

/** One outline as it is; of several the box around all. */
function outlined(outlines: readonly (readonly Point[])[], size: Size): Where {
  const [first, ...more] = outlines;
  if (!first) return EVERYWHERE;
  const box: Box | null = onCanvas(boundsOf(outlines.flat()), size);
  return more.length || !box ? { box } : { box, points: first };
}

// --- what -----------------------------------------------------------------------------------------

interface Said {
  readonly concepts: ConceptRef[];
  readonly texts: string[];
}

function said(node: Node, motivations: readonly string[], lang: string): Said {
  const bodies = many(node.body ?? node.resource ?? node.bodyValue).map((body) => chosen(body, lang));
  const found: Said = { concepts: [], texts: [] };
  const isTagged =
    motivations.length > 0 && motivations.every((one) => ["tagging", "classifying"].includes(one));
  let open: string | null = null;
  for (const body of bodies) {
    const concept = conceptIn(body);
    if (concept) {
      found.concepts.push(concept);
      open = concept.id;
      continue;
    }
    const line = plainText(
      isNode(body) ? text(body.value) || text(body.chars) || text(body["cnt:chars"]) : text(body),
    );
    if (!line) continue;
    const isTag =
      isNode(body) && (body.purpose === "tagging" || isKind(body, "Tag") || (isTagged && !body.purpose));
    if (!isTag) found.texts.push(line);
    // The label of the concept that stands before it.
    else if (open && body && isNode(body) && body.purpose === "tagging") name(found.concepts, open, line);
    else found.concepts.push({ id: `tag ${line}`, label: line });
    open = null;
  }
  return found;
}

function name(concepts: ConceptRef[], id: string, label: string): void {
  const at = concepts.findIndex((concept) => concept.id === id);
  concepts[at] = { id, label };
}

/** Of a choice the one in the reader's language, else the first. */
function chosen(body: unknown, lang: string): unknown {
  if (!isNode(body) || !isKind(body, "Choice")) return body;
  const items = [...nodes(body.items), ...nodes(body.default), ...nodes(body.item)];
  return items.find(({ language }) => many(language).includes(lang)) ?? items[0];
}

/** A body that names something by its address. */
function conceptIn(body: unknown): ConceptRef | null {
  if (!isNode(body)) return null;
  const isNamed =
    isKind(body, "SpecificResource") ||
    ["classifying", "identifying", "linking"].includes(text(body.purpose));
  if (!isNamed || text(body.value)) return null;
  const source = body.source ?? body;
  const id = idOf(source);
  if (!id) return null;
  const labels = isNode(source) ? Object.values(labelOf(source.label ?? source.prefLabel)) : [];
  return { id, label: labels[0]?.[0] ?? lastOf(id) };
}

/** The end of an address, for what has no other name. */
const lastOf = (uri: string): string =>
  uri
    .replace(/[/#]+$/, "")
    .split(/[/#]/)
    .at(-1) || uri;
