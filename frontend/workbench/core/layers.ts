/** Layers of annotations: which of their shapes are shown, in which colour and with which words, and what that means. */

import type { ConceptRef, Titles } from "./contract.ts";
import type { Box, Point } from "./geometry.ts";
import type { Place } from "./outline.ts";
import { BONE, type Line, Palette, stepOf, VERMILION } from "./pigments.ts";

/** As `Layer.Kind` on the server; what comes from elsewhere is imported. */
export type LayerKind =
  | "contributions"
  | "predictions"
  | "consensus"
  | "ground-truth"
  | "decisions"
  | "imported"
  | "personal"
  | "context";

export interface LayerShape {
  readonly id: string;
  /** None for what is said of the whole canvas. */
  readonly box: Box | null;
  /** The corners of an outline within the box, or one point. */
  readonly points?: readonly Point[] | undefined;
  readonly concepts: readonly ConceptRef[];
  readonly text?: string;
  /** How sure a model was, 0 to 1. */
  readonly confidence?: number | null;
  /** The pseudonym under which it was said. */
  readonly person?: string | null;
  /** How many said it, of those who saw the place. */
  readonly agreement?: Agreement | null;
}

/** `share` alone where a document does not say how many people there were. */
export interface Agreement {
  readonly share: number;
  readonly support?: number | null;
  readonly seen?: number | null;
}

export interface Layer {
  readonly id: string;
  readonly title: Titles;
  readonly kind?: LayerKind;
  /** How it is shown as long as nobody has chosen. */
  readonly usual?: Partial<LayerSettings>;
  /** That its page paints it in vermilion, where it is coloured as a layer. */
  readonly isRed?: boolean;
  /** That its page itself says what its usual colours mean. */
  readonly isExplained?: boolean;
  readonly shapes: readonly LayerShape[];
}

export const WAYS = ["layer", "concept", "person", "confidence", "agreement"] as const;
export type ColourBy = (typeof WAYS)[number];
export type Measure = "confidence" | "agreement";

export interface LayerSettings {
  readonly shown: boolean;
  readonly by: ColourBy;
  /** Shapes of a smaller share are left out; those that have none stay. */
  readonly least: number;
  /** How much its shapes hide of what is below them: a share, never so small that they could not be seen. */
  readonly opacity: number;
}

/** A layer fainter than this would look like one that is hidden. */
export const FAINTEST = 0.1;

/** What a person has chosen, by layer; what is not said is as it comes. */
export type Chosen = Readonly<Record<string, Partial<LayerSettings>>>;

/** What a layer can be coloured by: only what its shapes say, and the layer itself. */
export function waysOf({ shapes }: Layer): readonly ColourBy[] {
  const says: Readonly<Record<ColourBy, (shape: LayerShape) => boolean>> = {
    layer: () => true,
    concept: ({ concepts }) => concepts.length > 0,
    person: ({ person }) => Boolean(person),
    confidence: (shape) => shareOf(shape, "confidence") !== null,
    agreement: (shape) => shareOf(shape, "agreement") !== null,
  };
  return WAYS.filter((way) => way === "layer" || shapes.some(says[way]));
}

/** The share by which shapes of a layer can be left out; null where there is none. */
export function measureOf(layer: Layer): Measure | null {
  const ways = waysOf(layer);
  const first = layer.kind === "predictions" ? "confidence" : "agreement";
  const second = first === "confidence" ? "agreement" : "confidence";
  return ways.includes(first) ? first : ways.includes(second) ? second : null;
}

export function shareOf(shape: LayerShape, measure: Measure): number | null {
  const share = measure === "confidence" ? shape.confidence : shape.agreement?.share;
  return typeof share === "number" && Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : null;
}

/** How a layer is shown: as it was chosen, as far as that is possible for what it holds. */
export function settingsOf(layer: Layer, chosen: Chosen, layers: readonly Layer[]): LayerSettings {
  const ways = waysOf(layer);
  const by = layers.length < 2 && ways.includes("concept") ? "concept" : "layer";
  const said = { shown: true, by, least: 0, opacity: 1, ...layer.usual, ...chosen[layer.id] } as const;
  return {
    shown: said.shown,
    by: ways.includes(said.by) ? said.by : by,
    least: measureOf(layer) ? said.least : 0,
    opacity: said.opacity,
  };
}

/** The shapes of a layer that its threshold lets through, hidden or not. */
export function passing(layer: Layer, { least }: Pick<LayerSettings, "least">): readonly LayerShape[] {
  const measure = least > 0 ? measureOf(layer) : null;
  if (!measure) return layer.shapes;
  return layer.shapes.filter((shape) => reaches(shareOf(shape, measure), least));
}

/** Whether a share is as large as that, as both are said in whole per cent; what says no share is never too small. */
export const reaches = (share: number | null, least: number): boolean =>
  share === null || Math.round(share * 100) >= Math.round(least * 100);

export const change = (chosen: Chosen, id: string, what: Partial<LayerSettings>): Chosen => ({
  ...chosen,
  [id]: { ...chosen[id], ...what },
});

export const isOnly = (chosen: Chosen, layers: readonly Layer[], id: string): boolean =>
  layers.length > 1 && layers.every((layer) => settingsOf(layer, chosen, layers).shown === (layer.id === id));

/** This layer and no other; all of them when it was the only one already. */
export function only(chosen: Chosen, layers: readonly Layer[], id: string): Chosen {
  const was = isOnly(chosen, layers, id);
  return layers.reduce((so, layer) => change(so, layer.id, { shown: was || layer.id === id }), chosen);
}

/** A sign that a shape, or all shapes of a kind, carry: never a colour alone. */
export interface Sign {
  readonly colour: string;
  readonly line: Line;
  /** The class of the swatch: a pigment's name, or a step of the ramp. */
  readonly ink: string;
  readonly letter: string;
}

export interface LegendEntry {
  readonly key: string;
  /** Of a concept or a person its name, else empty: the way says the rest. */
  readonly name: string;
  readonly sign: Sign;
  readonly count: number;
  /** Of a step of shares: from here to there. */
  readonly range?: readonly [number, number];
}

export interface Painted extends Place {
  readonly id: string;
  readonly colour: string;
  readonly line: Line;
  readonly label: string | undefined;
  /** What comes first where labels have no room for all. */
  readonly weight: number;
  /** Of its layer, where that is less than all. */
  readonly opacity?: number | undefined;
  readonly locked: true;
  /** The layer that it belongs to. */
  readonly layer: string;
}

/** Where a shape says nothing of what it is coloured by. */
const SILENT: Sign = { colour: BONE.colour, line: "dotted", ink: "bone", letter: "–" };

/** Signs for everything in some layers: the same concept looks the same in all of them. */
export class Signs {
  readonly #palettes = { layer: new Palette(), concept: new Palette(), person: new Palette() };

  /** `people`: in this order where a page has one of its own, else by name. */
  constructor(
    readonly layers: readonly Layer[],
    people: readonly string[] = [],
  ) {
    const shapes = layers.flatMap((layer) => layer.shapes);
    const named = new Set(shapes.flatMap(({ person }) => person || []));
    this.#palettes.layer.prime(layers.map(({ id }) => id));
    this.#palettes.concept.prime(commonest(shapes.flatMap(({ concepts }) => concepts[0]?.id ?? [])));
    this.#palettes.person.prime([...people, ...[...named].sort()]);
  }

  of(layer: Layer, shape: LayerShape | null, by: ColourBy): Sign {
    if (by === "confidence" || by === "agreement") {
      const share = shape && shareOf(shape, by);
      if (share === null) return SILENT;
      const { colour, line, step } = stepOf(share);
      return { colour, line, ink: `step-${step}`, letter: "" };
    }
    const key = by === "layer" ? layer.id : by === "person" ? shape?.person : shape?.concepts[0]?.id;
    if (!key) return SILENT;
    const palette = this.#palettes[by];
    const letter = palette.letter(key);
    if (by === "layer" && layer.isRed)
      return { colour: VERMILION.colour, line: "solid", ink: VERMILION.name, letter };
    const { colour, name } = palette.of(key);
    return { colour, line: palette.line(key), ink: name, letter };
  }
}

/** Everything that is to be painted, those of the last layer on top. */
export function paintedOf(signs: Signs, chosen: Chosen): Painted[] {
  const { layers } = signs;
  return layers.flatMap((layer) => {
    const settings = settingsOf(layer, chosen, layers);
    if (!settings.shown) return [];
    const measure = measureOf(layer);
    return passing(layer, settings).flatMap((shape): Painted[] => {
      const { id, box, points } = shape;
      if (!box) return [];
      const { colour, line, letter } = signs.of(layer, shape, settings.by);
      const before = prefixOf(shape, settings.by, layers.length > 1 ? letter : "", letter);
      const label = [before, captionOf(shape, { short: true })].filter(Boolean).join(" ") || undefined;
      const weight = (measure && shareOf(shape, measure)) ?? 0.5;
      const ink = { colour, line, ...fainter(settings) };
      return [{ id, box, points, ...ink, label, weight, locked: true, layer: layer.id }];
    });
  });
}

/** What a layer's opacity adds to each of its shapes: nothing where it hides all below. */
export const fainter = ({ opacity }: Pick<LayerSettings, "opacity">): { opacity?: number } =>
  opacity < 1 ? { opacity } : {};

function prefixOf(shape: LayerShape, by: ColourBy, ofLayer: string, ofPerson: string): string {
  if (by === "layer") return ofLayer;
  if (by === "person") return ofPerson;
  if (by === "concept") return "";
  return shareText(shape, by);
}

/** The number beside a colour: “87 %”, or “2/3” where it is known how many there were. */
export function shareText(shape: LayerShape, measure: Measure): string {
  const { support, seen } = shape.agreement ?? {};
  if (measure === "agreement" && typeof support === "number" && seen) return `${support}/${seen}`;
  const share = shareOf(shape, measure);
  return share === null ? "" : `${Math.round(share * 100)}\u202f%`;
}

/** What the colours of a layer mean, of the shapes that are shown; empty where its own sign says it all. */
export function legendOf(signs: Signs, layer: Layer, settings: LayerSettings): LegendEntry[] {
  const { by } = settings;
  if (by === "layer" || (layer.isExplained && by === layer.usual?.by)) return [];
  const found = new Map<string, LegendEntry>();
  for (const shape of passing(layer, settings)) {
    const { key, ...rest } = entryOf(shape, by);
    const known = found.get(key);
    const sign = known?.sign ?? signs.of(layer, shape, by);
    found.set(key, { key, sign, ...rest, count: (known?.count ?? 0) + 1 });
  }
  const entries = [...found.values()];
  const silent = (entry: LegendEntry) => Number(entry.key === "");
  const byShare = by === "confidence" || by === "agreement";
  const order = (a: LegendEntry, b: LegendEntry) =>
    byShare ? b.key.localeCompare(a.key) : b.count - a.count || a.name.localeCompare(b.name);
  return entries.sort((a, b) => silent(a) - silent(b) || order(a, b));
}

function entryOf(shape: LayerShape, by: ColourBy): Pick<LegendEntry, "key" | "name" | "range"> {
  if (by === "concept") return { key: shape.concepts[0]?.id ?? "", name: shape.concepts[0]?.label ?? "" };
  if (by === "person") return { key: shape.person ?? "", name: shape.person ?? "" };
  const share = by === "layer" ? null : shareOf(shape, by);
  if (share === null) return { key: "", name: "" };
  const { step } = stepOf(share);
  return { key: `${step}`, name: "", range: [step / 5, (step + 1) / 5] };
}

/** What of a text stands beside a shape. */
const BESIDE = 48;

/** What an annotation says: its concepts, then its words; short, the first of them. */
export function captionOf({ concepts, text }: LayerShape, { short = false } = {}): string {
  if (short) {
    const said = concepts[0]?.label ?? text ?? "";
    return said.length > BESIDE ? `${said.slice(0, BESIDE - 1).trimEnd()}…` : said;
  }
  return [concepts.map(({ label }) => label).join(", "), text].filter(Boolean).join(" · ");
}

function commonest(keys: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([key]) => key);
}

/** As many layers are remembered; the oldest are forgotten first. */
const REMEMBERED = 200;

/** What is chosen as a text to keep. */
export const written = (chosen: Chosen): string =>
  JSON.stringify(Object.fromEntries(Object.entries(chosen).slice(-REMEMBERED)));

/** What was chosen, from a kept text; whatever in it makes no sense is as if never chosen. */
export function remembered(text: string | null): Chosen {
  const kept = parsed(text);
  if (typeof kept !== "object" || kept === null || Array.isArray(kept)) return {};
  return Object.fromEntries(Object.entries(kept).map(([id, said]) => [id, sensible(said)]));
}

function sensible(said: unknown): Partial<LayerSettings> {
  const { shown, by, least, opacity } = (typeof said === "object" && said ? said : {}) as Record<
    string,
    unknown
  >;
  return {
    ...(typeof shown === "boolean" ? { shown } : {}),
    ...(WAYS.includes(by as ColourBy) ? { by: by as ColourBy } : {}),
    ...(typeof least === "number" && least >= 0 && least <= 1 ? { least } : {}),
    ...(typeof opacity === "number" && opacity >= FAINTEST && opacity <= 1 ? { opacity } : {}),
  };
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}
