/** The hand of the workbench: which box it holds, which label comes next, and what its acts do to the answer. */

import { newId } from "../api/world.ts";
import type { Certainty, ConceptRef, Prediction } from "../core/contract.ts";
import * as answers from "../core/draft.ts";
import type { Box } from "../core/geometry.ts";
import { accept, correct, type Judged, judged, reject, shownIn, unjudge } from "../core/judging.ts";
import type { Place } from "../core/outline.ts";
import type { Desk } from "../core/sessionstate.ts";
import { deleteAll, labelAll, picked } from "../core/several.ts";
import type { Palette } from "./pigments.ts";
import { painted, suggestions } from "./scene.ts";

export interface Held {
  /** The picked box or suggestion. */
  readonly selected: string | null;
  /** What is picked beside it. */
  readonly also: readonly string[];
  /** The label the next box gets: the one chosen last. */
  readonly label: ConceptRef | null;
}

export const NOTHING: Held = { selected: null, also: [], label: null };

export class Answering {
  #held: Held = NOTHING;

  constructor(
    private readonly session: Desk,
    private readonly palette: Palette,
    private readonly changed: (held: Held) => void,
    /** How sure a model must be for its suggestions to be seen. */
    private readonly least: () => number = () => 0,
  ) {}

  get held(): Held {
    return this.#held;
  }

  /** Everything that can be picked, in walking order. */
  get shapes() {
    return painted(this.session.state, this.palette, this.least());
  }

  select(id: string | null): void {
    this.#hold({ selected: id, also: [] });
  }

  /** Another step is at hand: nothing is picked, and the label of its next shape is not one of the step before. */
  letGo(): void {
    this.#hold(NOTHING);
  }

  /** Picks these drawn shapes, the last of them the selected one. */
  pick(ids: readonly string[]): void {
    const known = new Set(this.session.answer.shapes.map(({ id }) => id));
    const there = ids.filter((id) => known.has(id));
    this.#hold({ selected: there.at(-1) ?? null, also: there.slice(0, -1) });
  }

  /** All drawn shapes that are picked, in the order in which they were drawn. */
  get picked(): readonly answers.Shape[] {
    const { selected, also } = this.#held;
    return picked(this.session.answer, selected ? [...also, selected] : []);
  }

  /** Whether several are picked, so that what is done is done to all. */
  get several(): boolean {
    return this.picked.length > 1;
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

  /** The shape of the answer with this id. */
  drawn(id: string): answers.Shape | undefined {
    return this.session.answer.shapes.find((shape) => shape.id === id);
  }

  /** One label in the place of another: of the image, of the picked box, or of the next one. */
  relabel(before: ConceptRef, now: ConceptRef): void {
    const swapped = (concepts: readonly ConceptRef[]) => {
      const kept = concepts.filter(({ id }) => id !== now.id);
      return kept.map((concept) => (concept.id === before.id ? now : concept));
    };
    const shape = this.#shape;
    if (!this.session.state.campaign?.question.draws) {
      this.session.change((answer) => ({ ...answer, concepts: swapped(answer.concepts) }));
    } else if (shape) {
      this.session.change((answer) =>
        answers.changeShape(answer, shape.id, { concepts: swapped(shape.concepts) }),
      );
      this.#hold({ label: now });
    } else if (this.#held.label?.id === before.id) this.#hold({ label: now });
  }

  /** Says how sure one is: of the picked box, else of the labels of the image. */
  sure(certainty: Certainty | null): void {
    const { draws } = this.session.state.campaign?.question ?? {};
    if (draws && !this.#shape) return;
    this.session.change((now) =>
      answers.sayCertainty(now, draws ? (this.#shape?.id ?? null) : null, certainty),
    );
  }

  /** Takes some suggestions over and refuses others, after a look at each, as one step. */
  settle(accepted: readonly Prediction[], rejected: readonly string[]): void {
    const taken = accepted.map((prediction) => ({ id: newId(), prediction: this.#asAsked(prediction) }));
    this.session.change((now) => {
      const kept = taken.reduce(
        (answer, one) => answers.acceptPrediction(answer, one.prediction, one.id),
        now,
      );
      return rejected.reduce(answers.rejectPrediction, kept);
    });
    this.select(null);
  }

  #asAsked(prediction: Prediction): Prediction {
    return this.many ? prediction : { ...prediction, concepts: prediction.concepts.slice(0, 1) };
  }

  /** Deletes a shape, and all that is picked with it unless it is meant alone; a suggestion is refused. */
  remove(id: string, { alone = false } = {}): void {
    const { picked, several } = this;
    if (several && !alone && picked.some((shape) => shape.id === id)) {
      const all = picked.map((shape) => shape.id);
      this.session.change((now) => deleteAll(now, all));
      this.select(null);
      return;
    }
    const isPicked = this.#held.selected === id;
    if (suggestions(this.session.state).some((suggestion) => suggestion.id === id)) {
      const refuse = () => this.session.change((now) => answers.rejectPrediction(now, id));
      if (isPicked) this.#thenNext(refuse);
      else refuse();
      return;
    }
    this.session.change((now) => answers.deleteShape(now, id));
    if (several) this.pick(picked.filter((shape) => shape.id !== id).map((shape) => shape.id));
    else if (isPicked) this.select(null);
  }

  /** Where the picked suggestion is; null where something else is picked. */
  get suggested(): Box | null {
    return this.#seen.find(({ id }) => id === this.#held.selected)?.box ?? null;
  }

  get #seen() {
    return suggestions(this.session.state, this.least());
  }

  /** One suggestion after the other: when something was said of the picked one, the next is picked. */
  #thenNext(say: () => void): void {
    const at = this.#seen.findIndex(({ id }) => id === this.#held.selected);
    say();
    const left = this.#seen;
    const next = left[at] ?? left[0];
    if (next) this.select(next.id);
    // Of the last one the shape stays picked that it has become, to be moved or named.
    else if (!this.shapes.some(({ id }) => id === this.#held.selected)) this.select(null);
  }

  /** Takes suggestions over as one step, to be undone as one. */
  accept(predictions: readonly Prediction[]): void {
    const taken = predictions.map((prediction) => ({ id: newId(), prediction: this.#asAsked(prediction) }));
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
    if (suggestion) this.#thenNext(() => this.accept([suggestion]));
    else if (shape && !shape.concepts.length) return false;
    else if (!shape && this.session.state.campaign?.question.writes) return false;
    else this.select(null);
    return true;
  }

  /** A label was chosen: for the image, for the picked box, or else for the next one. */
  choose(concept: ConceptRef): void {
    if (!this.session.state.campaign?.question.draws) {
      this.session.change((now) => answers.toggleConcept(now, concept, this.many));
      return;
    }
    const { shown } = this;
    if (shown) {
      this.#relabel(shown, concept);
      return;
    }
    if (this.several) {
      const ids = this.picked.map(({ id }) => id);
      this.session.change((now) => labelAll(now, ids, concept, { many: this.many }));
      this.#hold({ label: concept });
      return;
    }
    const shape = this.#shape;
    if (!shape) {
      this.#hold({ label: this.#held.label?.id === concept.id ? null : concept });
      return;
    }
    const others = shape.concepts.filter(({ id }) => id !== concept.id);
    const takenBack = this.many && others.length < shape.concepts.length;
    const concepts = takenBack ? others : [...(this.many ? others : []), concept];
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
    const takenBack = this.many && others.length < before.length;
    const concepts = takenBack ? others : [...(this.many ? others : []), concept];
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

  get many(): boolean {
    return this.session.state.campaign?.question.many ?? false;
  }

  get #shape() {
    return this.session.answer.shapes.find(({ id }) => id === this.#held.selected);
  }

  #hold(change: Partial<Held>): void {
    this.#held = { ...this.#held, ...change };
    const { selected, also } = this.#held;
    this.session.draft.hold({ picked: selected ? [...also, selected] : [] });
    this.changed(this.#held);
  }
}
