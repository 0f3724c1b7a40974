/** How a sitting at a grid stands, as everything that shows it sees it, and what of it survives a reload. */

import type { Assignment, Campaign, Device, Feedback, Progress } from "./contract.ts";
import type { GridKeepingState, Marks, Sequences } from "./gridkeeping.ts";
import { begin, type History } from "./history.ts";
import type { KeepingState } from "./keeping.ts";
import type { OutboxState } from "./outbox.ts";
import type { Phase } from "./sessionstate.ts";
import type { Trouble } from "./trouble.ts";

export interface GridState extends GridKeepingState {
  readonly phase: Phase;
  readonly campaign: Campaign | null;
  readonly cells: readonly Assignment[];
  readonly history: History<Marks>;
  readonly progress: Progress | null;
  readonly outbox: OutboxState;
  readonly keeping: KeepingState["keeping"];
  /** How many answers were handed in during this sitting. */
  readonly handedIn: number;
  /** What was known about pictures handed in before, until it is put away. */
  readonly known: readonly Feedback[];
  readonly mayRetry: boolean;
  readonly trouble: Trouble | null;
}

export interface GridOptions {
  readonly campaign: string;
  readonly person: string;
  readonly locale: string;
  readonly device: Device;
}

/** What survives a reload. */
export interface Kept {
  readonly cells: readonly Assignment[];
  readonly history: History<Marks>;
  /** The ids that the contributions will have, by assignment: made once. */
  readonly ids: Readonly<Record<string, string>>;
  readonly spentMs: number;
  readonly sequences?: Sequences;
}

/** Before anything has been asked of the server. */
export const atFirst = (outbox: OutboxState): GridState => ({
  phase: "loading",
  campaign: null,
  cells: [],
  history: begin({}),
  progress: null,
  outbox,
  keeping: "kept",
  there: "off",
  thereBecause: null,
  other: null,
  handedIn: 0,
  known: [],
  mayRetry: false,
  trouble: null,
});
