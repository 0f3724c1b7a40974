/** Other tabs of this browser at the same task: they hear of each other, and of what was changed or handed in there. */

import type { Answer } from "./draft.ts";

export type Message = { readonly tab: string; readonly assignment: string } & (
  | { readonly kind: "here" | "also" | "gone" | "changed" }
  | { readonly kind: "handed-in"; readonly contribution: string; readonly answer: Answer }
);

/** What one tab says to all others. */
export interface Channel {
  post(message: Message): void;
  close(): void;
}

export interface TabEvents {
  /** How many others are at the same task. */
  besides(count: number): void;
  /** The draft on the shelf is newer than what is shown. */
  changed(assignment: string): void;
  handedIn(assignment: string, contribution: string, answer: Answer): void;
}

export class Tabs {
  readonly #channel: Channel | null;
  #at: string | null = null;
  #others = new Set<string>();

  constructor(
    private readonly id: string,
    open: ((heard: (message: Message) => void) => Channel) | null,
    private readonly events: TabEvents,
  ) {
    this.#channel = open?.((message) => this.#heard(message)) ?? null;
  }

  /** This tab is at that task now; at none: null. */
  at(assignment: string | null): void {
    if (assignment === this.#at) return;
    if (this.#at) this.#say("gone");
    this.#at = assignment;
    this.#know(new Set());
    if (assignment) this.#say("here");
  }

  changed(): void {
    this.#say("changed");
  }

  handedIn(assignment: string, contribution: string, answer: Answer): void {
    this.#channel?.post({ kind: "handed-in", tab: this.id, assignment, contribution, answer });
  }

  close(): void {
    this.at(null);
    this.#channel?.close();
  }

  #say(kind: "here" | "also" | "gone" | "changed"): void {
    if (this.#at) this.#channel?.post({ kind, tab: this.id, assignment: this.#at });
  }

  #heard(message: Message): void {
    if (message.tab === this.id || message.assignment !== this.#at) return;
    const { kind, tab, assignment } = message;
    if (kind === "gone") {
      this.#know(new Set([...this.#others].filter((other) => other !== tab)));
      return;
    }
    if (kind === "here") this.#say("also");
    if (!this.#others.has(tab)) this.#know(new Set([...this.#others, tab]));
    if (kind === "changed") this.events.changed(assignment);
    if (kind === "handed-in") this.events.handedIn(assignment, message.contribution, message.answer);
  }

  #know(others: Set<string>): void {
    const before = this.#others.size;
    this.#others = others;
    if (others.size !== before) this.events.besides(others.size);
  }
}
