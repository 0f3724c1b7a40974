/** Candidates on a shared canvas, which only one person sees: picked, drawn for everybody, or dismissed. */

import type { ReactiveControllerHost } from "lit";
import { type Candidate, freshCandidates, openOf } from "../core/candidates.ts";
import type { Shown } from "../core/collation.ts";
import type { Layer } from "../core/layers.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Scriptorium, ScriptoriumState } from "../core/scriptorium.ts";
import type { StageShape } from "../viewer/stage.ts";
import { type Palette, VERMILION } from "./pigments.ts";
import { SUGGESTIONS } from "./shown-through.ts";

export interface CandidacyHost extends ReactiveControllerHost {
  readonly texts: Texts;
  readonly sitting: Scriptorium | null;
  readonly now: ScriptoriumState | null;
  /** Candidates have come or gone. */
  found(): void;
}

interface Seen {
  readonly all: readonly Candidate[];
  readonly drawn: readonly Shown[];
  readonly open: readonly Candidate[];
}

export class Candidacy {
  #all: readonly Candidate[] = [];
  #picked: string | null = null;
  /** Reckoned once for what is drawn. */
  #seen: Seen = { all: NONE, drawn: NONE, open: NONE };

  constructor(
    private readonly host: CandidacyHost,
    private readonly say: (sentence: string) => void,
  ) {}

  /** What nobody has drawn yet of what was found. */
  get open(): readonly Candidate[] {
    const drawn = this.host.now?.shapes ?? NONE;
    if (this.#seen.all !== this.#all || this.#seen.drawn !== drawn)
      this.#seen = { all: this.#all, drawn, open: openOf(this.#all, drawn) };
    return this.#seen.open;
  }

  /** The one that is picked; none where an annotation is. */
  get picked(): string | null {
    return this.host.now?.selected ? null : this.#picked;
  }

  /** What was found besides; answers how many are new. */
  offer(found: readonly Candidate[]): number {
    const fresh = freshCandidates(found, this.#all, this.host.now?.shapes ?? []);
    this.#all = [...this.#all, ...fresh];
    this.host.found();
    return fresh.length;
  }

  /** Picks one, and lets the annotation go that was picked; false where it is none. */
  pick(id: string | null): boolean {
    const isOne = id !== null && this.open.some((one) => one.id === id);
    this.#picked = isOne ? id : null;
    if (isOne) this.host.sitting?.select(null);
    this.host.requestUpdate();
    return isOne;
  }

  /** Draws these for everybody, as one step. */
  accept(wanted: readonly { readonly id: string }[]): void {
    const ids = new Set(wanted.map(({ id }) => id));
    const taken = this.open.filter(({ id }) => ids.has(id));
    if (!taken.length || !this.host.now?.mayWrite) return;
    const next = this.picked && taken.length === 1 ? this.#after(this.picked) : null;
    this.host.sitting?.createAll(taken.map(({ box, concepts }) => ({ box, concepts, text: "" })));
    // One by one goes on to the next one; several at once are in hand then.
    this.pick(next);
    this.say(this.host.texts.helping.taken(taken.length));
    this.host.found();
  }

  dismiss(ids: readonly string[]): void {
    const next = this.picked && ids.includes(this.picked) ? this.#after(this.picked) : this.picked;
    const had = this.#all.length;
    this.#all = this.#all.filter(({ id }) => !ids.includes(id));
    if (this.#all.length === had) return;
    this.pick(next);
    this.say(this.host.texts.helping.dismissed);
    this.host.found();
  }

  #after(id: string): string | null {
    const open = this.open;
    const at = open.findIndex((one) => one.id === id);
    return (open[at + 1] ?? open[at - 1])?.id ?? null;
  }

  /** They lie on the image as a layer among others. */
  layer({ layering, lang }: Texts): Layer | null {
    const shapes = this.open;
    if (!shapes.length) return null;
    return {
      id: SUGGESTIONS,
      title: { [lang]: layering.suggestions },
      kind: "predictions",
      usual: { by: "concept" },
      isExplained: true,
      shapes,
    };
  }

  painted(palette: Palette): StageShape[] {
    return this.open.map(({ id, box, concepts: [first] }) => ({
      id,
      box,
      colour: (first ? palette.of(first.id) : VERMILION).colour,
      label: first ? `? ${first.label}` : "?",
      line: "dashed",
      locked: true,
    }));
  }
}

const NONE: readonly never[] = [];
