/** Waits for what a search finds, and keeps of it what is not drawn or suggested yet. */

import type { Prediction } from "./contract.ts";
import { type Answer, openPredictions } from "./draft.ts";
import { type Box, iou } from "./geometry.ts";
import type { Clock } from "./ports.ts";

/** From this overlap on it is a thing that is there already. */
export const SAME = 0.3;
const PAUSES_MS = [300, 500, 800, 1200, 2000];
const MOST_LOOKS = 90;

interface Told {
  readonly state: string;
  readonly detail: string;
}

/** Looks again and again until it is over; null when it was given up meanwhile. */
export async function untilFound<T extends Told>(
  first: T,
  look: () => Promise<T>,
  clock: Clock,
  isWanted: () => boolean,
): Promise<T | null> {
  let told = first;
  for (let count = 0; told.state === "queued" || told.state === "running"; count++) {
    if (count >= MOST_LOOKS) return { ...told, state: "failed" };
    await new Promise<void>((done) => clock.after(PAUSES_MS[count] ?? 2000, done));
    if (!isWanted()) return null;
    told = await look();
  }
  return isWanted() ? told : null;
}

/** What is new among what was found: nothing lies there yet, neither drawn nor suggested. */
export function freshOf(
  found: readonly Prediction[],
  answer: Answer,
  known: readonly Prediction[],
): Prediction[] {
  const places: Box[] = [...answer.shapes, ...openPredictions(answer, known)].flatMap(({ box }) =>
    box ? [box] : [],
  );
  return found.filter(
    ({ id, box }) =>
      box && !known.some((one) => one.id === id) && places.every((place) => iou(place, box) < SAME),
  );
}
