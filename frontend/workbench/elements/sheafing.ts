/** Several items under review in one hand: a bench to pick, carry and copy at, and one decision for all that is picked. */

import { newId } from "../api/world.ts";
import type { ConceptRef } from "../core/contract.ts";
import type { Size } from "../core/geometry.ts";
import type { Texts } from "../core/locale/texts.ts";
import { askedOf, kindOf, labelsOf, type Reviewed, stepOf, walked } from "../core/reviewed.ts";
import * as rulings from "../core/rulings.ts";
import * as sheaf from "../core/sheaf.ts";
import type { Bench, Piece } from "./bunching.ts";
import { partOf } from "./review-scene.ts";
import type { Sheaf } from "./rubricator-sheaf.ts";

/** The hand that decides. */
export interface Decider {
  readonly reviewed: Reviewed;
  readonly rulings: rulings.Rulings;
  readonly picked: readonly string[];
  readonly history: { readonly past: readonly unknown[]; readonly future: readonly unknown[] };
  readonly step: string;
  pick(ids: readonly string[]): void;
  turn(next: rulings.Rulings): void;
  /** The same, and on to what is undecided. */
  decide(next: rulings.Rulings): void;
}

/** A thing on the image with its labels: what is copied takes them along, to the next image too. */
type Labelled = Piece & { readonly concepts: readonly ConceptRef[] };

/** What can be picked beside others: everything under review that lies on the image, in walking order. */
export function piecesOf({ items, rulings: now }: Omit<Reviewed, "campaign">): Labelled[] {
  return walked({ items, rulings: now }).flatMap((id) => {
    const { box = null, points, concepts = [] } = now[id] ?? items.find((item) => item.id === id) ?? {};
    return box ? [{ id, box, concepts, ...(points?.length ? { points } : {}) }] : [];
  });
}

export function reviewBench(decider: Decider, place: string, size: Size): Bench | null {
  if (!place) return null;
  const { past, future } = decider.history;
  return {
    ...{ size, place, step: decider.step, undoable: past.length > 0, redoable: future.length > 0 },
    keeps: true,
    shapes: piecesOf(decider.reviewed),
    picked: decider.picked,
    // A part of something split is picked as the whole.
    pick: (ids) => decider.pick([...new Set(ids.map((id) => partOf(id).item))]),
    carry: (ids, dx, dy) =>
      decider.turn(
        sheaf.carryAll(decider.rulings, decider.reviewed.items, ids, { way: [dx, dy], canvas: size }),
      ),
    add: (pieces) => {
      // What is copied comes from a review.
      const made = (pieces as readonly Labelled[]).map((piece) => ({ piece, id: newId() }));
      const next = made.reduce((now, { piece: { id: from, box, concepts, points }, id }) => {
        const step = stepOf(decider.reviewed, from) || decider.step;
        return rulings.add(now, id, box, concepts, points, step);
      }, decider.rulings);
      decider.turn(next);
      decider.pick(made.map(({ id }) => id));
    },
  };
}

/** What the card of several shows; null where fewer are picked. */
export function sheafOf({ picked, reviewed }: Pick<Decider, "picked" | "reviewed">): Sheaf | null {
  if (picked.length < 2) return null;
  const { items, rulings: now } = reviewed;
  const steps = new Set(picked.map((id) => stepOf(reviewed, id)));
  const concepts = labelsOf({ items, rulings: now }, picked);
  const writes = picked.some((id) => kindOf(askedOf(reviewed, id)) === "text");
  const mergeable = sheaf.mergeable(items, picked).length;
  const many = askedOf(reviewed, picked[0] ?? null)?.many ?? false;
  return { ids: picked, concepts, mergeable, many, labelled: steps.size === 1 && !writes };
}

/** Says yes, no, one thing or a label of all that is picked, and tells it; false where fewer than two are. */
export class Sheafing {
  constructor(
    private readonly decider: Decider,
    private readonly texts: () => Texts,
    private readonly say: (sentence: string) => void,
  ) {}

  get holds(): boolean {
    return this.decider.picked.length > 1;
  }

  accept(): boolean {
    return this.#all((now, items, ids) => sheaf.acceptAll(now, items, ids), "accepted");
  }

  reject(): boolean {
    return this.#all((now, items, ids) => sheaf.rejectAll(now, items, ids), "rejected");
  }

  merge(): boolean {
    if (!this.holds) return false;
    const { decider } = this;
    const { sheaf: words } = this.texts();
    const able = sheaf.mergeable(decider.reviewed.items, decider.picked);
    if (able.length < 2) this.say(words.notMergeable);
    else {
      decider.turn(sheaf.mergeAll(decider.rulings, decider.reviewed.items, decider.picked));
      decider.pick(able.slice(0, 1).map(({ id }) => id));
      this.say(words.merged(able.length));
    }
    return true;
  }

  label(concept: ConceptRef): boolean {
    if (!this.holds) return false;
    const { decider } = this;
    const { picked, reviewed } = decider;
    const { labelled = false, many = false } = sheafOf(decider) ?? {};
    if (!labelled) this.say(this.texts().sheaf.differentSteps);
    else {
      decider.turn(sheaf.relabelAll(decider.rulings, reviewed.items, picked, { concept, many }));
      this.say(this.texts().sheaf.labelled(picked.length, concept.label));
    }
    return true;
  }

  #all(change: typeof sheaf.acceptAll, word: "accepted" | "rejected"): boolean {
    if (!this.holds) return false;
    const { decider } = this;
    const { picked } = decider;
    decider.decide(change(decider.rulings, decider.reviewed.items, picked));
    this.say(this.texts().sheaf[word](picked.length));
    return true;
  }
}
