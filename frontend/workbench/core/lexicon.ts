/** The labels at hand: searches the campaign's concepts, remembers the ones used lately, offers the first nine. */

import type { ConceptFound, ConceptRef } from "./contract.ts";
import type { Server, Shelf } from "./ports.ts";

export const QUICK = 9;
const REMEMBERED = 30;
const CACHED = 60;

export class Lexicon {
  #recent: readonly ConceptFound[] = [];
  #first: readonly ConceptFound[] = [];
  #cache = new Map<string, readonly ConceptFound[]>();
  total = 0;
  /** Where a label that is missed can be proposed; null where nobody is asked. */
  proposeAt: string | null = null;

  constructor(
    private readonly server: Pick<Server, "concepts">,
    private readonly shelf: Shelf,
    /** Shelf key; one per person, vocabulary and language. */
    private readonly key: string,
    /** Of a sequence the step whose labels these are. */
    private readonly step = "",
  ) {}

  async open(): Promise<void> {
    this.#recent = (await this.shelf.get<ConceptFound[]>(this.key).catch(() => undefined)) ?? [];
    const { items, total } = await this.server.concepts("", QUICK, this.step);
    this.#first = items;
    this.total = total;
  }

  /** Whether the nine keys reach everything there is to choose. */
  get isSmall(): boolean {
    return this.total <= QUICK;
  }

  /** The concepts under the keys 1–9: a small vocabulary in its own order, of a large one the latest used first. */
  get quick(): readonly ConceptFound[] {
    return this.isSmall ? this.#first : distinct([...this.#recent, ...this.#first]).slice(0, QUICK);
  }

  isRecent(id: string): boolean {
    return this.#recent.some((concept) => concept.id === id);
  }

  /** Matches for a query, those used lately first; without a query the quick ones. Throws `Trouble`. */
  async search(query: string, limit = 20): Promise<readonly ConceptFound[]> {
    const wanted = query.trim();
    const key = `${folded(wanted)} ${limit}`;
    const known = this.#cache.get(key);
    const items = known ?? (await this.server.concepts(wanted, limit, this.step)).items;
    if (!known) this.#remember(key, items);
    if (!wanted) return distinct([...this.#recent.slice(0, QUICK), ...items]);
    const lately = (concept: ConceptFound) => (this.isRecent(concept.id) ? 0 : 1);
    return [...items].sort((a, b) => lately(a) - lately(b));
  }

  /** Notes a choice, so that it comes first next time. */
  used(concept: ConceptRef): void {
    this.#recent = distinct([concept, ...this.#recent]).slice(0, REMEMBERED);
    void this.shelf.put(this.key, this.#recent).catch(() => undefined);
  }

  #remember(key: string, items: readonly ConceptFound[]): void {
    if (this.#cache.size >= CACHED) this.#cache.clear();
    this.#cache.set(key, items);
  }
}

/** Lower case without accents: how two spellings are compared. */
export const folded = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();

/** Where the query stands in a label, accents and case aside: `[start, end]`, or null. */
export function matchIn(label: string, query: string): readonly [number, number] | null {
  const wanted = folded(query.trim());
  if (!wanted) return null;
  const characters = [...label];
  const flat = characters.map(folded);
  const start = flat.join("").indexOf(wanted);
  if (start < 0) return null;
  let [index, at] = [0, 0];
  while (at < start) at += flat[index++]?.length ?? 1;
  const from = characters.slice(0, index).join("").length;
  while (at < start + wanted.length) at += flat[index++]?.length ?? 1;
  return [from, characters.slice(0, index).join("").length];
}

function distinct(concepts: readonly ConceptFound[]): ConceptFound[] {
  const seen = new Set<string>();
  return concepts.filter(({ id }) => !seen.has(id) && seen.add(id));
}
