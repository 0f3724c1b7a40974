/** Asks our own server for the layers on a canvas that whoever is signed in may see. */

import type { Layer } from "../core/layers.ts";
import { request } from "./client.ts";

/** What a review shows itself; the campaign's other layers say the same once more. */
const OWN = new Set(["contributions", "consensus", "decisions"]);

/** Layers beside those of a review, hidden until they are wanted; none where they cannot be had. */
export async function furtherLayers(pattern: string, canvas: string, lang: string): Promise<Layer[]> {
  try {
    const address = pattern.replace("{canvas}", encodeURIComponent(canvas));
    const { layers } = await request<{ layers: Layer[] }>(address, { lang });
    const further = layers.filter(({ kind, shapes }) => shapes.length && !OWN.has(kind ?? ""));
    return further.map((layer) => ({ ...layer, usual: { shown: false } }));
  } catch {
    return [];
  }
}
