/** Several shapes at once: picked, carried, copied from here or the task before, and what is said of it to who cannot see. */

import { html, type ReactiveController, type ReactiveControllerHost } from "lit";
import { newId } from "../api/world.ts";
import { type Shape, sizeOf } from "../core/draft.ts";
import type { Box, Size } from "../core/geometry.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Desk } from "../core/sessionstate.ts";
import { beside, copies, fittedIn, framed, shiftAll, withCopies } from "../core/several.ts";
import type { Command } from "../viewer/keys.ts";
import type { Answering } from "./answering.ts";

export interface Workplace {
  hand(): Answering | null;
  sitting(): Desk | null;
  texts(): Texts;
  reveal(box: Box): void;
}

type Way = readonly [number, number];

export class Bunching implements ReactiveController {
  #listening = new AbortController();
  #clipboard: { readonly from: string; readonly step: string; readonly shapes: readonly Shape[] } | null =
    null;
  #said = "";
  /** Clicks and taps pick one shape beside the others, without a key being held. */
  gathers = false;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly place: Workplace,
  ) {
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

  get #step(): string {
    return this.place.sitting()?.step ?? "";
  }

  get #size(): Size {
    const assignment = this.place.sitting()?.state.assignment;
    return assignment ? sizeOf(assignment) : [1, 1];
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
    const { past = [], future = [] } = this.place.sitting()?.state.history ?? {};
    if (kind === "undo" && past.length) this.say(this.#words.undone);
    if (kind === "redo" && future.length) this.say(this.#words.redone);
  }

  get #shapes(): readonly Shape[] {
    return this.place.sitting()?.answer.shapes ?? [];
  }

  get #picked(): readonly string[] {
    const { selected = null, also = [] } = this.place.hand()?.held ?? {};
    return selected ? [...also, selected] : [];
  }

  #pick(ids: readonly string[]): void {
    this.place.hand()?.pick(ids);
    const count = this.place.hand()?.picked.length ?? 0;
    this.say(this.#words.picked(count));
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
    const [picked, ids] = [this.#picked, this.#shapes.map(({ id }) => id)];
    if (!ids.length) return;
    const at = ids.indexOf(picked.at(-1) ?? "");
    const to = at < 0 ? (step > 0 ? 0 : ids.length - 1) : (at + step + ids.length) % ids.length;
    const next = ids[to];
    if (!next) return;
    this.#pick([...picked.filter((id) => id !== next), next]);
    const box = this.#shapes[to]?.box;
    if (box) this.place.reveal(box);
  }

  #gather(gathers: boolean): void {
    this.gathers = gathers;
    this.say(gathers ? this.#words.gathering : this.#words.gathered);
  }

  #carry([dx, dy]: Way): void {
    const [ids, size] = [this.#picked, this.#size];
    this.place.sitting()?.change((now) => shiftAll(now, ids, dx, dy, size));
    const [first] = this.place.hand()?.picked ?? [];
    if (first) this.say(this.#words.at(first.box));
  }

  #copyTo(way?: Way): void {
    const picked = this.place.hand()?.picked ?? [];
    this.#add(copies(picked, way ?? beside(picked, this.#size), this.#size, newId), "duplicated");
  }

  #copy(): void {
    const picked = this.place.hand()?.picked ?? [];
    const from = this.place.sitting()?.state.assignment?.id;
    if (!picked.length || !from) return;
    this.#clipboard = { from, step: this.#step, shapes: picked };
    this.say(this.#words.copied(picked.length));
  }

  /** Beside what was copied, on the same image; on another one at the same place. */
  #paste(): void {
    const { from, step = "", shapes = [] } = this.#clipboard ?? {};
    // Another step has other labels and other shapes: what was copied would be no answer to it.
    if (shapes.length && step !== this.#step) {
      this.say(this.#words.otherStep);
      return;
    }
    const size = this.#size;
    const isHere = from === this.place.sitting()?.state.assignment?.id;
    const there = isHere ? shapes : fittedIn(shapes, size);
    this.#add(copies(there, isHere ? beside(there, size) : [0, 0], size, newId), "pasted");
  }

  #add(made: readonly Shape[], word: "duplicated" | "pasted"): void {
    const [first] = made;
    if (!first) return;
    this.place.sitting()?.change((now) => withCopies(now, made));
    this.place.hand()?.pick(made.map(({ id }) => id));
    if (!this.place.hand()?.picked.length) return;
    this.place.reveal(first.box);
    this.say(this.#words[word](made.length));
  }

  #deleting(id: string, alone = false): void {
    const picked = alone ? [] : this.#picked;
    if (this.#shapes.some((shape) => shape.id === id)) {
      this.say(this.#words.deleted(picked.includes(id) ? Math.max(picked.length, 1) : 1));
    }
  }
}
