/**
 * Asks again and again what is new on a shared canvas: at the pace of what happens there, slower while nothing does, less and
 * less often while there is no answer, and not at all while nobody looks.
 */

import type { Clock } from "./ports.ts";
import type { News, SharedServer } from "./shared.ts";
import { asTrouble, type Trouble, type TroubleKind } from "./trouble.ts";

export const POLL_MS = 1_500;
export const IDLE_POLL_MS = 5_000;
/** So long after the last thing that was done, heard or touched here nobody is taken to look. */
export const IDLE_AFTER_MS = 1_200_000;
const LONGEST_WAIT_MS = 15_000;
/** Codes that say: what was heard so far leads nowhere, begin anew. */
const BEGIN_ANEW = new Set(["cursor-elsewhere", "cursor-too-old", "too-many", "bad-cursor"]);

export interface Listener {
  /** What is held here, to be told to the others. */
  holds(): string | null;
  /** `after`: why nothing was heard before. */
  heard(news: News, after: TroubleKind | null): void;
  /** Nothing is heard just now. */
  lost(trouble: Trouble): void;
}

export class Listening {
  #cursor: string | null = null;
  #polling: Promise<void> | null = null;
  #cancel: (() => void) | null = null;
  #failures = 0;
  #stirredAt = 0;
  #asleep = false;
  #closed = false;
  #deaf: TroubleKind | null = null;
  #shut = "";

  constructor(
    private readonly clock: Clock,
    private readonly server: Pick<SharedServer, "news" | "leave">,
    private readonly listener: Listener,
  ) {}

  /** Why nothing is heard just now. */
  get deaf(): TroubleKind | null {
    return this.#deaf;
  }

  /** The server's sentence, where one may not look any more. */
  get shut(): string {
    return this.#shut;
  }

  get isAsleep(): boolean {
    return this.#asleep;
  }

  /** Notes that something happens here; who comes back to a page that nobody looked at hears at once. */
  stir(): void {
    const wasIdle = this.#isIdle;
    this.#stirredAt = this.clock.now();
    if (wasIdle && this.#cancel && !this.#asleep && !this.#closed) void this.poll();
  }

  get #isIdle(): boolean {
    return this.clock.now() - this.#stirredAt > IDLE_AFTER_MS;
  }

  /** Asks what is new, now; calls while a question is under way join it. */
  poll(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    this.#polling ??= this.#ask().finally(() => {
      this.#polling = null;
      this.#plan();
    });
    return this.#polling;
  }

  /** The page is not looked at: nothing is asked until it is again. */
  sleep(): void {
    this.#asleep = true;
    this.#cancel?.();
    this.server.leave();
  }

  wake(): void {
    this.#asleep = false;
    this.stir();
    void this.poll();
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
    this.server.leave();
  }

  async #ask(): Promise<void> {
    try {
      const news = await this.server.news(this.#cursor, this.listener.holds());
      this.#cursor = news.cursor;
      this.#failures = 0;
      const was = this.#deaf;
      [this.#deaf, this.#shut] = [null, ""];
      if (news.changes.length) this.stir();
      this.listener.heard(news, was);
    } catch (error) {
      const trouble = asTrouble(error);
      const { kind, code, detail } = trouble;
      if (BEGIN_ANEW.has(code) && this.#cursor) {
        this.#cursor = null;
        return this.#ask();
      }
      this.#failures += 1;
      this.#deaf = kind;
      this.#shut = kind === "refused" ? detail || code : "";
      this.listener.lost(trouble);
    }
  }

  #plan(): void {
    if (this.#closed || this.#asleep) return;
    const quiet = this.#isIdle ? IDLE_POLL_MS : POLL_MS;
    const wait = this.#failures ? Math.min(POLL_MS * 2 ** (this.#failures - 1), LONGEST_WAIT_MS) : quiet;
    this.#cancel = this.clock.after(wait, () => void this.poll());
  }
}
