/** A wall of crops of one concept: what is picked, what an action would touch, and what came of it. */

import type { ConceptRef, LanguageMap } from "./contract.ts";
import type { Box } from "./geometry.ts";

export type CropState = "merged" | "decided";
export const ORDERS = ["outliers", "page", "confidence"] as const;
export type CropOrder = (typeof ORDERS)[number];
export type SortVerdict = "accepted" | "rejected" | "corrected";

export interface CropItem {
  readonly id: string;
  readonly state: CropState;
  readonly task: string;
  readonly canvas_label: LanguageMap;
  readonly box: Box | null;
  readonly crop: string;
  readonly concepts: readonly ConceptRef[];
  readonly support: number;
  readonly seen: number;
  readonly reasons: readonly { readonly code: string; readonly text: string }[];
  /** Of the decision, or of what was said before of a part of a task. */
  readonly verdict: string | null;
  readonly reason: string | null;
  /** Items of the same task of which nothing has been said. */
  readonly beside: readonly string[];
  readonly own: boolean;
}

export interface CropPage {
  readonly total: number;
  readonly items: readonly CropItem[];
  readonly cursor: string | null;
}

export interface CropCounts {
  readonly merged: number;
  readonly decided: number;
}

export interface CropConcept extends CropCounts {
  readonly id: string | null;
  readonly label: string;
  readonly depth: number;
  readonly below: CropCounts;
}

export interface Sorting {
  readonly id: string;
  readonly items: readonly string[];
  readonly verdict: SortVerdict;
  readonly concept: string | null;
  readonly reason: string;
}

export interface SortResult {
  readonly item: string;
  readonly state: "decided" | "kept" | "spoken" | "refused";
  readonly code: string;
  readonly detail: string;
}

export interface Sorted {
  readonly id: string;
  readonly decided: number;
  readonly results: readonly SortResult[];
}

/** More than these are not touched without being asked about. */
export const MANY = 50;
/** As many as the server takes in one request. */
export const AT_ONCE = 500;

export type Picked = ReadonlySet<string>;

export function toggled(picked: Picked, id: string): Picked {
  const now = new Set(picked);
  if (!now.delete(id)) now.add(id);
  return now;
}

/** With everything from one to the other, in the order of the wall. */
export function extended(picked: Picked, ids: readonly string[], from: number, to: number): Picked {
  return new Set([...picked, ...ids.slice(Math.min(from, to), Math.max(from, to) + 1)]);
}

export interface Touched {
  readonly items: number;
  readonly tasks: number;
  /** Of these the ruling is kept until the rest of their task is ruled on. */
  readonly kept: number;
  /** One's own answers: they are refused. */
  readonly own: number;
}

/** What ruling on these would touch. */
export function touched(items: readonly CropItem[], picked: Picked): Touched {
  const chosen = items.filter(({ id }) => picked.has(id));
  const isWhole = ({ beside }: CropItem) => beside.every((other) => picked.has(other));
  return {
    items: chosen.length,
    tasks: new Set(chosen.map(({ task }) => task)).size,
    kept: chosen.filter((one) => one.state === "merged" && !one.own && !isWhole(one)).length,
    own: chosen.filter(({ own }) => own).length,
  };
}

/** The wall after an action: what is decided has left what waits; what is kept says so, by the words of the action. */
export function after(
  items: readonly CropItem[],
  results: readonly SortResult[],
  said: Pick<Sorting, "verdict" | "reason">,
  label: ConceptRef | null,
): readonly CropItem[] {
  const became = new Map(results.map((one) => [one.item, one.state]));
  const ruled = new Set(results.filter(({ state }) => state !== "refused").map(({ item }) => item));
  return items
    .filter(({ id }) => !["decided", "spoken"].includes(became.get(id) ?? ""))
    .map((one) => ({
      ...one,
      beside: one.beside.filter((other) => !ruled.has(other)),
      ...(became.get(one.id) === "kept"
        ? { verdict: said.verdict, reason: said.reason, concepts: label ? [label] : one.concepts }
        : {}),
    }));
}

/** How many of each, and every different sentence of refusal with how often it was said. */
export function told(results: readonly SortResult[]) {
  const of = (state: SortResult["state"]) => results.filter((one) => one.state === state).length;
  const refusals = new Map<string, number>();
  for (const { state, detail } of results) {
    if (state === "refused") refusals.set(detail, (refusals.get(detail) ?? 0) + 1);
  }
  return { decided: of("decided"), kept: of("kept"), spoken: of("spoken"), refusals: [...refusals] };
}
