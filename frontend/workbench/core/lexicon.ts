/**
 * The labels at hand: searches the campaign's concepts, remembers the ones used lately and often, keeps nine under keys.
 *
 * A label keeps its key as long as it is among the nine: a hand that has learnt that 3 is the F clef is not misled. What
 * comes newly takes the key of what was never used, else of what was used least.
 */

import type { ConceptFound, ConceptRef } from "./contract.ts";
import type { Server, Shelf } from "./ports.ts";

export const QUICK = 9;
const REMEMBERED = 30;
const CACHED = 60;

/** With every choice what was chosen before counts a little less. */
const FADING = 0.96;

interface Used extends ConceptFound {
  /** How often, the latest choices counting most. */
  readonly weight?: number;
}

const weightOf = ({ weight }: Used): number => weight ?? 1;

export class Lexicon {
  #recent: readonly Used[] = [];
  /** Ids of what is under the keys of a large vocabulary, as far as it was used. */
  #keyed: readonly string[] = [];
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
    this.#recent = (await this.shelf.get<Used[]>(this.key).catch(() => undefined)) ?? [];
    const keyed = await this.shelf.get<string[]>(`${this.key}/keys`).catch(() => undefined);
    this.#keyed = keyed ?? this.#recent.slice(0, QUICK).map(({ id }) => id);
    const { items, total } = await this.server.concepts("", QUICK, this.step);
    this.#first = items;
    this.total = total;
  }

  /** Whether the nine keys reach everything there is to choose. */
  get isSmall(): boolean {
    return this.total <= QUICK;
  }

  /** The concepts under the keys 1–9: a small vocabulary in its own order, of a large one what was used, then the first. */
  get quick(): readonly ConceptFound[] {
    if (this.isSmall) return this.#first;
    const used = this.#keyed.flatMap((id) => this.#recent.find((concept) => concept.id === id) ?? []);
    return distinct([...used, ...this.#first]).slice(0, QUICK);
  }

  /** What was used, that of late and often first. */
  get #familiar(): readonly Used[] {
    return [...this.#recent].sort((a, b) => weightOf(b) - weightOf(a));
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
    if (!wanted) return distinct([...this.#familiar.slice(0, QUICK), ...items]);
    const weight = (concept: ConceptFound) =>
      weightOf(this.#recent.find(({ id }) => id === concept.id) ?? NEVER);
    return [...items].sort((a, b) => weight(b) - weight(a));
  }

  /** Notes a choice, so that it comes first next time. */
  used(concept: ConceptRef): void {
    const before = this.#recent.find(({ id }) => id === concept.id);
    const weight = 1 + (before ? weightOf(before) * FADING : 0);
    const others = this.#recent
      .filter(({ id }) => id !== concept.id)
      .map((other) => ({ ...other, weight: weightOf(other) * FADING }));
    const kept = [{ ...concept, weight }, ...others];
    // What is under a key stays known, however long ago it was used.
    this.#recent = kept.filter(({ id }, index) => index < REMEMBERED || this.#keyed.includes(id));
    this.#give(concept.id);
    void this.shelf.put(this.key, this.#recent).catch(() => undefined);
    void this.shelf.put(`${this.key}/keys`, this.#keyed).catch(() => undefined);
  }

  /** Gives a label a key: the next free one, else that of what was used least. */
  #give(id: string): void {
    if (this.#keyed.includes(id)) return;
    if (this.#keyed.length < QUICK) {
      this.#keyed = [...this.#keyed, id];
      return;
    }
    const weights = this.#keyed.map((keyed) =>
      weightOf(this.#recent.find((one) => one.id === keyed) ?? NEVER),
    );
    const least = weights.indexOf(Math.min(...weights));
    this.#keyed = this.#keyed.map((keyed, index) => (index === least ? id : keyed));
  }

  #remember(key: string, items: readonly ConceptFound[]): void {
    if (this.#cache.size >= CACHED) this.#cache.clear();
    this.#cache.set(key, items);
  }
}

const NEVER: Used = { id: "", label: "", weight: 0 };

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
