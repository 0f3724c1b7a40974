/** What is said where several shapes are picked, and of where the draft stands. */

import type { Box } from "../geometry.ts";
import type { TroubleKind } from "../trouble.ts";
import type { Texts } from "./texts.ts";

export interface SeveralTexts {
  picked(count: number): string;
  hint: string;
  duplicate: string;
  deleteAll(count: number): string;
  letGo: string;
  /** The switch with which taps pick one shape beside the others. */
  gather: string;
  gathering: string;
  gathered: string;
  /** Said to screen readers once it has happened. */
  duplicated(count: number): string;
  copied(count: number): string;
  pasted(count: number): string;
  otherStep: string;
  deleted(count: number): string;
  undone: string;
  redone: string;
  at(box: Box): string;
  keys: Texts["keyMap"][number];
}

/** Where the unfinished answer stands. */
export interface DraftTexts {
  saved: string;
  saving: string;
  /** Kept in this browser, because the server cannot have it just now. */
  waiting: Record<TroubleKind, string>;
  /** Neither full storage nor a forbidden one keeps the server from having it. */
  onlyThere: string;
  besides(count: number): string;
  otherThere(summary: string): string;
  otherHere(summary: string): string;
  /** On a grid: so many pictures are judged otherwise in another browser; were, here, until that was shown. */
  cellsThere(count: number): string;
  cellsHere(count: number): string;
  take: string;
  leave: string;
  /** Of two versions of an answer: all that either says. */
  both: string;
}
