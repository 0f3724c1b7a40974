/** The server of a shared canvas: news by polling, and writing over the Web Annotation Protocol that others use too. */

import type { Server } from "../core/ports.ts";
import type { News, SharedServer } from "../core/shared.ts";
import { Trouble } from "../core/trouble.ts";
import { ask, request } from "./client.ts";

/** `changes` and `container` are addresses that end with a slash; `client` is the id of this window. */
export function sharedServer(changes: string, container: string, client: string, lang: string): SharedServer {
  const one = (id: string) => `${container}${id}`;
  const holding = (revision: number) => ({ "If-Match": `"${revision}"` });
  return {
    news: (since, holds) => {
      const query = new URLSearchParams({ client, ...(since && { since }), ...(holds && { holds }) });
      return request<News>(`${changes}?${query}`, { lang });
    },
    leave: () => {
      void ask(`${changes}?client=${client}`, { method: "DELETE" }).catch(() => undefined);
    },
    create: async (json) => revisionOf(await ask(container, { method: "POST", json, lang })),
    change: async (id, json, revision) =>
      revisionOf(await ask(one(id), { method: "PUT", json, lang, headers: holding(revision) })),
    remove: async (id, revision) => {
      await ask(one(id), { method: "DELETE", lang, headers: holding(revision) });
    },
    revision: async (id) => revisionOf(await ask(one(id), { lang })),
  };
}

/** Labels from a vocabulary, for `Lexicon`. */
export function vocabularyServer(slug: string, lang: string): Pick<Server, "concepts"> {
  return {
    concepts: (q, limit) => {
      const query = new URLSearchParams({ q, lang, limit: String(limit) });
      return request(`/api/v1/vocabularies/${slug}/concepts/?${query}`, { lang });
    },
  };
}

/** A page instead of our answer, of a proxy for instance, has no ETag. */
function revisionOf({ headers, redirected }: Response): number {
  const [, revision] = /^"(\d+)/.exec(headers.get("ETag") ?? "") ?? [];
  if (!revision) throw new Trouble(redirected ? "signin" : "server");
  return Number(revision);
}
