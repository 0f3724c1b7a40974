/** The hand of the workbench: which box it holds, which label comes next, and what its acts do to the answer. */

import { newId } from "../api/world.ts";
import type { Certainty, ConceptRef, Prediction } from "../core/contract.ts";
import * as answers from "../core/draft.ts";
import type { Box } from "../core/geometry.ts";
import type { Place } from "../core/outline.ts";
import type { Desk } from "../core/sessionstate.ts";
import { deleteAll, labelAll, picked, swapped, takenOver } from "../core/several.ts";
import { Judgment } from "./judgment.ts";
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
  /** Where something is shown to be judged. */
  readonly judgment: Judgment;

  constructor(
    private readonly session: Desk,
    private readonly palette: Palette,
    private readonly changed: (held: Held) => void,
    /** How sure a model must be for its suggestions to be seen. */
    private readonly least: () => number = () => 0,
  ) {
    this.judgment = new Judgment(session, (id) => this.select(id));
  }

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

  draw({ box, points }: Place): void {
    const id = newId();
    const { label } = this.#held;
    this.session.change((now) => answers.addShape(now, id, box, label ? [label] : [], points));
    this.select(id);
  }

  edit(id: string, { box, points }: Place): void {
    const { shown } = this;
    if (shown) {
      this.judgment.place(shown, { box });
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
    const shape = this.#shape;
    if (!this.session.state.campaign?.question.draws)
      this.session.change((answer) => ({ ...answer, concepts: swapped(answer.concepts, before, now) }));
    else if (shape) {
      const concepts = swapped(shape.concepts, before, now);
      this.session.change((answer) => answers.changeShape(answer, shape.id, { concepts }));
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
    this.#takeOver(accepted, rejected);
    this.select(null);
  }

  /** Takes suggestions over as one step, to be undone as one. */
  accept(predictions: readonly Prediction[]): void {
    const [first, ...others] = this.#takeOver(predictions);
    if (first && !others.length) this.select(first);
  }

  /** Answers the ids of the shapes that they have become. */
  #takeOver(accepted: readonly Prediction[], rejected: readonly string[] = []): readonly string[] {
    const { many } = this;
    const taken = accepted.map((prediction) => ({ prediction, id: newId() }));
    this.session.change((now) => takenOver(now, taken, rejected, { many }));
    return taken.map(({ id }) => id);
  }

  /** Deletes a shape, and all that is picked with it unless it is meant alone; a suggestion is refused. */
  remove(id: string, { alone = false } = {}): void {
    const all = this.picked.map((shape) => shape.id);
    if (all.length > 1 && !alone && all.includes(id)) {
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
    if (all.length > 1) this.pick(all.filter((other) => other !== id));
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
      this.judgment.relabel(shown, concept, { many: this.many });
      return;
    }
    const ids = this.picked.map(({ id }) => id);
    if (ids.length > 1) {
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
    return this.judgment.shown;
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
