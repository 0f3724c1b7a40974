/** Writes W3C annotations: new ones, and changes of others that lose nothing of what stands in them besides. */

import type { Size } from "./geometry.ts";
import { isOutline, isPoint, placeOf } from "./outline.ts";
import type { Document, Said, Standing, Term } from "./shared.ts";

type Part = Readonly<Record<string, unknown>>;

const CONTEXT = "http://www.w3.org/ns/anno.jsonld";
const FRAGMENTS = "http://www.w3.org/TR/media-frags/";
const SELECTORS = new Set(["FragmentSelector", "SvgSelector", "PointSelector"]);
const OUR_MOTIVATIONS = new Set(["tagging", "commenting", "highlighting"]);

export interface Where {
  readonly canvas: string;
  readonly manifest: string | null;
  readonly size: Size;
  /** Of the texts that are written. */
  readonly lang: string;
}

/** What stands there, as something to draw and edit; null for what speaks of the whole canvas. */
export function saidIn(standing: Standing, size: Size): Said | null {
  const { box, points, concepts, document } = standing;
  const text = String(parts(document.body).find(isComment)?.value ?? "");
  const [point] = points;
  if (points.length === 1 && point) return { ...placeOf([point], size), concepts, text };
  if (!box) return null;
  return points.length ? { box, points, concepts, text } : { box, concepts, text };
}

export const saysTheSame = (a: Said | null, b: Said | null): boolean =>
  JSON.stringify(a && essence(a)) === JSON.stringify(b && essence(b));

const essence = ({ box, points, concepts, text }: Said) => [
  points?.length ? points : box,
  concepts.map(({ uri }) => uri),
  text,
];

/** Whether its place can be written anew without losing what we do not understand. */
export function isRewritable({ target }: Document, canvas: string): boolean {
  if (typeof target === "string") return bare(target) === canvas;
  if (!isPart(target) || Array.isArray(target)) return false;
  if (!Object.keys(target).every((key) => ["type", "source", "selector"].includes(key))) return false;
  const { source } = target;
  const uri = isPart(source) ? source.id : source;
  return (
    typeof uri === "string" &&
    bare(uri) === canvas &&
    parts(target.selector).every(
      (part) => SELECTORS.has(String(part.type)) && !("refinedBy" in part) && !("styleClass" in part),
    )
  );
}

/** The document that says this; what `document` says besides stays as it is. */
export function written(said: Said, document: Document | null, before: Said | null, where: Where): Document {
  if (!document) {
    return withBody(
      { "@context": CONTEXT, type: "Annotation", motivation: "", target: target(said, null, where) },
      said,
      null,
      where,
    );
  }
  const moved =
    !before || !saysTheSame({ ...said, concepts: [], text: "" }, { ...before, concepts: [], text: "" });
  const now = moved ? { ...document, target: target(said, document.target, where) } : document;
  const same = before && saysTheSame({ ...said, ...place(before) }, before);
  return same ? now : withBody(now, said, before, where);
}

const place = ({ box, points }: Said) => ({ box, points });

function target(said: Said, before: unknown, { canvas, manifest }: Where): Part {
  const known = isPart(before) ? before.source : null;
  const whole = {
    id: canvas,
    type: "Canvas",
    ...(manifest ? { partOf: [{ id: manifest, type: "Manifest" }] } : {}),
  };
  const source = isPart(known) && String(known.id) === canvas ? known : whole;
  const found = selectors(said);
  return { type: "SpecificResource", source, selector: found.length === 1 ? found[0] : found };
}

function selectors(said: Said): Part[] {
  const [point] = said.points ?? [];
  if (isPoint(said) && point) return [{ type: "PointSelector", x: point[0], y: point[1] }];
  const box = { type: "FragmentSelector", conformsTo: FRAGMENTS, value: `xywh=${said.box.join(",")}` };
  if (!isOutline(said)) return [box];
  const path = (said.points ?? []).map(([x, y], index) => `${index ? "L" : "M"}${x},${y}`).join(" ");
  return [
    box,
    { type: "SvgSelector", value: `<svg xmlns="http://www.w3.org/2000/svg"><path d="${path} Z"/></svg>` },
  ];
}

function withBody(document: Document, said: Said, before: Said | null, { lang }: Where): Document {
  const { body, ...rest } = document;
  const replaced = new Set((before?.concepts ?? []).flatMap(({ uri, label }) => [uri, label]));
  let comments = 0;
  const kept = parts(body).filter((part) => {
    if (isComment(part)) return comments++ > 0;
    const source = isPart(part.source) ? part.source.id : part.source;
    if (typeof source === "string" && replaced.has(source)) return false;
    return !(part.type === "TextualBody" && part.purpose === "tagging" && replaced.has(String(part.value)));
  });
  const all = [...said.concepts.flatMap((term) => label(term, lang)), ...comment(said.text, lang), ...kept];
  const motivation =
    OUR_MOTIVATIONS.has(String(rest.motivation ?? "")) || !rest.motivation ? motive(said) : rest.motivation;
  const now = { ...rest, motivation };
  return all.length ? { ...now, body: all } : now;
}

const motive = ({ concepts, text }: Said) =>
  concepts.length ? "tagging" : text ? "commenting" : "highlighting";

/** The concept classifies; its label is the tag that viewers print. */
const label = ({ uri, label: value }: Term, language: string): Part[] => [
  { type: "SpecificResource", source: uri, purpose: "classifying" },
  { type: "TextualBody", value, format: "text/plain", language, purpose: "tagging" },
];

const comment = (value: string, language: string): Part[] =>
  value ? [{ type: "TextualBody", value, format: "text/plain", language, purpose: "commenting" }] : [];

function isComment({ type, purpose, format = "text/plain", value }: Part): boolean {
  return (
    type === "TextualBody" &&
    typeof value === "string" &&
    format === "text/plain" &&
    (purpose === undefined || purpose === "commenting")
  );
}

const bare = (uri: string): string => uri.split("#")[0] ?? "";

const isPart = (value: unknown): value is Part => typeof value === "object" && value !== null;

/** One or many, as objects; what is only an address stays one. */
function parts(value: unknown): Part[] {
  const listed = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return listed.map((one) => (isPart(one) ? one : { id: one, source: one }));
}
