/** Carries changes of annotations to the server: kept in the browser first, then sent in order, each exactly once. */

import type { World } from "./ports.ts";
import type { Document, Said, SharedServer } from "./shared.ts";
import { asTrouble, type TroubleKind } from "./trouble.ts";

export type Act = "create" | "change" | "delete";

export interface Parcel {
  /** Tells the order in which they were made. */
  readonly key: string;
  readonly id: string;
  readonly act: Act;
  /** What the annotation shall say; null when it is deleted. */
  readonly said: Said | null;
  readonly document: Document | null;
  /** The revision that was changed; null: that which the parcel before it makes. */
  readonly base: number | null;
  /** It has been sent, and may have arrived. */
  readonly tried: boolean;
  /** Somebody else has changed it meanwhile: the person chooses. */
  readonly clash: boolean;
  /** Why the server does not take it. */
  readonly refused: string | null;
}

export interface CourierState {
  readonly parcels: readonly Parcel[];
  readonly sending: boolean;
  /** Why nothing is sent just now. */
  readonly because: TroubleKind | null;
  /** False: this browser cannot keep what is drawn across a reload. */
  readonly kept: boolean;
}

export type Change = Pick<Parcel, "id" | "act" | "said" | "document" | "base">;

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

export class Courier {
  #state: CourierState = { parcels: [], sending: false, because: null, kept: true };
  #delivery: Promise<void> | null = null;
  #writing: Promise<void> = Promise.resolve();
  #cancelRetry: (() => void) | null = null;
  #waitMs = FIRST_WAIT_MS;
  #last = 0;

  constructor(
    private readonly world: Pick<World, "shelf" | "clock" | "alone" | "newId">,
    private readonly server: Pick<SharedServer, "create" | "change" | "remove" | "revision">,
    private readonly prefix: string,
    private readonly changed: (state: CourierState) => void,
    /** The revision that a parcel has made; null for a deletion. */
    private readonly arrived: (parcel: Parcel, revision: number | null) => void,
  ) {}

  get state(): CourierState {
    return this.#state;
  }

  /** Reads what an earlier page left behind. */
  async open(): Promise<void> {
    await this.#reload();
  }

  /** What waits about one annotation, in order. */
  about(id: string): readonly Parcel[] {
    return this.#state.parcels.filter((parcel) => parcel.id === id);
  }

  /** Keeps a change. One that has not been sent yet takes the later one in: only the last state is worth sending. */
  add(change: Change): void {
    this.addAll([change]);
  }

  /** The same for several, each of another annotation. */
  addAll(changes: readonly Change[]): void {
    const latest = new Map(this.#state.parcels.map((parcel) => [parcel.id, parcel] as const));
    this.#setAll(changes.map((change) => taken(change, latest.get(change.id), () => this.#key())));
  }

  /** Forgets all that waits about an annotation. */
  drop(id: string): void {
    for (const parcel of this.about(id)) this.#set(parcel, null);
  }

  /** Sends whatever can be sent now. Calls while a delivery runs join it. */
  deliver(): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#delivery ??= this.world
      .alone(`courier ${this.prefix}`, () => this.#deliverAll())
      .finally(() => {
        this.#delivery = null;
        // Kept while the last of the others was being settled.
        if (this.#state.because === null && this.#next()) void this.deliver();
      });
    return this.#delivery;
  }

  /** Gives what was refused another chance. */
  async retryRefused(): Promise<void> {
    for (const parcel of this.#state.parcels)
      if (parcel.refused !== null) this.#set(parcel, { ...parcel, refused: null });
    await this.deliver();
  }

  discardRefused(): void {
    for (const parcel of this.#state.parcels) if (parcel.refused !== null) this.#set(parcel, null);
  }

  close(): void {
    this.#cancelRetry?.();
  }

  async #deliverAll(): Promise<void> {
    // Read again under the lock: another tab may have delivered some meanwhile.
    await this.#reload();
    for (let parcel = this.#next(); parcel; parcel = this.#next()) {
      this.#become({ sending: true });
      const trying = { ...parcel, tried: true };
      this.#set(parcel, trying);
      await this.#writing;
      try {
        this.#done(trying, await this.#send(trying));
      } catch (error) {
        const trouble = asTrouble(error);
        if (trouble.kind !== "refused") {
          this.#postpone(trouble.kind, trouble.retryAfterS);
          return;
        }
        const clash = trouble.code === "stale" || trouble.code === "gone";
        this.#hold(trying.id, clash ? { clash } : { refused: trouble.detail || trouble.code });
      }
    }
    this.#waitMs = FIRST_WAIT_MS;
    this.#become({ sending: false, because: null });
    await this.#writing;
  }

  async #send({ id, act, document, base }: Parcel): Promise<number | null> {
    const { server } = this;
    if (act === "create") {
      // Nobody else makes this id: where it is taken, the answer to an earlier try was lost.
      return server.create(document ?? {}).catch((error: unknown) => {
        if (asTrouble(error).code === "id-taken") return server.revision(id);
        throw error;
      });
    }
    if (act === "change") return server.change(id, document ?? {}, base ?? 0);
    await server.remove(id, base ?? 0).catch((error: unknown) => {
      if (asTrouble(error).code !== "gone") throw error;
    });
    return null;
  }

  #done(parcel: Parcel, revision: number | null): void {
    this.#set(parcel, null);
    const [next] = this.about(parcel.id);
    if (next && next.base === null && revision !== null) this.#set(next, { ...next, base: revision });
    this.arrived(parcel, revision);
  }

  /** What builds upon a parcel that is held up waits with it. */
  #hold(id: string, why: Partial<Parcel>): void {
    for (const parcel of this.about(id)) this.#set(parcel, { ...parcel, ...why });
  }

  #postpone(because: TroubleKind, retryAfterS: number | null): void {
    this.#become({ sending: false, because });
    const wait = retryAfterS === null ? this.#waitMs : retryAfterS * 1000;
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
    this.#cancelRetry = this.world.clock.after(wait, () => void this.deliver());
  }

  #next(): Parcel | undefined {
    return this.#state.parcels.find(({ clash, refused }) => !clash && refused === null);
  }

  /** One change in memory at once, and on the shelf in the same order. */
  #set(before: Parcel | null, after: Parcel | null): void {
    this.#setAll([{ before, after }]);
  }

  #setAll(moves: readonly Move[]): void {
    const gone = new Set(moves.map(({ before }) => before?.key));
    const others = this.#state.parcels.filter(({ key }) => !gone.has(key));
    const now = moves.flatMap(({ after }) => after ?? []);
    const parcels = [...others, ...now].sort((a, b) => (a.key < b.key ? -1 : 1));
    this.#become({ parcels });
    this.#write(async () => {
      for (const { before, after } of moves) {
        if (before && before.key !== after?.key) await this.world.shelf.remove(this.prefix + before.key);
        if (after) await this.world.shelf.put(this.prefix + after.key, after);
      }
    });
  }

  #write(work: () => Promise<void>): void {
    this.#writing = this.#writing.then(work).catch(() => this.#become({ kept: false }));
  }

  async #reload(): Promise<void> {
    // Where nothing can be kept, memory is all there is.
    if (!this.#state.kept) return;
    for (;;) {
      const written = this.#writing;
      await written;
      const rows = await this.world.shelf.list<Parcel>(this.prefix);
      // What was changed while this was read is newer than what was read.
      if (written !== this.#writing) continue;
      this.#become({ parcels: rows.map(([, parcel]) => parcel) });
      return;
    }
  }

  #key(): string {
    this.#last = Math.max(this.#last + 1, this.world.clock.now());
    return `${String(this.#last).padStart(15, "0")} ${this.world.newId()}`;
  }

  #become(change: Partial<CourierState>): void {
    this.#state = { ...this.#state, ...change };
    this.changed(this.#state);
  }
}

/** One parcel in the place of another; null: none. */
interface Move {
  readonly before: Parcel | null;
  readonly after: Parcel | null;
}

/** What becomes of the last parcel about an annotation when it is changed once more. */
function taken(change: Change, last: Parcel | undefined, key: () => string): Move {
  // What the server has said no to has not arrived either.
  const open = last && (!last.tried || last.clash || last.refused !== null) ? last : null;
  if (open?.act === "create" && change.act === "delete") return { before: open, after: null };
  if (open) {
    const act = open.act === "create" ? "create" : change.act;
    const { said, document } = change;
    return { before: open, after: { ...open, act, said, document, tried: false, refused: null } };
  }
  const base = last ? null : change.base;
  const after = { ...change, base, key: key(), tried: false, clash: false, refused: null };
  return { before: null, after };
}
