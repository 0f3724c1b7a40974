/** An undoable value: the past and the future of one immutable state. */

const DEEPEST = 200;

export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
}

export const begin = <T>(present: T): History<T> => ({ past: [], present, future: [] });

/** Every step changed in the same way. */
export const mapHistory = <T>({ past, present, future }: History<T>, change: (step: T) => T): History<T> => ({
  past: past.map(change),
  present: change(present),
  future: future.map(change),
});

/** Takes a step; a step that changes nothing is none. */
export function step<T>(history: History<T>, next: T): History<T> {
  if (next === history.present) return history;
  return { past: [...history.past, history.present].slice(-DEEPEST), present: next, future: [] };
}

/** Another present in the place of this one: what belongs together is undone together. */
export function restep<T>(history: History<T>, next: T): History<T> {
  if (next === history.present || !history.past.length) return step(history, next);
  return { ...history, present: next, future: [] };
}

export function undo<T>(history: History<T>): History<T> {
  const present = history.past.at(-1);
  if (present === undefined) return history;
  return { past: history.past.slice(0, -1), present, future: [history.present, ...history.future] };
}

export function redo<T>(history: History<T>): History<T> {
  const [present, ...future] = history.future;
  if (present === undefined) return history;
  return { past: [...history.past, history.present], present, future };
}
