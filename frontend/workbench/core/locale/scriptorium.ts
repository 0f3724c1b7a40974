/** What is said where several people annotate one canvas at the same time. */

import type { Lock } from "../collation.ts";
import type { Texts } from "./texts.ts";

export interface ScriptoriumTexts {
  panel: string;
  /** Who is here. */
  here: string;
  alone: string;
  otherWindow: string;
  holds: string;
  kinds: string;
  kind: Record<"box" | "polygon" | "point", string>;
  /** The list, and a row of it. */
  annotations(count: number): string;
  none: string;
  /** The same where there is no keyboard. */
  noneTouch: string;
  noneReading: string;
  named(index: number, said: string): string;
  wordless: string;
  undrawn(count: number): string;
  /** How many the list leaves out. */
  more(count: number): string;
  by(name: string): string;
  heldBy(name: string): string;
  waits: string;
  lock: Record<Exclude<Lock, null>, string>;
  words: string;
  wordsHint: string;
  /** Two versions of one annotation. */
  changedMeanwhile(name: string | null): string;
  deletedMeanwhile(name: string | null): string;
  changedWhileHeld(name: string | null): string;
  /** Where a version stands, in canvas units. */
  at(box: readonly [number, number, number, number]): string;
  mine: string;
  theirs: string;
  deleted: string;
  takeMine: string;
  takeTheirs: string;
  takeBoth: string;
  saysNow(place: string, label: string): string;
  overtaken: string;
  shut(reason: string): string;
  reading: string;
  live: string;
  sent: string;
  choose: string;
  sending(count: number): string;
  keptOffline(count: number): string;
  keptSignin(count: number): string;
  keptServer(count: number): string;
  signedOut: string;
  refused(count: number): string;
  notKept: string;
  deafOffline: string;
  deafServer: string;
  deafShut: string;
  /** Told to who does not see the image. */
  came(name: string): string;
  went(name: string): string;
  keyMap: Texts["keyMap"];
}
