/** The keys that mean something at the workbench, as the question at hand would have them. Pure. */

import type { Texts } from "../core/locale/texts.ts";
import { stepsOf } from "../core/sequence.ts";
import type { SessionState } from "../core/sessionstate.ts";
import { keyMapOf } from "./scene.ts";

interface Asked {
  /** The step at hand, and of a sequence all of it. */
  readonly session: SessionState;
  readonly whole: SessionState;
  /** Whether there are layers to hide. */
  readonly layered: boolean;
  /** The letters that are the page's own. */
  readonly own: readonly string[];
}

export function workbenchKeys(texts: Texts, { session, whole, layered }: Asked): Texts["keyMap"] {
  const { comparing, judging, layers, layering, sequence, writing } = texts;
  const { judges, pairs, writes } = session.campaign?.question ?? {};
  const inSteps = stepsOf(whole.campaign).length > 0;
  if (pairs) return inSteps ? [sequence.keys, comparing.keys] : [comparing.keys];
  const drawing = keyMapOf(texts, session);
  const ofStep = judges ? [judging.keys] : writes ? [writing.keys, ...drawing.slice(1)] : drawing;
  const map = inSteps ? [sequence.keys, ...ofStep] : ofStep;
  return layered ? [...map, [layers, [layering.key]]] : map;
}

/** How two pictures are looked at, without what is answered of them, and without keys that mean something else. */
export const pairKeys = (
  { comparing: { keys } }: Texts,
  taken: readonly string[] = [],
): Texts["keyMap"][number] => [keys[0], keys[1].slice(1, -2).filter(([[key]]) => !taken.includes(key ?? ""))];

/** What a reviewer does with the image: nothing is handed in there, and no lesson is given. */
export const reviewKeys = ({ keyMap }: Texts): Texts["keyMap"] =>
  keyMap
    .slice(1, 2)
    .map(([title, rows]) => [
      title,
      rows.filter(
        ([keys]) =>
          !["B", "T"].includes(keys[0] ?? "") && !keys[0]?.endsWith("Enter") && !keys[0]?.endsWith("Entrée"),
      ),
    ]);

/** What stands below: keys for several shapes, and for how the image is shown. */
export function furtherKeys(texts: Texts, { session, own }: Asked): Texts["keyMap"] {
  const { draws = true, judges = false, pairs = false } = session.campaign?.question ?? {};
  if (pairs) return [];
  const imaging = texts.imaging.keys(own.map((key) => key.toUpperCase()));
  return judges || !draws ? [imaging] : [texts.several.keys, imaging];
}
