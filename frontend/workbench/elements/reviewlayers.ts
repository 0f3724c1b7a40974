/** What lies on an image under review: everybody's boxes, what was made of them, and what else the reviewer may see. */

import { furtherLayers, isOfReview } from "../api/layers.ts";
import type { ReviewTask } from "../core/contract.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Layering } from "./layering.ts";
import { layersOfReview } from "./shown-through.ts";

export interface LaidHost {
  /** Where further layers of a canvas are, its id in the place of `{canvas}`. */
  readonly layers: string;
  readonly lang: string;
  readonly texts: Texts;
}

/** `isHere`: the image has not gone on while the further layers came; their absence hinders nobody. */
export async function layReview(
  host: LaidHost,
  layering: Layering,
  { items, task }: ReviewTask,
  { people, isHere }: { readonly people: readonly string[]; readonly isHere: (task: string) => boolean },
): Promise<void> {
  layering.take(layersOfReview(items, host.texts), people);
  if (!task || !host.layers) return;
  const more = await furtherLayers(host.layers, task.canvas.id, host.lang, isOfReview);
  if (isHere(task.id)) layering.take([...layersOfReview(items, host.texts), ...more], people);
}
