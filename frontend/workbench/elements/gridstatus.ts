/** A sitting at a grid in the words in which notices and the status line are told. */

import { BLANK } from "../core/draft.ts";
import type { GridState } from "../core/gridstate.ts";
import { begin } from "../core/history.ts";
import { KEEPING } from "../core/keeping.ts";
import type { SessionState } from "../core/sessionstate.ts";

export function asSession(grid: GridState): SessionState {
  const {
    phase,
    campaign,
    progress,
    outbox,
    keeping,
    there,
    thereBecause,
    handedIn,
    mayRetry,
    trouble,
    history,
  } = grid;
  const past = history.past.length ? [BLANK] : [];
  return {
    phase,
    campaign,
    progress,
    outbox,
    ...KEEPING,
    keeping,
    there,
    thereBecause,
    handedIn,
    mayRetry,
    trouble,
    history: { ...begin(BLANK), past },
    assignment: null,
    next: null,
    revisit: null,
    trail: [],
    backable: false,
    justDone: null,
    feedback: null,
  };
}
