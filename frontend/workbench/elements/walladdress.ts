/** What of a wall of crops stands in the address of its page: it survives a reload and can be sent to somebody. Pure. */

import { ORDERS } from "../core/sorting.ts";
import type { WallQuery } from "../core/wallwork.ts";

const asOrder = (word: string | null): WallQuery["order"] =>
  ORDERS.find((order) => order === word) ?? "outliers";

/** What the address asks for; null where it asks for no label. */
export function queryIn(search: string): WallQuery | null {
  const asked = new URLSearchParams(search);
  const concept = asked.get("concept");
  if (!concept) return null;
  return {
    concept: concept === "none" ? null : concept,
    state: asked.get("state") === "decided" ? "decided" : "merged",
    order: asOrder(asked.get("order")),
    narrower: asked.get("narrower") !== "false",
  };
}

/** The search part of the address that asks for it. */
export function addressOf({ concept, state, order, narrower }: WallQuery): string {
  return `?${new URLSearchParams({ concept: concept ?? "none", state, order, narrower: String(narrower) })}`;
}
