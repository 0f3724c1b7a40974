/** One's own steps on a shared canvas, to be taken back: each knows what it made, so that it never undoes another's work. */

import type { Said } from "./shared.ts";

export interface Step {
  readonly id: string;
  readonly before: Said | null;
  readonly now: Said | null;
}

/** A step to take: from what must stand there still, to what shall. */
export interface Way {
  readonly id: string;
  readonly from: Said | null;
  readonly to: Said | null;
}

const DEEPEST = 200;

export class Steps {
  #past: readonly Step[] = [];
  #future: readonly Step[] = [];

  get undoable(): boolean {
    return this.#past.length > 0;
  }

  get redoable(): boolean {
    return this.#future.length > 0;
  }

  take(step: Step): void {
    this.#past = [...this.#past, step].slice(-DEEPEST);
    this.#future = [];
  }

  undo(): Way | null {
    const step = this.#past.at(-1);
    if (!step) return null;
    this.#past = this.#past.slice(0, -1);
    this.#future = [step, ...this.#future];
    return { id: step.id, from: step.now, to: step.before };
  }

  redo(): Way | null {
    const [step, ...future] = this.#future;
    if (!step) return null;
    this.#past = [...this.#past, step];
    this.#future = future;
    return { id: step.id, from: step.before, to: step.now };
  }

  /** What was deleted and came back has another id. */
  rename(from: string, to: string): void {
    const renamed = (step: Step) => (step.id === from ? { ...step, id: to } : step);
    this.#past = this.#past.map(renamed);
    this.#future = this.#future.map(renamed);
  }

  /** Somebody else has changed it: none of the steps about it leads anywhere any more. */
  forget(id: string): void {
    this.#past = this.#past.filter((step) => step.id !== id);
    this.#future = this.#future.filter((step) => step.id !== id);
  }
}
