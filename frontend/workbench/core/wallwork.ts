/** One reviewer's work at a wall of crops: what is shown, ruled on, sent again after a failure, and taken back. */

import type { ConceptRef } from "./contract.ts";
import type { Shelf } from "./ports.ts";
import {
  AT_ONCE,
  after,
  type CropConcept,
  type CropItem,
  type CropOrder,
  type CropPage,
  type CropState,
  type Picked,
  type Sorted,
  type Sorting,
  type SortResult,
  type SortVerdict,
} from "./sorting.ts";
import { asTrouble, type Trouble } from "./trouble.ts";

export interface WallQuery {
  /** Null: without a label. */
  readonly concept: string | null;
  readonly state: CropState;
  readonly order: CropOrder;
  readonly narrower: boolean;
}

export interface WallServer {
  concepts(): Promise<readonly CropConcept[]>;
  page(query: WallQuery, cursor: string, limit: number): Promise<CropPage>;
  rule(sorting: Sorting): Promise<Sorted>;
  takeBack(id: string): Promise<{ readonly taken_back: number; readonly kept: number }>;
}

export interface WallState {
  readonly piles: readonly CropConcept[] | null;
  readonly query: WallQuery | null;
  readonly items: readonly CropItem[];
  readonly total: number;
  readonly cursor: string | null;
  readonly loading: boolean;
  readonly busy: boolean;
  readonly picked: Picked;
  /** Ids of the actions carried out here, those of one press together; the last one last. */
  readonly done: readonly (readonly string[])[];
  readonly trouble: Trouble | null;
  /** An action whose answer did not come: it is sent again under the same ids. */
  readonly unsent: readonly Sorting[];
}

const NONE: Picked = new Set();
export const PAGE = 60;
const MOST = 200;

export class WallWork {
  state: WallState = {
    piles: null,
    query: null,
    items: [],
    total: 0,
    cursor: null,
    loading: true,
    busy: false,
    picked: NONE,
    done: [],
    trouble: null,
    unsent: [],
  };
  /** What is being asked for: an answer to an earlier question is not shown. */
  #round = 0;
  #label: ConceptRef | null = null;

  constructor(
    private readonly server: WallServer,
    private readonly newId: () => string,
    private readonly show: (state: WallState) => void,
    /** Where an action stands until it is answered, across a reload; and under which key. */
    private readonly kept: { readonly shelf: Shelf; readonly key: string } | null = null,
  ) {}

  async start(query: WallQuery | null): Promise<void> {
    await this.count();
    const { piles } = this.state;
    if (!piles) return;
    const fullest =
      [...piles].filter(({ merged }) => merged).sort((a, b) => b.merged - a.merged)[0] ?? piles[0];
    const first = fullest && { concept: fullest.id, state: "merged", order: "outliers", narrower: true };
    if (query ?? first) await this.look((query ?? first) as WallQuery);
    else this.#set({ loading: false });
    await this.#restore();
    if (this.state.unsent.length) await this.send();
  }

  async count(): Promise<void> {
    await this.#orTrouble(async () => this.#set({ piles: await this.server.concepts() }));
  }

  async look(query: WallQuery): Promise<void> {
    this.#set({ query, items: [], total: 0, cursor: null, picked: NONE });
    await this.#load("", PAGE);
  }

  async more(): Promise<void> {
    if (this.state.cursor && !this.state.loading) await this.#load(this.state.cursor, PAGE);
  }

  pick(picked: Picked): void {
    this.#set({ picked });
  }

  /** Rules on these; more than the server takes at once go one after the other. */
  async rule(
    ids: readonly string[],
    verdict: SortVerdict,
    concept: ConceptRef | null,
    reason: string,
  ): Promise<readonly SortResult[] | null> {
    if (this.state.busy || this.state.unsent.length || !ids.length) return null;
    const said = { verdict, concept: concept?.id ?? null, reason };
    const parts = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_none, index) => ({
      ...said,
      id: this.newId(),
      items: ids.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
    }));
    this.#label = concept;
    this.#set({ unsent: parts });
    await this.#keep();
    return this.send();
  }

  /** Sends what has not been answered; harmless to repeat. */
  async send(): Promise<readonly SortResult[] | null> {
    const sent: string[] = [];
    const results: SortResult[] = [];
    this.#set({ busy: true });
    await this.#orTrouble(async () => {
      for (const part of this.state.unsent) {
        const answer = await this.server.rule(part);
        sent.push(answer.id);
        results.push(...answer.results);
        const items = after(this.state.items, answer.results, part, this.#label);
        const gone = this.state.items.length - items.length;
        this.#set({ items, total: this.state.total - gone, unsent: this.state.unsent.slice(1) });
        await this.#keep();
      }
    });
    const { trouble, unsent } = this.state;
    // What the server understood and refused is not sent again.
    if (trouble?.kind === "refused") {
      this.#set({ unsent: [] });
      await this.#keep();
    }
    const refused = new Set(results.filter(({ state }) => state === "refused").map(({ item }) => item));
    const ruled = new Set(results.map(({ item }) => item));
    const picked = new Set([...this.state.picked].filter((id) => !ruled.has(id) || refused.has(id)));
    const moved = results.some(({ state }) => state !== "refused");
    this.#set({ busy: false, picked, done: moved ? [...this.state.done, sent] : this.state.done });
    if (!results.length) return null;
    await this.count();
    if (this.state.query?.state === "decided") await this.again();
    else if (!this.state.items.length && !unsent.length) await this.again();
    return results;
  }

  /** Lets go of what was not sent. */
  drop(): void {
    this.#set({ unsent: [], trouble: null });
    void this.#keep();
  }

  /** What an earlier page sent without hearing an answer; sent again it is harmless. */
  async #restore(): Promise<void> {
    if (this.state.unsent.length || !this.kept) return;
    const { shelf, key } = this.kept;
    const unsent = await shelf.get<readonly Sorting[]>(key).catch(() => undefined);
    if (unsent?.length) this.#set({ unsent });
  }

  async #keep(): Promise<void> {
    const { unsent } = this.state;
    if (!this.kept) return;
    const { shelf, key } = this.kept;
    await (unsent.length ? shelf.put(key, unsent) : shelf.remove(key)).catch(() => undefined);
  }

  async undo(): Promise<{ back: number; kept: number } | null> {
    const last = this.state.done.at(-1);
    if (!last || this.state.busy) return null;
    this.#set({ busy: true });
    let [back, kept] = [0, 0];
    await this.#orTrouble(async () => {
      for (const id of [...last].reverse()) {
        const found = await this.server.takeBack(id);
        back += found.taken_back;
        kept += found.kept;
      }
      this.#set({ done: this.state.done.slice(0, -1) });
    });
    this.#set({ busy: false });
    if (this.state.trouble) return null;
    await this.count();
    await this.again();
    return { back, kept };
  }

  /** The same wall anew, as far as it was shown. */
  async again(): Promise<void> {
    const count = Math.min(MOST, Math.max(PAGE, this.state.items.length));
    await this.#load("", count);
  }

  async #load(cursor: string, limit: number): Promise<void> {
    const { query } = this.state;
    if (!query) return;
    this.#round += 1;
    const round = this.#round;
    this.#set({ loading: true });
    await this.#orTrouble(async () => {
      const page = await this.server.page(query, cursor, limit);
      if (round !== this.#round) return;
      const before = cursor ? this.state.items : [];
      const known = new Set(before.map(({ id }) => id));
      const items = [...before, ...page.items.filter(({ id }) => !known.has(id))];
      const here = new Set(items.map(({ id }) => id));
      const picked = new Set([...this.state.picked].filter((id) => here.has(id)));
      this.#set({ items, total: page.total, cursor: page.cursor, picked });
    });
    if (round === this.#round) this.#set({ loading: false });
  }

  async #orTrouble(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#set({ trouble: null });
    } catch (error) {
      this.#set({ trouble: asTrouble(error) });
    }
  }

  #set(change: Partial<WallState>): void {
    this.state = { ...this.state, ...change };
    this.show(this.state);
  }
}
