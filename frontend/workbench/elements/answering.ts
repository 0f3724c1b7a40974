/** The hand of the workbench: which box it holds, which label comes next, and what its acts do to the answer. */

import { newId } from "../api/world.ts";
import type { ConceptRef, Prediction } from "../core/contract.ts";
import * as answers from "../core/draft.ts";
import type { Box } from "../core/geometry.ts";
import { accept, correct, type Judged, judged, reject, shownIn, unjudge } from "../core/judging.ts";
import type { Place } from "../core/outline.ts";
import type { Session } from "../core/session.ts";
import type { Palette } from "./pigments.ts";
import { painted, suggestions } from "./scene.ts";

export interface Held {
  /** The picked box or suggestion. */
  readonly selected: string | null;
  /** The label the next box gets: the one chosen last. */
  readonly label: ConceptRef | null;
}

export class Answering {
  #held: Held = { selected: null, label: null };

  constructor(
    /** Of a sequence the step at hand, as if it were all. */
    private readonly session: Pick<Session, "state" | "answer" | "change">,
    private readonly palette: Palette,
    private readonly changed: (held: Held) => void,
  ) {}

  get held(): Held {
    return this.#held;
  }

  /** Everything that can be picked, in walking order. */
  get shapes() {
    return painted(this.session.state, this.palette);
  }

  select(id: string | null): void {
    this.#hold({ selected: id });
  }

  draw({ box, points }: Place): void {
    const id = newId();
    const { label } = this.#held;
    this.session.change((now) => answers.addShape(now, id, box, label ? [label] : [], points));
    this.select(id);
  }

  edit(id: string, { box, points }: Place): void {
    const { shown } = this;
    if (shown) {
      this.session.change((now) => correct(now, shown, newId(), { box }));
      return;
    }
    this.session.change((now) => answers.changeShape(now, id, points ? { box, points } : { box }));
  }

  /** Deletes a box; a suggestion is refused. */
  remove(id: string): void {
    const isSuggestion = suggestions(this.session.state).some((suggestion) => suggestion.id === id);
    this.session.change((now) =>
      isSuggestion ? answers.rejectPrediction(now, id) : answers.deleteShape(now, id),
    );
    if (this.#held.selected === id) this.select(null);
  }

  /** Takes suggestions over as one step, to be undone as one. */
  accept(predictions: readonly Prediction[]): void {
    const taken = predictions.map((prediction) => ({
      id: newId(),
      prediction: this.#many ? prediction : { ...prediction, concepts: prediction.concepts.slice(0, 1) },
    }));
    this.session.change((now) =>
      taken.reduce((answer, { id, prediction }) => answers.acceptPrediction(answer, prediction, id), now),
    );
    const [first] = taken;
    if (first && taken.length === 1) this.select(first.id);
  }

  /** Enter on what is picked: a suggestion is accepted, a labelled box let go. False: the box wants its label. */
  confirm(): boolean {
    const { selected } = this.#held;
    const suggestion = suggestions(this.session.state).find(({ id }) => id === selected);
    const shape = this.#shape;
    if (suggestion) this.accept([suggestion]);
    else if (shape && !shape.concepts.length) return false;
    else if (!shape && this.session.state.campaign?.question.writes) return false;
    else this.select(null);
    return true;
  }

  /** A label was chosen: for the image, for the picked box, or else for the next one. */
  choose(concept: ConceptRef): void {
    if (!this.session.state.campaign?.question.draws) {
      this.session.change((now) => answers.toggleConcept(now, concept, this.#many));
      return;
    }
    const { shown } = this;
    if (shown) {
      this.#relabel(shown, concept);
      return;
    }
    const shape = this.#shape;
    if (!shape) {
      this.#hold({ label: this.#held.label?.id === concept.id ? null : concept });
      return;
    }
    const others = shape.concepts.filter(({ id }) => id !== concept.id);
    const takenBack = this.#many && others.length < shape.concepts.length;
    const concepts = takenBack ? others : [...(this.#many ? others : []), concept];
    if (!takenBack) this.#hold({ label: concept });
    this.session.change((now) => answers.changeShape(now, shape.id, { concepts }));
  }

  /** What is to be judged here; null where people are asked something else. */
  get shown(): Prediction | null {
    return shownIn(this.session.state.campaign, this.session.state.assignment);
  }

  /** Says of what is shown that it is right or wrong; false while a correction is to be made first. */
  judge(verdict: Exclude<Judged, "open">): boolean {
    const { shown } = this;
    if (!shown || this.session.state.revisit?.whyNot) return false;
    if (verdict === "edited") {
      if (judged(this.session.answer) === "rejected") this.session.change(unjudge);
      this.select(shown.id);
      return false;
    }
    this.session.change((now) => (verdict === "accepted" ? accept(now, shown, newId()) : reject(now, shown)));
    return true;
  }

  /** Takes a correction back. */
  leaveAsShown(): void {
    this.session.change(unjudge);
    this.select(null);
  }

  #relabel(shown: Prediction, concept: ConceptRef): void {
    const before = this.session.answer.shapes[0]?.concepts ?? shown.concepts;
    const others = before.filter(({ id }) => id !== concept.id);
    const takenBack = this.#many && others.length < before.length;
    const concepts = takenBack ? others : [...(this.#many ? others : []), concept];
    this.session.change((now) => correct(now, shown, newId(), { concepts }));
  }

  /** Picks the shape before or after; answers its box. */
  walk(step: 1 | -1): Box | null {
    const { shapes } = this;
    if (!shapes.length) return null;
    const at = shapes.findIndex(({ id }) => id === this.#held.selected);
    const to = at < 0 ? (step > 0 ? 0 : shapes.length - 1) : (at + step + shapes.length) % shapes.length;
    this.select(shapes[to]?.id ?? null);
    return shapes[to]?.box ?? null;
  }

  /** Picks the first box without a label; answers its box. */
  pickBare(): Box | null {
    const bare = this.session.answer.shapes.find(({ concepts }) => !concepts.length);
    if (bare) this.select(bare.id);
    return bare?.box ?? null;
  }

  get #many(): boolean {
    return this.session.state.campaign?.question.many ?? false;
  }

  get #shape() {
    return this.session.answer.shapes.find(({ id }) => id === this.#held.selected);
  }

  #hold(change: Partial<Held>): void {
    this.#held = { ...this.#held, ...change };
    this.changed(this.#held);
  }
}
