/** Several shapes at once: picked, carried, copied from here or the task before, and what is said of it to who cannot see. */

import { html, type ReactiveController, type ReactiveControllerHost } from "lit";
import type { Box, Size } from "../core/geometry.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Place } from "../core/outline.ts";
import { among, beside, displacedAll, fittedIn, framed } from "../core/several.ts";
import type { Command } from "../viewer/keys.ts";

export type Piece = Place & { readonly id: string };

/** What is drawn, and what can be done to several of it: an answer, or a canvas that people share. */
export interface Bench {
  readonly size: Size;
  /** All that can be picked beside others, in walking order. */
  readonly shapes: readonly Piece[];
  /** What is picked, the selected one last. */
  readonly picked: readonly string[];
  readonly undoable: boolean;
  readonly redoable: boolean;
  /** Which image it is, and which part of the question: what was copied for another part is no answer to this one. */
  readonly place: string;
  readonly step: string;
  /** What is deleted stays there with a verdict, which somebody else tells. */
  readonly keeps?: boolean;
  pick(ids: readonly string[]): void;
  /** All of these so far, as one step. */
  carry(ids: readonly string[], dx: number, dy: number): void;
  /** These once more, where they are said to be, as one step; they are in hand then. */
  add(pieces: readonly Piece[]): void;
}

/** What was copied, and from where. */
export interface Clip {
  readonly from: string;
  readonly step: string;
  readonly shapes: readonly Piece[];
}

/** Where what was copied waits, on a page that is another one for the next image. */
export interface Clipboard {
  read(): Clip | null;
  write(clip: Clip): void;
}

export interface Workplace {
  /** Null where nothing is in hand. */
  bench(): Bench | null;
  texts(): Texts;
  reveal(box: Box): void;
  readonly clipboard?: Clipboard;
}

type Way = readonly [number, number];

export class Bunching implements ReactiveController {
  #listening = new AbortController();
  readonly #clipboard: Clipboard;
  #said = "";
  /** Clicks and taps pick one shape beside the others, without a key being held. */
  gathers = false;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly place: Workplace,
  ) {
    this.#clipboard = place.clipboard ?? inMemory();
    host.addController(this);
  }

  hostConnected(): void {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = <T>(name: string, act: (detail: T) => void) =>
      this.host.addEventListener(name, (event) => act((event as CustomEvent<T>).detail), { signal });
    on<{ id: string }>("stage-pick", ({ id }) => this.#toggle(id));
    on<{ box: Box }>("stage-framed", ({ box }) => this.#frame(box));
    on<{ ids: readonly string[] }>("stage-range", ({ ids }) => this.#pick(ids));
    on<{ dx: number; dy: number }>("stage-carried", ({ dx, dy }) => this.#carry([dx, dy]));
    on<{ dx: number; dy: number }>("stage-copied", ({ dx, dy }) => this.#copyTo([dx, dy]));
    on<Command>("stage-command", (command) => this.#obey(command));
    on("shapes-duplicate", () => this.#copyTo());
    on("shapes-gather", () => this.#gather(!this.gathers));
    on<{ id: string; alone?: boolean }>("stage-delete", ({ id, alone }) => this.#deleting(id, alone));
    on<{ id: string; box: Box; points?: unknown }>("stage-edit", ({ box }) => this.say(this.#words.at(box)));
    on<string>("tool", (action) => this.#turned(action));
  }

  hostDisconnected(): void {
    this.#listening.abort();
  }

  /** Where it is said; to be rendered once. */
  live() {
    return html`<p class="rw-unseen" role="status" data-testid="said">${this.#said}</p>`;
  }

  say(sentence: string): void {
    // The same sentence again is heard only when it is written differently.
    this.#said = sentence === this.#said ? `${sentence}\u200a` : sentence;
    this.host.requestUpdate();
  }

  /** Another task or step: its shapes are picked one by one. */
  begin(): void {
    this.gathers = false;
  }

  get #words() {
    return this.place.texts().several;
  }

  get #bench(): Bench | null {
    return this.place.bench();
  }

  #obey(command: Command): void {
    if (command.kind === "all") this.#pick(this.#shapes.map(({ id }) => id));
    else if (command.kind === "extend") this.#extend(command.step);
    else if (command.kind === "duplicate") this.#copyTo();
    else if (command.kind === "copy") this.#copy();
    else if (command.kind === "paste") this.#paste();
    else this.#turned(command.kind);
  }

  #turned(kind: string): void {
    const { undoable, redoable } = this.#bench ?? {};
    if (kind === "undo" && undoable) this.say(this.#words.undone);
    if (kind === "redo" && redoable) this.say(this.#words.redone);
  }

  get #shapes(): readonly Piece[] {
    return this.#bench?.shapes ?? [];
  }

  get #picked(): readonly string[] {
    return this.#bench?.picked ?? [];
  }

  /** What is picked, in the order in which it was drawn. */
  get #pieces(): readonly Piece[] {
    return among(this.#shapes, this.#picked);
  }

  #pick(ids: readonly string[]): void {
    this.#bench?.pick(ids);
    this.say(this.#words.picked(this.#pieces.length));
  }

  #toggle(id: string): void {
    const picked = this.#picked;
    this.#pick(picked.includes(id) ? picked.filter((other) => other !== id) : [...picked, id]);
  }

  #frame(frame: Box): void {
    const touched = framed(this.#shapes, frame).map(({ id }) => id);
    this.#pick([...new Set([...this.#picked, ...touched])]);
  }

  /** Walks to the shape before or after and picks it beside the others. */
  #extend(step: 1 | -1): void {
    const shapes = this.#shapes;
    const [picked, ids] = [this.#picked, shapes.map(({ id }) => id)];
    if (!ids.length) return;
    const at = ids.indexOf(picked.at(-1) ?? "");
    const to = at < 0 ? (step > 0 ? 0 : ids.length - 1) : (at + step + ids.length) % ids.length;
    const next = ids[to];
    if (!next) return;
    this.#pick([...picked.filter((id) => id !== next), next]);
    const box = shapes[to]?.box;
    if (box) this.place.reveal(box);
  }

  #gather(gathers: boolean): void {
    this.gathers = gathers;
    this.say(gathers ? this.#words.gathering : this.#words.gathered);
  }

  #carry([dx, dy]: Way): void {
    this.#bench?.carry(this.#picked, dx, dy);
    const [first] = this.#pieces;
    if (first) this.say(this.#words.at(first.box));
  }

  #copyTo(way?: Way): void {
    const [pieces, { size }] = [this.#pieces, this.#bench ?? { size: [1, 1] as const }];
    this.#add(displacedAll(pieces, way ?? beside(pieces, size), size), "duplicated");
  }

  #copy(): void {
    const pieces = this.#pieces;
    const { place, step } = this.#bench ?? {};
    if (!pieces.length || !place) return;
    this.#clipboard.write({ from: place, step: step ?? "", shapes: pieces });
    this.say(this.#words.copied(pieces.length));
  }

  /** Beside what was copied, on the same image; on another one at the same place. */
  #paste(): void {
    const { from, step = "", shapes = [] } = this.#clipboard.read() ?? {};
    const bench = this.#bench;
    if (!bench) return;
    // Another step has other labels and other shapes: what was copied would be no answer to it.
    if (shapes.length && step !== bench.step) {
      this.say(this.#words.otherStep);
      return;
    }
    const { size } = bench;
    const isHere = from === bench.place;
    const there = isHere ? shapes : fittedIn(shapes, size);
    this.#add(displacedAll(there, isHere ? beside(there, size) : [0, 0], size), "pasted");
  }

  #add(pieces: readonly Piece[], word: "duplicated" | "pasted"): void {
    const [first] = pieces;
    if (!first) return;
    this.#bench?.add(pieces);
    if (!this.#picked.length) return;
    this.place.reveal(first.box);
    this.say(this.#words[word](pieces.length));
  }

  #deleting(id: string, alone = false): void {
    if (this.#bench?.keeps) return;
    const picked = alone ? [] : this.#picked;
    if (this.#shapes.some((shape) => shape.id === id)) {
      this.say(this.#words.deleted(picked.includes(id) ? Math.max(picked.length, 1) : 1));
    }
  }
}

function inMemory(): Clipboard {
  let held: Clip | null = null;
  return {
    read: () => held,
    write: (clip) => {
      held = clip;
    },
  };
}
