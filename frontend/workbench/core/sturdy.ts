/** A shelf that goes on in memory where the browser's own is full or refused, and says so. */

import type { Shelf } from "./ports.ts";

export class SturdyShelf implements Shelf {
  /** What the shelf below did not take. */
  readonly #held = new Map<string, string>();
  #failing = false;

  constructor(private readonly below: Shelf) {}

  /** Whether what was put last would not survive the page. */
  get failing(): boolean {
    return this.#failing || (this.below.failing ?? false);
  }

  async get<T>(key: string): Promise<T | undefined> {
    const held = this.#held.get(key);
    if (held !== undefined) return JSON.parse(held) as T;
    return this.below.get<T>(key).catch(() => undefined);
  }

  async put(key: string, value: unknown): Promise<void> {
    try {
      await this.below.put(key, value);
      this.#held.delete(key);
      this.#failing = this.#held.size > 0;
    } catch {
      this.#held.set(key, JSON.stringify(value));
      this.#failing = true;
    }
  }

  async remove(key: string): Promise<void> {
    this.#held.delete(key);
    // A key that cannot be removed may come back after a reload: whoever reads it knows what has been done.
    await this.below.remove(key).catch(() => undefined);
    this.#failing &&= this.#held.size > 0;
  }

  async list<T>(prefix: string): Promise<readonly (readonly [key: string, value: T])[]> {
    const below = await this.below.list<T>(prefix).catch(() => []);
    const held = [...this.#held].filter(([key]) => key.startsWith(prefix));
    const rows = [
      ...below.filter(([key]) => !this.#held.has(key)),
      ...held.map(([key, value]) => [key, JSON.parse(value) as T] as const),
    ];
    return rows.sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
