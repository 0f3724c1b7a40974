/** Asks our own server for the layers on a canvas that whoever is signed in may see. */

import type { Layer } from "../core/layers.ts";
import { request } from "./client.ts";

/** What a review shows itself; the campaign's other layers say the same once more. */
const OF_REVIEW = new Set(["contributions", "consensus", "decisions"]);
export const isOfReview = ({ kind }: Layer): boolean => OF_REVIEW.has(kind ?? "");

/** Layers beside those that a page shows `own`, hidden until they are wanted; none where they cannot be had. */
export async function furtherLayers(
  pattern: string,
  canvas: string,
  lang: string,
  own: (layer: Layer) => boolean,
): Promise<Layer[]> {
  try {
    const address = pattern.replace("{canvas}", encodeURIComponent(canvas));
    const { layers } = await request<{ layers: Layer[] }>(address, { lang });
    const further = layers.filter((layer) => layer.shapes.length && !own(layer));
    return further.map((layer) => ({ ...layer, usual: { shown: false } }));
  } catch {
    return [];
  }
}
