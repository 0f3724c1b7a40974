/** What the hand does at a shared canvas becomes a change that is sent: drawn, moved, labelled, put into words, picked. */

import type { ReactiveControllerHost } from "lit";
import type { Shown } from "../core/collation.ts";
import type { ConceptRef } from "../core/contract.ts";
import type { Box } from "../core/geometry.ts";
import type { Place, ShapeKind } from "../core/outline.ts";
import type { Choice, Scriptorium, ScriptoriumState } from "../core/scriptorium.ts";
import { labelled } from "../core/several.ts";
import type { Term } from "../core/shared.ts";
import type { Tool } from "../viewer/gestures.ts";
import type { Candidacy } from "./candidacy.ts";
import { Hearing, type On } from "./hearing.ts";
import { pickedIn } from "./together.ts";

interface ScribingHost extends ReactiveControllerHost, HTMLElement {
  readonly sitting: Scriptorium | null;
  readonly now: ScriptoriumState | null;
  readonly stage: { focus(): void; reveal(box: Box): void } | null;
  tool: Tool;
  kind: ShapeKind;
  /** What was found to look like something, to be picked as well. */
  readonly helping?: {
    readonly candidates: Pick<Candidacy, "picked" | "open" | "pick" | "accept" | "dismiss">;
  };
  /** The label that the next shape gets. */
  label: Term | null;
  /** One label does not take the place of another. */
  many?: boolean;
  /** The picked box as it is right now under the hand. */
  live: Box | null;
}

/** A box has no points, also where it was an outline. */
const placeOf = ({ box, points }: Place): Place => (points?.length ? { box, points } : { box });

export class Scribing {
  constructor(private readonly host: ScribingHost) {
    new Hearing(host, (on) => {
      this.#onImage(on);
      this.#inMargin(on);
    });
  }

  draw(kind: ShapeKind): void {
    this.host.kind = kind;
    this.host.tool = "draw";
  }

  /** All that is picked. */
  get #picked(): readonly Shown[] {
    return this.host.now ? pickedIn(this.host.now) : [];
  }

  /** Picks the shape before or after, and shows it. */
  walk(step: 1 | -1): void {
    const { now, sitting, stage } = this.host;
    const shapes = now?.shapes ?? [];
    if (!shapes.length) return;
    const at = shapes.findIndex(({ id }) => id === now?.selected);
    const next = shapes[at < 0 && step < 0 ? shapes.length - 1 : (at + step + shapes.length) % shapes.length];
    if (!next) return;
    sitting?.select(next.id);
    stage?.reveal(next.box);
  }

  #onImage(on: On): void {
    const { host } = this;
    on<Place>("stage-draw", (place) => {
      const concepts = host.label ? [host.label] : [];
      host.sitting?.create({ ...placeOf(place), concepts, text: "" });
    });
    on<Place & { id: string }>("stage-edit", ({ id, ...place }) => {
      host.live = null;
      host.sitting?.change(id, placeOf(place));
    });
    on<{ id: string | null; reveal?: boolean }>("stage-select", ({ id, reveal }) => {
      const candidates = host.helping?.candidates;
      if (candidates?.pick(id)) {
        const found = reveal && candidates.open.find((one) => one.id === id);
        if (found) host.stage?.reveal(found.box);
        return;
      }
      host.sitting?.select(id);
      const shape = reveal && host.now?.shapes?.find((known) => known.id === id);
      if (shape) host.stage?.reveal(shape.box);
    });
    on<{ id: string; alone?: boolean }>("stage-delete", ({ id, alone }) => {
      if (host.helping?.candidates.open.some((one) => one.id === id)) {
        host.helping.candidates.dismiss([id]);
        host.stage?.focus();
        return;
      }
      const picked = this.#picked.map((shape) => shape.id);
      host.sitting?.removeAll(!alone && picked.includes(id) ? picked : [id]);
      host.stage?.focus();
    });
    on("stage-confirm", () => {
      const found = host.helping?.candidates.picked;
      if (found) host.helping?.candidates.accept([{ id: found }]);
      else host.sitting?.select(null);
    });
    on<{ id: string | null; box: Box | null }>("stage-preview", ({ id, box }) => {
      host.live = id ? box : null;
    });
  }

  #inMargin(on: On): void {
    const { host } = this;
    on<{ kind: ShapeKind }>("kind-chosen", ({ kind }) => this.draw(kind));
    on<{ concept: ConceptRef }>("concept-chosen", ({ concept }) => this.#choose(concept));
    on("concepts-leave", () => host.stage?.focus());
    on<{ on: boolean }>("labels-many", (now) => {
      host.many = now.on;
    });
    on<{ id: string; text: string }>("words-written", ({ id, text }) => host.sitting?.change(id, { text }));
    on<{ id: string; choice: Choice }>("collated", ({ id, choice }) => {
      host.sitting?.resolve(id, choice);
      host.stage?.focus();
    });
    on("status-retry", () => void host.sitting?.retryRefused());
    on("status-discard", () => host.sitting?.discardRefused());
  }

  /** A label for what is picked, or for the next one; chosen again it is taken away. */
  #choose({ id, label, uri }: ConceptRef): void {
    if (!uri) return;
    const { host } = this;
    const term: Term = { id, label, uri };
    const [picked, ...others] = this.#picked;
    if (!picked) {
      host.label = host.label?.id === id ? null : term;
      return;
    }
    const all = [picked, ...others];
    // Where there are several labels already there may be one more; else it takes the place of the one before.
    const many = host.many || all.some(({ concepts }) => concepts.length > 1);
    const takesBack = all.every(({ concepts }) => concepts.some((one) => one.id === id));
    if (!takesBack) host.label = term;
    const now = labelled(all, term, { many: many || takesBack });
    host.sitting?.changeAll(now.map(({ id: shape, concepts }) => ({ id: shape, change: { concepts } })));
    // From the field the hand goes back to the image.
    if (host.contains(document.activeElement)) host.stage?.focus();
  }
}
