/** What the core needs from the world, as interfaces: a server, a shelf that survives reloads, a clock. */

import type {
  Amendment,
  Batch,
  BatchResult,
  Campaign,
  Claim,
  ConceptFound,
  Contribution,
  Own,
  OwnDetail,
  Receipt,
} from "./contract.ts";

import type { DraftServer } from "./drafts.ts";
import type { Channel, Message } from "./tabs.ts";

export interface Server {
  campaign(): Promise<Campaign>;
  claim(options: { resume: boolean }): Promise<Claim>;
  renew(assignment: string): Promise<{ expires_at: string }>;
  release(assignment: string): Promise<void>;
  skip(assignment: string): Promise<void>;
  submit(contribution: Contribution): Promise<Receipt>;
  /** One's latest work in the campaign, newest first. */
  mine(limit: number): Promise<{ results: readonly Own[] }>;
  own(contribution: string): Promise<OwnDetail>;
  amend(contribution: string, amendment: Amendment): Promise<OwnDetail>;
  /** Those of one `step` where several questions are asked. */
  concepts(
    query: string,
    limit: number,
    step?: string,
  ): Promise<{ items: readonly ConceptFound[]; total: number }>;
  /** Keeps drafts; missing where there is nothing to go on with elsewhere. */
  readonly drafts?: DraftServer;
}

/** A server that gives and takes many at once. */
export interface GridServer extends Server {
  claimMany(options: { resume: boolean }): Promise<Batch>;
  submitMany(contributions: readonly Contribution[]): Promise<readonly BatchResult[]>;
}

/** Keeps plain values by key. Keys are paths; `list` answers in key order. */
export interface Shelf {
  /** Whether what is put would not survive the page. */
  readonly failing?: boolean;
  get<T>(key: string): Promise<T | undefined>;
  put(key: string, value: unknown): Promise<void>;
  remove(key: string): Promise<void>;
  list<T>(prefix: string): Promise<readonly (readonly [key: string, value: T])[]>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once, after so many milliseconds; the answer cancels it. */
  after(ms: number, call: () => void): () => void;
}

export interface World {
  readonly server: Server;
  readonly shelf: Shelf;
  readonly clock: Clock;
  /** A new UUID. */
  newId(): string;
  /** Runs `work` while no other tab does the same; tabs without locks just run it. */
  alone(name: string, work: () => Promise<void>): Promise<void>;
  /** Speaks with other tabs; missing where there can be none. */
  channel?(name: string, heard: (message: Message) => void): Channel;
}

/** Forgets everything with the page: for tests, and where the browser refuses storage. */
export class MemoryShelf implements Shelf {
  readonly #values = new Map<string, string>();

  async get<T>(key: string): Promise<T | undefined> {
    const value = this.#values.get(key);
    return value === undefined ? undefined : (JSON.parse(value) as T);
  }

  async put(key: string, value: unknown): Promise<void> {
    this.#values.set(key, JSON.stringify(value));
  }

  async remove(key: string): Promise<void> {
    this.#values.delete(key);
  }

  async list<T>(prefix: string): Promise<readonly (readonly [string, T])[]> {
    return [...this.#values.entries()]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, JSON.parse(value) as T] as const);
  }
}
