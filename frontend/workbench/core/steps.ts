/** One's own steps on a shared canvas, to be taken back: each knows what it made, so that it never undoes another's work. */

import type { Said } from "./shared.ts";

/** What one step made of one annotation. */
export interface Made {
  readonly id: string;
  readonly before: Said | null;
  readonly now: Said | null;
}

/** Where one annotation of a step is to go: from what must stand there still, to what shall. */
export interface Way {
  readonly id: string;
  readonly from: Said | null;
  readonly to: Said | null;
}

/** All that was done at once, and is taken back at once. */
export type Step = readonly Made[];

/** Steps as they are kept across a reload. */
export interface KeptSteps {
  readonly past: readonly Step[];
  readonly future: readonly Step[];
}

const DEEPEST = 200;
/** So many changes are kept across a reload: as much as one remembers, and as little as is written at once. */
const MOST_KEPT = 2_000;

export class Steps {
  #past: readonly Step[] = [];
  #future: readonly Step[] = [];

  get undoable(): boolean {
    return this.#past.length > 0;
  }

  get redoable(): boolean {
    return this.#future.length > 0;
  }

  /** The nearest of them, to be kept. */
  get kept(): KeptSteps {
    const past = nearest([...this.#past].reverse());
    return { past: [...past].reverse(), future: nearest(this.#future) };
  }

  /** Goes on from what was kept, unless something was done already. */
  restore({ past, future }: KeptSteps): void {
    if (this.undoable || this.redoable) return;
    [this.#past, this.#future] = [past, future];
  }

  take(step: Step): void {
    if (!step.length) return;
    this.#past = [...this.#past, step].slice(-DEEPEST);
    this.#future = [];
  }

  /** Empty where there is nothing to take back. */
  undo(): readonly Way[] {
    const step = this.#past.at(-1);
    if (!step) return [];
    this.#past = this.#past.slice(0, -1);
    this.#future = [step, ...this.#future];
    return step.map(({ id, before, now }) => ({ id, from: now, to: before }));
  }

  redo(): readonly Way[] {
    const [step, ...future] = this.#future;
    if (!step) return [];
    this.#past = [...this.#past, step];
    this.#future = future;
    return step.map(({ id, before, now }) => ({ id, from: before, to: now }));
  }

  /** What was deleted and came back has another id. */
  rename(from: string, to: string): void {
    this.#each((step) => step.map((made) => (made.id === from ? { ...made, id: to } : made)));
  }

  /** Somebody else has changed it: nothing that was done to it leads anywhere any more. */
  forget(id: string): void {
    this.#each((step) => step.filter((made) => made.id !== id));
  }

  #each(now: (step: Step) => Step): void {
    this.#past = this.#past.map(now).filter(({ length }) => length);
    this.#future = this.#future.map(now).filter(({ length }) => length);
  }
}

function nearest(steps: readonly Step[]): readonly Step[] {
  let count = 0;
  return steps.filter((step) => {
    count += step.length;
    return count <= MOST_KEPT;
  });
}
