/**
 * Asks again and again what is new on a shared canvas: less and less often while there is no answer, and not at all while
 * nobody looks.
 */

import type { Clock } from "./ports.ts";
import type { News, SharedServer } from "./shared.ts";
import { asTrouble, type Trouble, type TroubleKind } from "./trouble.ts";

/** Others’ changes are seen within two seconds, however long nothing has happened: a question costs three statements. */
export const POLL_MS = 1_500;
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
    const wait = Math.min(POLL_MS * 2 ** Math.max(0, this.#failures - 1), LONGEST_WAIT_MS);
    this.#cancel = this.clock.after(wait, () => void this.poll());
  }
}
