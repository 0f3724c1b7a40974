/** A canvas that several sittings share, without a network: it keeps revisions and tells news as the real server does. */

import { HandClock, settled } from "./fixtures.ts";
import type { Size } from "./geometry.ts";
import { MemoryShelf } from "./ports.ts";
import { Scriptorium, type ScriptoriumState } from "./scriptorium.ts";
import type { Document, News, Presence, SharedServer, Standing } from "./shared.ts";
import { Trouble } from "./trouble.ts";

export const SIZE: Size = [1000, 2000];
export const WHERE = {
  canvas: "https://example.org/c",
  manifest: "https://example.org/m",
  size: SIZE,
  lang: "en",
};

interface Row {
  readonly id: string;
  readonly revision: number;
  readonly document: Document | null;
  readonly author: string;
  readonly by: string;
  readonly at: number;
}

export class SharedCanvas {
  #rows = new Map<string, Row>();
  #clock = 0;
  #held = new Map<string, Presence & { who: string }>();
  /** Everything that was written, in order: `create a`, `change a 2`. */
  readonly log: string[] = [];
  readonly roles = new Map<string, { write: boolean; manage: boolean } | null>();
  /** Cursors from before a restart of another database. */
  generation = 0;

  row(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  get standing(): Row[] {
    return [...this.#rows.values()].filter(({ document }) => document);
  }

  /** The server as one window of somebody sees it. */
  as(who: string, client = who): SharedServer & Line {
    const through = async <T>(work: () => T): Promise<T> => {
      await Promise.resolve();
      if (server.cut) throw new Trouble(server.cut);
      const answer = work();
      if (server.loseAnswers) throw new Trouble("offline");
      return answer;
    };
    const server: SharedServer & Line = {
      cut: null,
      loseAnswers: false,
      news: (since, holds) => through(() => this.#news(who, client, since, holds)),
      leave: () => this.#held.delete(client),
      create: (document) => through(() => this.#create(who, document)),
      change: (id, document, revision) => through(() => this.#put(who, id, document, revision)),
      remove: async (id, revision) => void (await through(() => this.#put(who, id, null, revision))),
      revision: (id) => through(() => this.#rows.get(id)?.revision ?? 0),
    };
    return server;
  }

  #may(who: string) {
    const role = this.roles.get(who);
    if (role === null) throw new Trouble("refused", "There is nothing here for you.", "not-found");
    return role ?? { write: true, manage: true };
  }

  #create(who: string, document: Document): number {
    if (!this.#may(who).write) throw new Trouble("refused", "You may not.", "refused");
    const id = String(document.id).replace("urn:uuid:", "");
    const known = this.#rows.get(id);
    if (known && JSON.stringify(known.document) === JSON.stringify(document)) return known.revision;
    if (known) throw new Trouble("refused", "Taken.", "id-taken");
    return this.#write(
      { id, revision: 1, document, author: who, by: who, at: ++this.#clock },
      `create ${id}`,
    );
  }

  #put(who: string, id: string, document: Document | null, revision: number): number {
    if (!this.#may(who).write) throw new Trouble("refused", "You may not.", "refused");
    const known = this.#rows.get(id);
    if (!known?.document) throw new Trouble("refused", "Gone.", "gone");
    if (JSON.stringify(known.document) === JSON.stringify(document)) return known.revision;
    if (known.revision !== revision) throw new Trouble("refused", "Stale.", "stale");
    const now = { ...known, document, revision: revision + 1, by: who, at: ++this.#clock };
    return this.#write(now, `${document ? "change" : "delete"} ${id} ${revision + 1}`);
  }

  #write(row: Row, line: string): number {
    this.#rows.set(row.id, row);
    this.log.push(line);
    return row.revision;
  }

  #news(who: string, client: string, since: string | null, holds: string | null): News {
    const may = this.#may(who);
    const [generation, at] = (since ?? `${this.generation} 0`).split(" ").map(Number);
    if (generation !== this.generation) throw new Trouble("refused", "Elsewhere.", "cursor-elsewhere");
    const seat = this.#held.get(client)?.seat ?? this.#held.size;
    this.#held.set(client, { seat, client, name: who, me: false, holds, who });
    const rows = [...this.#rows.values()].filter((row) => row.at > (at ?? 0) && (since || row.document));
    return {
      cursor: `${this.generation} ${this.#clock}`,
      whole: since === null,
      changes: rows.map((row) => standingOf(row, who)),
      present: [...this.#held.values()]
        .filter((one) => one.client !== client)
        .map(({ who: name, ...one }) => ({ ...one, me: name === who })),
      may_write: may.write,
      may_manage: may.manage,
    };
  }
}

interface Line {
  /** Every request fails so. */
  cut: "offline" | "signin" | "server" | null;
  /** What is asked is done, and nobody hears of it. */
  loseAnswers: boolean;
}

function standingOf({ id, revision, document, author, by }: Row, who: string): Standing {
  const target = document?.target as { selector?: { value?: string; x?: number; y?: number } } | undefined;
  const numbers = /xywh=([\d.,]+)/
    .exec(target?.selector?.value ?? "")?.[1]
    ?.split(",")
    .map(Number);
  return {
    ...{
      id,
      revision,
      stands: document !== null,
      document: document ?? {},
      concepts: [],
      mine: author === who,
      by,
    },
    box: numbers ? (numbers as unknown as Standing["box"]) : null,
    points: target?.selector?.x === undefined ? [] : [[target.selector.x, target.selector.y ?? 0]],
  };
}

/** A sitting of somebody at the canvas, with its own shelf and a clock that is shared. */
export function sitting(
  shared: SharedCanvas,
  who: string,
  { clock = new HandClock(), shelf = new MemoryShelf(), client = who } = {},
) {
  const server = shared.as(who, client);
  let count = 0;
  const world = {
    shelf,
    clock,
    newId: () => `${client}-${++count}`,
    alone: (_name: string, work: () => Promise<void>) => work(),
  };
  const seen: { state: ScriptoriumState | null } = { state: null };
  const at = new Scriptorium(world, server, WHERE, `together/${who}/`, (state) => {
    seen.state = state;
  });
  return { at, server, clock, shelf, shapes: () => at.state.shapes ?? [], settled };
}
