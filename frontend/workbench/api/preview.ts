/** A server for previews: shows the campaign's real texts and tasks, takes no lease and hands nothing in. */

import type { Assignment, Campaign, Claim, Prediction, Task } from "../core/contract.ts";
import type { Box } from "../core/geometry.ts";
import { MemoryShelf, type Server, type World } from "../core/ports.ts";
import { Trouble } from "../core/trouble.ts";
import { request } from "./client.ts";
import { browserClock, newId } from "./world.ts";

export interface Shown {
  readonly task: Task | null;
  readonly predictions: readonly Prediction[];
  readonly neighbours?: readonly Box[];
}

/** The task at a position of the campaign, as `GET …/preview/?position=0` gives it to a curator. */
export const shownAt =
  (campaignUrl: string, lang: string) =>
  (position: number): Promise<Shown> =>
    request<Shown>(`${campaignUrl}preview/?position=${position}`, { lang });

/** The tasks a page brought along, one after the other, for ever. */
export const shownFrom =
  (samples: readonly Pick<Assignment, "task" | "predictions">[]) =>
  async (position: number): Promise<Shown> =>
    samples[position % samples.length] ?? { task: null, predictions: [] };

export function previewWorld(server: Server, show: (position: number) => Promise<Shown>): World {
  let position = 0;
  let campaign: Campaign | null = null;
  const progress = () => campaign?.progress ?? { tasks: 0, retired: 0, contributions: 0, mine: 0 };
  const expires_at = new Date(Date.now() + 86_400_000).toISOString();

  async function claim(): Promise<Claim> {
    let { task, predictions, neighbours = [] } = await show(position++);
    if (!task && position > 1) {
      position = 1;
      ({ task, predictions, neighbours = [] } = await show(0));
    }
    const assignment = task ? { id: newId(), expires_at, task, predictions, neighbours } : null;
    return { assignment, reason: task ? null : "nothing_left", retry_after_s: null, progress: progress() };
  }

  const preview: Server = {
    concepts: server.concepts,
    campaign: async () => {
      campaign = await server.campaign();
      return campaign;
    },
    claim,
    renew: async () => ({ expires_at }),
    release: async () => undefined,
    skip: async () => undefined,
    mine: async () => ({ results: [] }),
    own: () => Promise.reject(new Trouble("refused")),
    amend: () => Promise.reject(new Trouble("refused")),
    submit: async ({ id, assignment }) => ({
      id,
      assignment,
      submitted_at: new Date().toISOString(),
      counted: false,
      progress: progress(),
    }),
  };
  return {
    server: preview,
    shelf: new MemoryShelf(),
    clock: browserClock,
    newId,
    alone: (_, work) => work(),
  };
}
