/** The draft on its way to the server: soon after each change, one every two seconds at most, for nothing but going on elsewhere. */

import type { Answer } from "./draft.ts";
import type { HandState } from "./journal.ts";
import type { World } from "./ports.ts";
import { asTrouble, type Trouble, type TroubleKind } from "./trouble.ts";

/** What a draft of an answer says. */
export interface AnswerBody {
  readonly answer: Answer;
  readonly hand: HandState;
  readonly time_spent_s: number;
  /** Width and height of the canvas in whose space the shapes stand. */
  readonly canvas_size: readonly [number, number];
  /** On a grid: it is left to others. */
  readonly passed?: boolean;
}

/** A draft as the server keeps it: what it says, and how the server tells old from new. */
export interface KeptDraft<B = AnswerBody> {
  /** Every change counts on from the one before, wherever it was made: clocks may differ. */
  readonly sequence: number;
  /** The browser in which it was made. */
  readonly writer: string;
  readonly body: B;
  /** Of a change: the revision of the answer that it shall replace. */
  readonly based_on?: number;
}

/** Of what it is the draft: of the answer to a lease, or of a change of what was handed in. */
export interface Subject {
  readonly assignment: string;
  /** The answer that is being changed, and the revision of it that was seen. */
  readonly changes: { readonly contribution: string; readonly revision: number } | null;
}

export const leaseOf = (assignment: string): Subject => ({ assignment, changes: null });

export const keyOf = ({ assignment, changes }: Subject): string =>
  changes ? `${changes.contribution} ${changes.revision}` : assignment;

/** A draft that is sent with others. */
export interface Sent<B = AnswerBody> {
  readonly subject: Subject;
  readonly draft: KeptDraft<B>;
}

/** The server's place for drafts. */
export interface DraftServer<B = AnswerBody> {
  /** Null where there is none. */
  read(subject: Subject): Promise<KeptDraft<B> | null>;
  /** Throws a `Trouble` of code `draft-overtaken` with the one that stands, when that is newer. */
  write(subject: Subject, draft: KeptDraft<B>): Promise<void>;
  /** Forgets the draft of a change: the answer stays as it stands. */
  drop?(subject: Subject): Promise<void>;
  /** Those of several leases, by lease. */
  readMany?(leases: readonly string[]): Promise<ReadonlyMap<string, KeptDraft<B>>>;
  /** Writes those of several leases; for each why not, or null. */
  writeMany?(sent: readonly Sent<B>[]): Promise<readonly (Trouble | null)[]>;
}

/** Where the latest change of the draft is, beyond this browser. */
export type There = "off" | "saved" | "saving" | "waiting";

export interface ThereState {
  readonly there: There;
  /** Why it waits. */
  readonly thereBecause: TroubleKind | null;
}

const COALESCED_MS = 800;
const APART_MS = 2_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;
/** As many as the server takes in one request. */
const MOST_TOGETHER = 60;

export class Drafts<B = AnswerBody> {
  /** What waits, by what it is the draft of; what has waited longest first. */
  readonly #pending = new Map<string, Sent<B>>();
  /** What lies on the desk: of that alone is told where it is. */
  #shown: string | null = null;
  #sending: Promise<void> | null = null;
  #sentAt = Number.NEGATIVE_INFINITY;
  #waitMs = FIRST_WAIT_MS;
  /** Nothing is sent before: the server or the network needs a rest. */
  #notBefore = 0;
  /** The server has said so itself: not even a page that closes goes before. */
  #askedFor = 0;
  #cancel: (() => void) | null = null;
  /** What the server will not have. */
  readonly #refused = new Set<string>();

  constructor(
    private readonly world: Pick<World, "clock"> & { readonly server: { readonly drafts?: DraftServer<B> } },
    private readonly changed: (state: ThereState) => void,
    /** Another browser has gone on from here: what stands there, with its number. */
    private readonly overtaken: (subject: Subject, present: KeptDraft<B>) => void,
    /** Whether all of them lie there at once. */
    private readonly isGrid = false,
    /** Whether it is what this workbench writes: any other client may keep what it likes. */
    private readonly isReadable: (draft: KeptDraft<B>) => boolean = isAnswer,
  ) {}

  /** Sends this soon, in the place of what waits of the same. */
  put(subject: Subject, draft: KeptDraft<B>): void {
    const key = keyOf(subject);
    if (!this.world.server.drafts || this.#refused.has(key)) return;
    this.#pending.set(key, { subject, draft });
    this.#shown = key;
    this.#tell("saving");
    this.#plan();
  }

  /** Sends what waits at once: the page is going away, or the network is back. */
  flush(): void {
    if (!this.#pending.size) return;
    this.#notBefore = this.#askedFor;
    if (this.world.clock.now() < this.#askedFor) this.#plan();
    else void this.#send();
  }

  /** Something else lies on the desk: what waits goes out all the same. */
  turn(): void {
    this.#shown = null;
    this.#tell("off");
    this.flush();
  }

  /** It is not wanted any more: it was handed in, or passed on. */
  forget(subject: Subject): void {
    this.#pending.delete(keyOf(subject));
    if (!this.#pending.size) this.#unplan();
    if (this.isGrid) {
      if (!this.#pending.size) this.#tell("off");
    } else if (!this.#shown || this.#shown === keyOf(subject)) {
      this.#shown = null;
      this.#tell("off");
    }
  }

  /** The same, and what is under way has arrived. */
  async settle(subject: Subject): Promise<void> {
    this.forget(subject);
    await this.#sending;
  }

  /** The change is given up: nobody is to find it elsewhere. */
  async drop(subject: Subject): Promise<void> {
    await this.settle(subject);
    await this.world.server.drafts?.drop?.(subject).catch(() => undefined);
  }

  async read(subject: Subject): Promise<KeptDraft<B> | null> {
    const found = (await this.world.server.drafts?.read(subject).catch(() => null)) ?? null;
    return found && this.isReadable(found) ? found : null;
  }

  /** Those of several leases; none of what cannot be read. */
  async readMany(leases: readonly string[]): Promise<ReadonlyMap<string, KeptDraft<B>>> {
    const found = await this.world.server.drafts?.readMany?.(leases).catch(() => null);
    return new Map([...(found ?? [])].filter(([, draft]) => this.isReadable(draft)));
  }

  close(): void {
    this.#unplan();
  }

  #plan(): void {
    // What comes meanwhile goes along: a hand that never rests must not put it off.
    if (this.#sending || this.#cancel) return;
    const now = this.world.clock.now();
    const at = Math.max(now + COALESCED_MS, this.#sentAt + APART_MS, this.#notBefore);
    this.#cancel = this.world.clock.after(at - now, () => void this.#send());
  }

  #unplan(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #send(): Promise<void> {
    this.#unplan();
    if (this.#sending || !this.#pending.size) return this.#sending ?? Promise.resolve();
    const some = this.#together();
    for (const { subject } of some) this.#pending.delete(keyOf(subject));
    this.#sentAt = this.world.clock.now();
    this.#sending = this.#sendThese(some).finally(() => {
      this.#sending = null;
      if (this.#pending.size) this.#plan();
    });
    return this.#sending;
  }

  /** What goes in the next request: several leases where the server takes them together. */
  #together(): readonly Sent<B>[] {
    const all = [...this.#pending.values()];
    const leases = all.filter(({ subject }) => !subject.changes);
    const isMany = this.world.server.drafts?.writeMany && leases.length > 1;
    return isMany ? leases.slice(0, MOST_TOGETHER) : all.slice(0, 1);
  }

  async #sendThese(some: readonly Sent<B>[]): Promise<void> {
    const { drafts } = this.world.server;
    const [first] = some;
    if (!drafts || !first) return;
    try {
      const told =
        some.length > 1 && drafts.writeMany
          ? await drafts.writeMany(some)
          : [await drafts.write(first.subject, first.draft).then(() => null)];
      this.#waitMs = FIRST_WAIT_MS;
      for (const [index, one] of some.entries()) {
        const trouble = told[index];
        if (trouble) this.#failed([one], trouble);
        else if (this.#isDone(one)) this.#tell("saved");
      }
    } catch (error) {
      this.#failed(some, asTrouble(error));
    }
  }

  #isDone({ subject }: Sent<B>): boolean {
    if (this.isGrid) return !this.#pending.size;
    return this.#shown === keyOf(subject) && !this.#pending.has(keyOf(subject));
  }

  #failed(some: readonly Sent<B>[], trouble: Trouble): void {
    const [first] = some;
    if (!first) return;
    // Of an answer that is still under way, or an amendment, the server will know in a moment.
    const isEarly =
      first.subject.changes !== null && (trouble.code === "not-there-yet" || trouble.code === "not-found");
    if (trouble.kind === "refused" && !isEarly) {
      for (const one of some) this.#refuse(one, trouble);
      return;
    }
    for (const one of some) {
      const key = keyOf(one.subject);
      if (!this.#pending.has(key)) this.#pending.set(key, one);
    }
    const wait = trouble.retryAfterS === null ? this.#waitMs : trouble.retryAfterS * 1000;
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
    this.#notBefore = this.world.clock.now() + wait;
    if (trouble.retryAfterS !== null) this.#askedFor = this.#notBefore;
    if (this.#shown !== null) this.changed({ there: "waiting", thereBecause: trouble.kind });
  }

  #refuse(one: Sent<B>, trouble: Trouble): void {
    const present = trouble.present as KeptDraft<B> | null;
    if (trouble.code === "draft-overtaken" && present && this.isReadable(present)) {
      this.overtaken(one.subject, present);
    } else this.#refused.add(keyOf(one.subject));
    if (this.#isDone(one)) this.#tell("off");
  }

  #tell(there: There): void {
    // What waits goes on waiting until it has arrived.
    if (there === "saving" && this.world.clock.now() < this.#notBefore) return;
    this.changed({ there, thereBecause: null });
  }
}

/** Whether it is the draft of an answer. */
function isAnswer({ sequence, body }: KeptDraft<unknown>): boolean {
  const { answer, canvas_size } = (body ?? {}) as Partial<AnswerBody>;
  const lists = [answer?.shapes, answer?.concepts, answer?.rejected, canvas_size];
  return Number.isSafeInteger(sequence) && lists.every(Array.isArray) && typeof answer?.comment === "string";
}
