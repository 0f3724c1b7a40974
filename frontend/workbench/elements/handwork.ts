/** What the hand does on the image and in the panel becomes a change of the answer. */

import type { ReactiveControllerHost } from "lit";
import type { Certainty, ConceptRef, Prediction, Written } from "../core/contract.ts";
import { type Obstacle, sayNothingHere } from "../core/draft.ts";
import type { Box } from "../core/geometry.ts";
import type { Place } from "../core/outline.ts";
import { write } from "../core/writing.ts";
import type { Held } from "./answering.ts";
import { Hearing, type On } from "./hearing.ts";
import { swapped } from "./pair.ts";
import type { Sitting } from "./sitting.ts";
import type { Stepping } from "./stepping.ts";

interface HandworkHost extends ReactiveControllerHost, HTMLElement {
  readonly sitting: Sitting;
  readonly stepping: Stepping;
  readonly held: Held;
  live: Box | null;
  readonly stage: { focus(): void; reveal(box: Box): void } | null;
  readonly labels: { focus(): void } | null;
  readonly foot: { submit(): void } | null;
  submit(): Promise<void>;
  bringLabelsNear(): void;
}

export class Handwork {
  constructor(private readonly host: HandworkHost) {
    new Hearing(host, (on) => {
      this.#onImage(on);
      this.#inPanel(on);
    });
  }

  get #hand() {
    return this.host.sitting.hand;
  }

  /** Picks the shape before or after, and shows it. */
  walk(step: 1 | -1): void {
    const box = this.#hand?.walk(step);
    if (box) this.host.stage?.reveal(box);
  }

  #onImage(on: On): void {
    const { host } = this;
    on<Place>("stage-draw", (place) => {
      this.#hand?.draw(place);
      host.bringLabelsNear();
    });
    on<Place & { id: string }>("stage-edit", ({ id, ...place }) => {
      host.live = null;
      this.#hand?.edit(id, place);
    });
    on<{ id: string | null; reveal?: boolean }>("stage-select", ({ id, reveal }) => {
      this.#hand?.select(id);
      const shape = reveal && this.#hand?.shapes.find((known) => known.id === id);
      if (shape) host.stage?.reveal(shape.box);
    });
    on<{ id: string; alone?: boolean }>("stage-delete", ({ id, alone }) => this.#remove(id, { alone }));
    on("stage-confirm", () => this.#confirm());
    on<{ id: string | null; box: Box | null }>("stage-preview", ({ id, box }) => {
      host.live = id ? box : null;
    });
    on("beside-swap", () => {
      const { session } = host.sitting;
      const { assignment } = session?.state ?? {};
      if (assignment) session?.change((now) => swapped(now, assignment));
    });
  }

  #inPanel(on: On): void {
    const { host } = this;
    on<{ concept: ConceptRef }>("concept-chosen", ({ concept }) => {
      this.#hand?.choose(concept);
      // From the field the hand goes back to the image.
      if (host.held.selected && host.contains(document.activeElement)) host.stage?.focus();
    });
    for (const name of ["concepts-leave", "text-leave"]) on(name, () => host.stage?.focus());
    on<{ certainty: Certainty | null }>("answer-certainty", (now) => this.#hand?.sure(now.certainty));
    on<{ accepted: readonly Prediction[]; rejected: readonly string[] }>("suggestions-looked", (now) => {
      this.#hand?.settle(now.accepted, now.rejected);
      host.stage?.focus();
    });
    on<{ predictions: readonly Prediction[] }>("suggestion-accept", (now) =>
      this.#hand?.accept(now.predictions),
    );
    on<{ id: string }>("suggestion-reject", ({ id }) => this.#remove(id));
    on<{ nothingHere: boolean }>("answer-nothing", ({ nothingHere }) =>
      host.sitting.desk?.change((now) => sayNothingHere(now, nothingHere)),
    );
    on<{ comment: string }>("answer-comment", ({ comment }) =>
      host.sitting.session?.change((now) => ({ ...now, comment })),
    );
    on<{ text: Written }>("text-written", ({ text }) =>
      host.sitting.desk?.change((now) => write(now, text), "text"),
    );
    on("text-done", () => host.foot?.submit());
    on("answer-submit", () => void host.submit());
    on("answer-skip", () => void host.sitting.session?.skip());
    on<{ obstacle: Obstacle }>("answer-obstacle", ({ obstacle }) => this.#showMissing(obstacle));
  }

  /** Enter on the image: what is picked is accepted or let go, a complete step is left. */
  #confirm(): void {
    const { host } = this;
    const isFree = host.held.selected === null && host.stepping.steps.length > 0;
    if (isFree && !host.stepping.wants) {
      host.stepping.onward();
      return;
    }
    if (!this.#hand?.confirm()) host.labels?.focus();
    this.#comeNear();
  }

  #remove(id: string, { alone = false }: { alone?: boolean | undefined } = {}): void {
    this.#hand?.remove(id, { alone });
    this.#comeNear();
    this.host.stage?.focus();
  }

  /** The suggestion that comes next is brought into view. */
  #comeNear(): void {
    const box = this.#hand?.suggested;
    if (box) this.host.stage?.reveal(box);
  }

  #showMissing(obstacle: Obstacle): void {
    const { host } = this;
    const box = obstacle === "no-label" ? this.#hand?.pickBare() : null;
    if (obstacle === "no-text") host.labels?.focus();
    if (!box) return;
    host.stage?.reveal(box);
    void host.updateComplete.then(() => host.labels?.focus());
  }
}
