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

export interface AssistServer {
  ask(assignment: string, search: { id: string; box: Box; concepts: readonly string[] }): Promise<Search>;
  look(assignment: string, search: string): Promise<Search>;
  stop(assignment: string, search: string): Promise<void>;
  below(parent: string | null, offset: number): Promise<Level>;
  /** The way from the top down to a concept, itself included. */
  wayTo(concept: string): Promise<Level>;
}

export function assistServer(campaignUrl: string, lang: string): AssistServer {
  const assignments = new URL("../../assignments/", new URL(campaignUrl, document.baseURI)).href;
  const tree = (query: Record<string, string>) =>
    request<Level>(`${campaignUrl}concepts/tree/?${new URLSearchParams({ lang, ...query })}`, { lang });
  return {
    ask: (assignment, json) =>
      request(`${assignments}${assignment}/similar/`, { method: "POST", json, lang }),
    look: (assignment, search) => request(`${assignments}${assignment}/similar/${search}/`, { lang }),
    stop: (assignment, search) =>
      request(`${assignments}${assignment}/similar/${search}/`, { method: "DELETE", lang }),
    below: (parent, offset) =>
      tree({ ...(parent ? { parent } : {}), ...(offset ? { offset: String(offset) } : {}) }),
    wayTo: (of) => tree({ of }),
  };
}
