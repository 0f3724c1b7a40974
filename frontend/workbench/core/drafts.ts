/** The draft on its way to the server: soon after each change, one every two seconds at most, for nothing but going on elsewhere. */

import type { Answer } from "./draft.ts";
import type { HandState } from "./journal.ts";
import type { World } from "./ports.ts";
import { asTrouble, type TroubleKind } from "./trouble.ts";

/** A draft as the server keeps it: what it says, and how the server tells old from new. */
export interface KeptDraft {
  /** Every change counts on from the one before, wherever it was made: clocks may differ. */
  readonly sequence: number;
  /** The browser in which it was made. */
  readonly writer: string;
  readonly body: {
    readonly answer: Answer;
    readonly hand: HandState;
    readonly time_spent_s: number;
    /** Width and height of the canvas in whose space the shapes stand. */
    readonly canvas_size: readonly [number, number];
  };
}

/** The server's place for drafts of leases. */
export interface DraftServer {
  /** Null where there is none. */
  read(assignment: string): Promise<KeptDraft | null>;
  /** Throws a `Trouble` of code `draft-overtaken` with the one that stands, when that is newer. */
  write(assignment: string, draft: KeptDraft): Promise<void>;
}

/** Where the latest change of the draft is, beyond this browser. */
export type There = "off" | "saved" | "saving" | "waiting";

export interface ThereState {
  readonly there: There;
  /** Why it waits. */
  readonly thereBecause: TroubleKind | null;
}

interface Waiting {
  readonly assignment: string;
  readonly draft: KeptDraft;
}

const COALESCED_MS = 800;
const APART_MS = 2_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

export class Drafts {
  #pending: Waiting | null = null;
  #sending = false;
  #sentAt = Number.NEGATIVE_INFINITY;
  #waitMs = FIRST_WAIT_MS;
  /** Nothing is sent before: the server or the network needs a rest. */
  #notBefore = 0;
  /** The server has said so itself: not even a page that closes goes before. */
  #askedFor = 0;
  #cancel: (() => void) | null = null;
  /** Leases whose draft the server will not have. */
  readonly #refused = new Set<string>();

  constructor(
    private readonly world: Pick<World, "server" | "clock">,
    private readonly changed: (state: ThereState) => void,
    /** Another browser has gone on from here: what stands there, with its number. */
    private readonly overtaken: (assignment: string, present: KeptDraft) => void,
  ) {}

  /** Sends this soon, in the place of whatever waits. */
  put(assignment: string, draft: KeptDraft): void {
    if (!this.world.server.drafts || this.#refused.has(assignment)) return;
    this.#pending = { assignment, draft };
    this.#tell("saving");
    this.#plan();
  }

  /** Sends what waits at once: the page is going away, or the network is back. */
  flush(): void {
    if (!this.#pending) return;
    this.#notBefore = this.#askedFor;
    if (this.world.clock.now() < this.#askedFor) this.#plan();
    else void this.#send();
  }

  /** What waits is not wanted any more: it was handed in, or passed on. */
  forget(): void {
    this.#pending = null;
    this.#unplan();
    this.#tell("off");
  }

  async read(assignment: string): Promise<KeptDraft | null> {
    const found = (await this.world.server.drafts?.read(assignment).catch(() => null)) ?? null;
    return found && isReadable(found) ? found : null;
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

  async #send(): Promise<void> {
    this.#unplan();
    const sent = this.#pending;
    const { drafts } = this.world.server;
    if (!sent || !drafts || this.#sending) return;
    this.#sending = true;
    this.#pending = null;
    this.#sentAt = this.world.clock.now();
    try {
      await drafts.write(sent.assignment, sent.draft);
      this.#waitMs = FIRST_WAIT_MS;
      if (!this.#pending) this.#tell("saved");
    } catch (error) {
      this.#failed(sent, error);
    } finally {
      this.#sending = false;
      if (this.#pending) this.#plan();
    }
  }

  #failed(sent: Waiting, error: unknown): void {
    const trouble = asTrouble(error);
    if (trouble.kind === "refused") {
      const present = trouble.present as KeptDraft | null;
      if (trouble.code === "draft-overtaken" && present && isReadable(present)) {
        this.overtaken(sent.assignment, present);
      } else this.#refused.add(sent.assignment);
      if (!this.#pending) this.#tell("off");
      return;
    }
    this.#pending ??= sent;
    const wait = trouble.retryAfterS === null ? this.#waitMs : trouble.retryAfterS * 1000;
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
    this.#notBefore = this.world.clock.now() + wait;
    if (trouble.retryAfterS !== null) this.#askedFor = this.#notBefore;
    this.changed({ there: "waiting", thereBecause: trouble.kind });
  }

  #tell(there: There): void {
    // What waits goes on waiting until it has arrived.
    if (there === "saving" && this.world.clock.now() < this.#notBefore) return;
    this.changed({ there, thereBecause: null });
  }
}

/** Whether it is what this workbench writes: any other client may keep what it likes. */
function isReadable({ sequence, body }: KeptDraft): boolean {
  const { answer, canvas_size } = (body ?? {}) as Partial<KeptDraft["body"]>;
  const lists = [answer?.shapes, answer?.concepts, answer?.rejected, canvas_size];
  return Number.isSafeInteger(sequence) && lists.every(Array.isArray) && typeof answer?.comment === "string";
}
