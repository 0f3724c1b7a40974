/** What a page draws itself, seen through layers: hidden, thinned out and coloured as each layer is, and never what is in hand. */

import type { ReviewItem } from "../core/contract.ts";
import { fainter, type Layer, type LayerShape, passing, settingsOf, shareText } from "../core/layers.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { SessionState } from "../core/sessionstate.ts";
import type { StageShape } from "../viewer/stage.ts";
import type { Layering } from "./layering.ts";

export const PEOPLE = "people";
export const CONSENSUS = "consensus";
export const SUGGESTIONS = "suggestions";
export const CONTEXT = "context";

/**
 * The page's own shapes as its layers `own` show them (by id; a shape of no layer stays as it is), above the shapes of all
 * other layers. What is picked stays to be seen.
 */
export function shownThrough(
  shapes: readonly StageShape[],
  own: readonly string[],
  layering: Layering,
  {
    picked = null,
    idOf = (id: string) => id,
  }: { picked?: string | null; idOf?: (id: string) => string } = {},
): StageShape[] {
  const layers = layering.layers.filter(({ id }) => own.includes(id));
  const looks = new Map(layers.flatMap((layer) => looksOf(layer, layering)));
  const through = shapes.flatMap((shape): StageShape[] => {
    const look = looks.get(idOf(shape.id));
    if (look === undefined || (picked !== null && idOf(shape.id) === picked)) return [shape];
    if (look === null) return [];
    const { before, ...ink } = look;
    return [
      { ...shape, ...ink, ...(before ? { label: [before, shape.label].filter(Boolean).join(" ") } : {}) },
    ];
  });
  const below = layering.painted.filter(({ layer }) => !own.includes(layer));
  // What lies below is only looked at: a click goes through it.
  return [...below.map((shape) => ({ ...shape, ghost: true })), ...through];
}

/** `before`: the number that says what a colour on a scale means, in front of the label. */
type Look = Partial<Pick<StageShape, "colour" | "line" | "opacity">> & { readonly before?: string };

/** What becomes of each shape of a layer; null: it is hidden. As its page paints it where it is coloured as usual. */
function looksOf(layer: Layer, layering: Layering): (readonly [string, Look | null])[] {
  const settings = settingsOf(layer, layering.chosen, layering.layers);
  const kept = new Set(settings.shown && !layering.hidden ? passing(layer, settings) : []);
  const isUsual = settings.by === (layer.usual?.by ?? "layer");
  return layer.shapes.map((shape) => {
    if (!kept.has(shape)) return [shape.id, null] as const;
    const { colour, line } = layering.signs.of(layer, shape, settings.by);
    // What a model says stays dashed: that tells it from what people drew.
    const ink = layer.kind === "predictions" ? { colour } : { colour, line };
    const { by } = settings;
    const look = by === "confidence" || by === "agreement" ? { ...ink, before: shareText(shape, by) } : ink;
    return [shape.id, { ...(isUsual ? {} : look), ...fainter(settings) }] as const;
  });
}

/** The layers of a review: what everybody drew, and what was made of it. */
export function layersOfReview(items: readonly ReviewItem[], texts: Texts): Layer[] {
  const { kinds } = texts.layering;
  const title = (name: string) => ({ [texts.lang]: name });
  const merged = items.map(({ id, box, points, concepts, support, seen }): LayerShape => {
    const agreement = seen ? { share: support / seen, support, seen } : null;
    return { id, box, points, concepts, agreement };
  });
  const drawn = items.flatMap(({ members }) =>
    members.map(
      ({ annotation: id, participant: person, box, points, concepts }): LayerShape => ({
        id,
        box,
        points,
        concepts,
        person,
      }),
    ),
  );
  const people: Layer = {
    id: PEOPLE,
    title: title(kinds.contributions),
    kind: "contributions",
    usual: { by: "person" },
    isExplained: true,
    shapes: drawn,
  };
  const consensus: Layer = {
    id: CONSENSUS,
    title: title(kinds.consensus),
    kind: "consensus",
    isRed: true,
    shapes: merged,
  };
  return [people, consensus].filter(({ shapes }) => shapes.length);
}

/** The layers of a volunteer: what is asked about besides, and what a model suggests. Never what others have said. */
export function layersOfSitting({ assignment, campaign }: SessionState, texts: Texts): Layer[] {
  const { draws = false, judges = false } = campaign?.question ?? {};
  const { neighbours = [], predictions = [] } = assignment ?? {};
  const title = (name: string) => ({ [texts.lang]: name });
  const around = neighbours.map(
    (box, index): LayerShape => ({ id: `neighbour-${index}`, box, concepts: [] }),
  );
  // What is judged is the question itself, and nothing beside it.
  const suggested = draws && !judges ? predictions : [];
  const layers: Layer[] = [
    { id: CONTEXT, title: title(texts.layering.neighbours), kind: "context", shapes: around },
    {
      id: SUGGESTIONS,
      title: title(texts.layering.suggestions),
      kind: "predictions",
      usual: { by: "concept" },
      isExplained: true,
      shapes: suggested.map(({ id, box, points, concepts, confidence }) => ({
        ...{ id, box, points, concepts, confidence },
      })),
    },
  ];
  return layers.filter(({ shapes }) => shapes.some(({ box }) => box));
}
