/** What was found to look like something on a shared canvas: candidates, until somebody draws them or says no. Pure. */

import type { Prediction } from "./contract.ts";
import { areTwins } from "./draft.ts";
import { type Box, cleaned, iou, type Size } from "./geometry.ts";
import { type Place, tidy } from "./outline.ts";
import type { Said, Term } from "./shared.ts";
import { SAME } from "./similar.ts";

/** As the workbench has suggestions of a model. */
export interface Candidate extends Prediction {
  readonly box: Box;
  readonly concepts: readonly Term[];
  readonly confidence: number;
}

/** Nothing is drawn there: what was taken over is none any more, and is one again when that is taken back. */
export const openOf = (candidates: readonly Candidate[], drawn: readonly Place[]): Candidate[] =>
  candidates.filter(({ box }) => drawn.every((place) => iou(place.box, box) < SAME));

/** Those that are new: neither drawn nor a candidate yet. */
export const freshCandidates = (
  found: readonly Candidate[],
  known: readonly Candidate[],
  drawn: readonly Place[],
): Candidate[] => openOf(found, [...known, ...drawn]);

/** What stands on another page, at the same place of this one; without its words, and without what is here already. */
export function copiedOnto(
  said: readonly Said[],
  [from, to]: readonly [Size, Size],
  drawn: readonly Place[],
): Said[] {
  const [sx, sy] = [to[0] / from[0], to[1] / from[1]];
  const moved = ({ box: [x, y, w, h], points, concepts }: Said): Said => ({
    box: cleaned([x * sx, y * sy, w * sx, h * sy]),
    ...(points?.length ? { points: points.map(([px, py]) => tidy([px * sx, py * sy])) } : {}),
    concepts,
    text: "",
  });
  return said.map(moved).filter((one) => !drawn.some((other) => areTwins(one, other)));
}
