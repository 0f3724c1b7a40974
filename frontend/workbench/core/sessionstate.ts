/** How a sitting at a campaign stands, as everything that shows it or works at it sees it. */

import type { Assignment, Campaign, Device, Feedback, Prediction, Progress } from "./contract.ts";
import { type Answer, BLANK } from "./draft.ts";
import { begin, type History } from "./history.ts";
import { KEEPING, type Keeping, type KeepingState } from "./keeping.ts";
import type { OutboxState } from "./outbox.ts";
import type { Revisits } from "./revisits.ts";
import type { Revisit, Step } from "./trail.ts";
import type { Trouble } from "./trouble.ts";

export type Phase =
  | "loading"
  | "working"
  | "not-open"
  | "nothing-left"
  | "all-leased"
  | "not-qualified"
  | "trouble";

export interface SessionState extends KeepingState {
  readonly phase: Phase;
  readonly campaign: Campaign | null;
  readonly assignment: Assignment | null;
  readonly history: History<Answer>;
  readonly next: Assignment | null;
  readonly progress: Progress | null;
  readonly outbox: OutboxState;
  /** How many answers were handed in during this sitting. */
  readonly handedIn: number;
  /** The answer that was taken up again; null while one is at a new task. */
  readonly revisit: Revisit | null;
  /** The last tasks handed in, the latest first. */
  readonly trail: readonly Step[];
  /** Whether there may be one to go back to. */
  readonly backable: boolean;
  /** What was handed in or changed just now, for a moment. */
  readonly justDone: { readonly contribution: string; readonly changed: boolean } | null;
  /** What was known about a picture handed in before, until it is put away. */
  readonly feedback: Feedback | null;
  /** Whether another try is open later, for who has not qualified. */
  readonly mayRetry: boolean;
  /** Why nothing goes on; while one works, why an earlier answer could not be taken up. */
  readonly trouble: Trouble | null;
}

/** Before anything has been asked of the server. */
export const atFirst = (outbox: OutboxState): SessionState => ({
  phase: "loading",
  campaign: null,
  assignment: null,
  history: begin(BLANK),
  next: null,
  progress: null,
  outbox,
  ...KEEPING,
  handedIn: 0,
  revisit: null,
  trail: [],
  backable: false,
  justDone: null,
  feedback: null,
  mayRetry: false,
  trouble: null,
});

/** What the hand works at: of a sequence the step at hand, as if it were all. */
export interface Desk {
  readonly state: SessionState;
  readonly answer: Answer;
  readonly draft: Keeping;
  readonly past: Revisits;
  /** The name of the step at hand; absent or empty where one question is asked. */
  readonly step?: string;
  change(edit: (answer: Answer) => Answer, stroke?: string): void;
  offer(task: string, predictions: readonly Prediction[]): void;
}

export interface SessionOptions {
  readonly campaign: string;
  /** Whose drafts these are: keeps apart people who share a browser. */
  readonly person: string;
  readonly locale: string;
  readonly device: Device;
  /** Begins with this contribution taken up again. */
  readonly revisit?: string;
}
