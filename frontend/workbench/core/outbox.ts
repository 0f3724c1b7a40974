/** Finished answers on their way to the server: kept until the server has said it has them, sent in order. */

import type { BatchResult, Contribution, Own, Receipt } from "./contract.ts";
import type { Answer } from "./draft.ts";
import type { World } from "./ports.ts";
import { asTrouble, Trouble, type TroubleKind } from "./trouble.ts";

/** What an amendment changes: the contribution, the revision of it that was seen, and the answer as it was drawn. */
export interface Amends {
  readonly contribution: string;
  readonly revision: number;
  readonly answer: Answer;
}

export interface Parcel {
  /** What is sent; of an amendment the id is its own. */
  readonly contribution: Contribution;
  readonly amends?: Amends | null;
  /** What stands on the server, when it refused an amendment because that has changed. */
  readonly present?: Own | null;
  /** Milliseconds since the epoch. */
  readonly keptAt: number;
  /** The server's sentence, once it has refused this parcel for good. */
  readonly refused: string | null;
}

export interface OutboxState {
  readonly sending: boolean;
  readonly parcels: readonly Parcel[];
  /** Why parcels are still here, when the last attempt failed. */
  readonly because: TroubleKind | null;
}

/** The id of the contribution that a parcel hands in or amends. */
export const subjectOf = ({ contribution, amends }: Parcel): string =>
  amends?.contribution ?? contribution.id;

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 120_000;
const MOST_TOGETHER = 20;

type OutboxWorld = Pick<World, "shelf" | "clock" | "alone">;

export class Outbox {
  #state: OutboxState = { sending: false, parcels: [], because: null };
  #waitMs = FIRST_WAIT_MS;
  #cancelRetry: (() => void) | null = null;
  #delivery: Promise<void> | null = null;

  constructor(
    private readonly world: OutboxWorld,
    /** Key prefix on the shelf; one per person and campaign. */
    private readonly prefix: string,
    private readonly send: (parcel: Parcel) => Promise<Receipt | null>,
    private readonly changed: (state: OutboxState, receipt: Receipt | null) => void,
    /** Sends several that hand something in together; where it is missing they go one by one. */
    private readonly sendMany?: (contributions: readonly Contribution[]) => Promise<readonly BatchResult[]>,
  ) {}

  get state(): OutboxState {
    return this.#state;
  }

  /** Reads what an earlier page left behind. */
  async open(): Promise<void> {
    await this.#reload();
  }

  /** Keeps a contribution or an amendment; from the moment this resolves it survives reload and crash. */
  async add(contribution: Contribution, amends: Amends | null = null): Promise<void> {
    const parcel: Parcel = { contribution, amends, keptAt: this.world.clock.now(), refused: null };
    await this.world.shelf.put(this.#key(contribution.id), parcel);
    await this.#reload();
  }

  holdsAssignment(id: string): boolean {
    return this.#state.parcels.some(({ contribution }) => contribution.assignment === id);
  }

  /** Whether a contribution or an amendment of this id is here. */
  holds(id: string): boolean {
    return this.#state.parcels.some(({ contribution }) => contribution.id === id);
  }

  /** Everything about one contribution, in the order in which it is sent. */
  about(contribution: string): readonly Parcel[] {
    return this.#state.parcels.filter((parcel) => subjectOf(parcel) === contribution);
  }

  async remove(parcels: readonly Parcel[]): Promise<void> {
    for (const { contribution } of parcels) await this.world.shelf.remove(this.#key(contribution.id));
    await this.#reload();
  }

  /** Sends whatever can be sent now. Calls while a delivery runs join it. */
  deliver(): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#delivery ??= this.world
      .alone(`outbox ${this.prefix}`, () => this.#deliverAll())
      .finally(() => {
        this.#delivery = null;
      });
    return this.#delivery;
  }

  /** Gives refused parcels another chance. */
  async retryRefused(): Promise<void> {
    for (const parcel of this.#state.parcels) {
      if (parcel.refused === null) continue;
      await this.world.shelf.put(this.#key(parcel.contribution.id), {
        ...parcel,
        refused: null,
        present: null,
      });
    }
    await this.#reload();
    await this.deliver();
  }

  async discardRefused(): Promise<void> {
    await this.remove(this.#state.parcels.filter((parcel) => parcel.refused !== null));
  }

  close(): void {
    this.#cancelRetry?.();
  }

  async #deliverAll(): Promise<void> {
    // Read again under the lock: another tab may have delivered some meanwhile.
    await this.#reload();
    for (let parcel = this.#first(); parcel; parcel = this.#first()) {
      this.#become({ sending: true });
      const together = this.#together();
      const trouble =
        together.length > 1 ? await this.#deliverMany(together) : await this.#deliverOne(parcel);
      if (trouble) {
        this.#postpone(trouble);
        return;
      }
    }
    this.#waitMs = FIRST_WAIT_MS;
    this.#become({ sending: false, because: null });
  }

  async #deliverOne(parcel: Parcel): Promise<Trouble | null> {
    const key = this.#key(parcel.contribution.id);
    try {
      const receipt = await this.send(parcel);
      await this.world.shelf.remove(key);
      await this.#reload(receipt);
      return null;
    } catch (error) {
      const trouble = asTrouble(error);
      if (trouble.kind !== "refused") return trouble;
      await this.#refuse(parcel, trouble);
      return null;
    }
  }

  /** Those that come next and can go together: amendments build upon each other and go alone. */
  #together(): readonly Parcel[] {
    if (!this.sendMany) return [];
    const waiting = this.#state.parcels.filter((parcel) => parcel.refused === null);
    const stop = waiting.findIndex(({ amends }) => amends);
    return waiting.slice(0, stop < 0 ? MOST_TOGETHER : Math.min(stop, MOST_TOGETHER));
  }

  async #deliverMany(parcels: readonly Parcel[]): Promise<Trouble | null> {
    let results: readonly BatchResult[];
    try {
      results = (await this.sendMany?.(parcels.map(({ contribution }) => contribution))) ?? [];
    } catch (error) {
      const trouble = asTrouble(error);
      // Refused as a whole: by themselves each tells what it is about.
      const [first] = parcels;
      return trouble.kind === "refused" && first ? this.#deliverOne(first) : trouble;
    }
    for (const [index, parcel] of parcels.entries()) {
      const { receipt, problem } = results[index] ?? { receipt: null, problem: null };
      if (receipt) {
        await this.world.shelf.remove(this.#key(parcel.contribution.id));
        await this.#reload(receipt);
      } else if (problem) {
        await this.#refuse(parcel, new Trouble("refused", problem.detail, problem.code));
      } else return new Trouble("server");
    }
    return null;
  }

  /** What builds upon a refused parcel waits with it: it was made in the belief that the other had arrived. */
  async #refuse(parcel: Parcel, trouble: Trouble): Promise<void> {
    const refused = trouble.detail || trouble.code || "refused";
    const present = parcel.amends ? (trouble.present as Own | null) : null;
    const about = this.about(subjectOf(parcel));
    for (const one of about.slice(
      about.findIndex(({ contribution }) => contribution.id === parcel.contribution.id),
    )) {
      await this.world.shelf.put(this.#key(one.contribution.id), { ...one, refused, present });
    }
    await this.#reload();
  }

  #postpone(trouble: Trouble): void {
    this.#become({ sending: false, because: trouble.kind });
    const wait = trouble.retryAfterS === null ? this.#waitMs : trouble.retryAfterS * 1000;
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
    this.#cancelRetry = this.world.clock.after(wait, () => void this.deliver());
  }

  #first(): Parcel | undefined {
    return this.#state.parcels.find((parcel) => parcel.refused === null);
  }

  async #reload(receipt: Receipt | null = null): Promise<void> {
    const rows = await this.world.shelf.list<Parcel>(this.prefix);
    const parcels = rows.map(([, parcel]) => parcel).sort((a, b) => a.keptAt - b.keptAt);
    this.#become({ parcels }, receipt);
  }

  #become(change: Partial<OutboxState>, receipt: Receipt | null = null): void {
    this.#state = { ...this.#state, ...change };
    this.changed(this.#state, receipt);
  }

  #key(id: string): string {
    return `${this.prefix}${id}`;
  }
}
