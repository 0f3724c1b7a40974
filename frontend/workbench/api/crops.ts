/** The wall of crops over REST. */

import type { WallServer } from "../core/wallwork.ts";
import { request } from "./client.ts";

export function cropServer(campaignUrl: string, lang: string): WallServer {
  return {
    concepts: () => request(`${campaignUrl}crops/concepts/`, { lang }),
    page: ({ concept, state, order, narrower }, cursor, limit) => {
      const asked = { concept: concept ?? "none", state, order, narrower: String(narrower), cursor };
      return request(`${campaignUrl}crops/?${new URLSearchParams({ ...asked, limit: String(limit) })}`, {
        lang,
      });
    },
    rule: (json) => request(`${campaignUrl}crops/rulings/`, { method: "POST", json, lang }),
    takeBack: (id) => request(`${campaignUrl}decisions/bulk/${id}/`, { method: "DELETE", lang }),
  };
}
