/** What the server does for whoever draws: finds more like a box, and shows the tree of labels with examples. */

import type { ConceptFound, Prediction } from "../core/contract.ts";
import type { Box } from "../core/geometry.ts";
import { request } from "./client.ts";

export interface Search {
  readonly id: string;
  readonly state: "queued" | "running" | "stopped" | "failed" | "done";
  readonly detail: string;
  readonly predictions: readonly Prediction[];
}

export interface Branch extends ConceptFound {
  readonly children: number;
  /** Addresses of pictures of what has been decided to be one. */
  readonly examples: readonly string[];
}

export interface Level {
  readonly items: readonly Branch[];
  readonly total: number;
}

/** The tree of labels, a level at a time. */
export interface TreeServer {
  below(parent: string | null, offset: number): Promise<Level>;
  /** The way from the top down to a concept, itself included. */
  wayTo(concept: string): Promise<Level>;
}

export interface AssistServer extends TreeServer {
  ask(assignment: string, search: { id: string; box: Box; concepts: readonly string[] }): Promise<Search>;
  look(assignment: string, search: string): Promise<Search>;
  stop(assignment: string, search: string): Promise<void>;
}

export function assistServer(campaignUrl: string, lang: string): AssistServer {
  const assignments = new URL("../../assignments/", new URL(campaignUrl, document.baseURI)).href;
  return {
    ask: (assignment, json) =>
      request(`${assignments}${assignment}/similar/`, { method: "POST", json, lang }),
    look: (assignment, search) => request(`${assignments}${assignment}/similar/${search}/`, { lang }),
    stop: (assignment, search) =>
      request(`${assignments}${assignment}/similar/${search}/`, { method: "DELETE", lang }),
    ...treeServer(`${campaignUrl}concepts/tree/`, lang),
  };
}

export function treeServer(address: string, lang: string): TreeServer {
  const tree = (query: Record<string, string>) =>
    request<Level>(`${address}?${new URLSearchParams({ lang, ...query })}`, { lang });
  return {
    below: (parent, offset) =>
      tree({ ...(parent ? { parent } : {}), ...(offset ? { offset: String(offset) } : {}) }),
    wayTo: (of) => tree({ of }),
  };
}

/** A place that looks like a box of a shared canvas: nobody's annotation yet. */
export interface Found {
  readonly id: string;
  readonly box: Box;
  readonly confidence: number;
}

export interface FoundSearch extends Omit<Search, "predictions"> {
  readonly predictions: readonly Found[];
}

/** The same search on a canvas that people share; `address` ends with a slash. */
export interface AlikeServer {
  ask(search: { id: string; box: Box }): Promise<FoundSearch>;
  look(search: string): Promise<FoundSearch>;
  stop(search: string): Promise<void>;
}

export const alikeServer = (address: string, lang: string): AlikeServer => ({
  ask: (json) => request(address, { method: "POST", json, lang }),
  look: (search) => request(`${address}${search}/`, { lang }),
  stop: (search) => request(`${address}${search}/`, { method: "DELETE", lang }),
});
