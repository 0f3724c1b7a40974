/** The hand of the reviewer: what is picked, what is decided about it, and how that is undone. */

import type { ReactiveControllerHost } from "lit";
import { newId } from "../api/world.ts";
import * as clusters from "../core/clusters.ts";
import type { Campaign, ConceptRef, ReviewItem, StepAsked, Written } from "../core/contract.ts";
import type { Box } from "../core/geometry.ts";
import { begin, type History, redo, step, undo } from "../core/history.ts";
import type { Asked } from "../core/locale/index.ts";
import type { Place } from "../core/outline.ts";
import { askedOf, drawnIn, itemOf, kindOf, kindOfAll, type Reviewed, stepOf } from "../core/reviewed.ts";
import * as rulings from "../core/rulings.ts";
import type { Tool } from "../viewer/gestures.ts";
import { Hearing, type On } from "./hearing.ts";
import { partOf } from "./review-scene.ts";

/** A box under review fills at least this share of the stage: people's boxes differ by little. */
const CLOSE = 0.2;

interface DecidingHost extends ReactiveControllerHost, HTMLElement {
  readonly campaign: Campaign | null;
  readonly items: readonly ReviewItem[];
  readonly stage: { focus(): void; reveal(box: Box, options: { share: number }): void } | null;
  /** Something was decided, or taken back. */
  ruled(): void;
  readonly card: { search(): void } | null;
  tool: Tool;
}

export class Deciding {
  #history: History<rulings.Rulings> = begin({});
  #selected: string | null = null;
  /** Of something split, the part that is at hand. */
  #piece = 0;
  /** The box that another is looked for to merge with. */
  #merging: string | null = null;
  /** The step to draw for, where nothing is picked. */
  #into = "";

  constructor(private readonly host: DecidingHost) {
    new Hearing(host, (on) => {
      this.#onImage(on);
      this.#onCard(on);
    });
  }

  get history(): History<rulings.Rulings> {
    return this.#history;
  }

  get rulings(): rulings.Rulings {
    return this.#history.present;
  }

  get selected(): string | null {
    return this.#selected;
  }

  get piece(): number {
    return this.#piece;
  }

  get merging(): string | null {
    return this.#merging;
  }

  get reviewed(): Reviewed {
    const { campaign, items } = this.host;
    return { campaign, items, rulings: this.rulings };
  }

  /** The step of what is picked; empty where one question is asked. */
  get step(): string {
    return stepOf(this.reviewed, this.#selected);
  }

  /** What a shape drawn now answers. */
  get drawing(): Campaign["question"] | undefined {
    return (this.#drawnIn ?? this.host.campaign)?.question;
  }

  /** What the picked thing is; where nothing is picked, what a hand would draw, or all that is under review. */
  get kind(): Asked {
    const { reviewed } = this;
    if (this.#selected) return kindOf(askedOf(reviewed, this.#selected));
    return this.#drawnIn ? kindOf(this.#drawnIn.question) : kindOfAll(reviewed);
  }

  /** Another image lies there, with what was decided about it before. */
  begin(kept: rulings.Rulings): void {
    this.resume(begin(kept));
  }

  /** Goes on with what was begun before. */
  resume(history: History<rulings.Rulings>): void {
    this.#history = history;
    this.#selected = this.#merging = null;
    this.#piece = 0;
    this.host.requestUpdate();
  }

  travel(way: "undo" | "redo"): void {
    const before = this.#history;
    this.#history = (way === "undo" ? undo : redo)(before);
    if (this.#history !== before) this.host.ruled();
    this.host.requestUpdate();
  }

  walk(by: 1 | -1): void {
    const added = rulings.addedIn(this.rulings).map(([id]) => id);
    const all = [...this.host.items.map(({ id }) => id), ...added];
    const at = all.indexOf(this.#selected ?? "");
    this.select(all[at < 0 ? 0 : (at + by + all.length) % all.length] ?? null, { reveal: true });
  }

  select(shape: string | null, { reveal = false } = {}): void {
    const { item: id, part } = shape ? partOf(shape) : { item: null, part: 0 };
    this.#selected = id;
    this.#piece = part;
    const box = (id && this.rulings[id]?.box) || itemOf(this.host, id)?.box;
    if (reveal && box) this.host.stage?.reveal(box, { share: CLOSE });
    this.host.requestUpdate();
  }

  accept(): void {
    const item = this.#item;
    if (!item) return;
    const isMine = this.rulings[item.id]?.verdict === "corrected";
    this.#decide(isMine ? this.rulings : rulings.accept(this.rulings, item));
  }

  reject(): void {
    const item = this.#item;
    if (item) this.#decide(rulings.reject(this.rulings, item));
    else if (this.#selected) this.#turn(rulings.withdraw(this.rulings, this.#selected));
  }

  acceptRest(): void {
    this.#turn(rulings.acceptRest(this.rulings, this.host.items));
  }

  /** The first press asks for another box, the second makes one of both. */
  merge(): void {
    const [first, other] = [this.#merging, this.#selected].map((id) =>
      this.host.items.find((item) => item.id === id && item.box),
    );
    this.#merging = this.#merging || !other ? null : this.#selected;
    this.host.requestUpdate();
    if (!first || !other || first === other) return;
    this.#turn(clusters.merge(this.rulings, first, other, this.host.items));
    this.select(first.id, { reveal: true });
  }

  split(): void {
    const item = this.#item;
    if (!item?.box) return;
    const now = this.rulings;
    this.#turn(now[item.id]?.parts ? rulings.withdraw(now, item.id) : clusters.split(now, item));
    this.#piece = 0;
  }

  /** Something for a step: where one draws the hand draws it, else its label or text is asked for. */
  add(asked: StepAsked): void {
    const { host } = this;
    if (asked.question.draws) {
      this.select(null);
      this.#into = asked.name;
      host.tool = "draw";
      host.stage?.focus();
      return;
    }
    const id = newId();
    this.#turn(rulings.add(this.rulings, id, null, [], undefined, asked.name));
    this.select(id);
    void host.updateComplete.then(() => host.card?.search());
  }

  get #item(): ReviewItem | null {
    return itemOf(this.host, this.#selected);
  }

  get #drawnIn(): StepAsked | null {
    return drawnIn(this.host.campaign, this.step || this.#into);
  }

  #onImage(on: On): void {
    const { host } = this;
    on<{ id: string | null; reveal?: boolean }>("stage-select", ({ id, reveal }) =>
      this.select(id, { reveal: reveal ?? false }),
    );
    on<Place & { id: string }>("stage-edit", ({ id, box, points }) => this.#correct(id, { box, points }));
    on<Place>("stage-draw", ({ box, points }) => {
      const id = newId();
      this.#turn(rulings.add(this.rulings, id, box, [], points, this.#drawnIn?.name));
      this.select(id);
      host.tool = "move";
    });
    on("stage-delete", () => this.reject());
    on("stage-confirm", () => this.accept());
    // The first box is shown close once its image is there.
    on(
      "rubricator-image-shown",
      () => this.#selected || this.select(host.items[0]?.id ?? null, { reveal: true }),
    );
  }

  #onCard(on: On): void {
    const { host } = this;
    on("item-accept", () => this.accept());
    on("item-reject", () => this.reject());
    on("item-merge", () => this.merge());
    on("item-split", () => this.split());
    on("items-accept-rest", () => this.acceptRest());
    on<{ step: StepAsked }>("step-add", ({ step: asked }) => this.add(asked));
    on<{ part: number }>("item-part", ({ part }) => {
      this.#piece = part;
      host.requestUpdate();
    });
    on<{ member: string; part: number }>("item-assign", ({ member, part }) => {
      const item = this.#item;
      if (item) this.#turn(clusters.assign(this.rulings, item, member, part));
      this.#piece = 0;
    });
    on<{ reason: string }>("item-reason", ({ reason }) => {
      const item = this.#item;
      const now = this.rulings;
      const base = item && !now[item.id] ? rulings.accept(now, item) : now;
      if (this.#selected) this.#turn(rulings.amend(base, this.#selected, { reason }));
    });
    on<{ concept: ConceptRef }>("concept-chosen", ({ concept }) => {
      if (this.#selected) this.#correct(this.#selected, { concepts: [concept] });
      host.stage?.focus();
    });
    on<{ text: Written }>("item-text", ({ text }) => {
      if (this.#selected) this.#correct(this.#selected, { text: rulings.plain(text) });
      host.stage?.focus();
    });
    on<{ text: Written }>("text-written", ({ text }) => {
      if (this.#selected) this.#correct(this.#selected, { text });
    });
    for (const name of ["text-leave", "text-done", "concepts-leave"]) on(name, () => host.stage?.focus());
  }

  /** After a verdict the next undecided box is picked: one key a box. */
  #decide(next: rulings.Rulings): void {
    this.#turn(next);
    const { items } = this.host;
    const open = rulings.undecided(next, items);
    const at = items.findIndex(({ id }) => id === this.#selected);
    const after = open.find((item) => items.indexOf(item) > at) ?? open[0];
    if (after) this.select(after.id, { reveal: true });
  }

  #correct(id: string, change: Partial<Place> & { concepts?: readonly ConceptRef[]; text?: Written }): void {
    const place = partOf(id);
    const item = itemOf(this.host, place.item);
    const now = this.rulings;
    if (now[place.item]?.parts) {
      const part = change.concepts ? this.#piece : place.part;
      this.#turn(clusters.amendPart(now, place.item, part, change));
      return;
    }
    this.#turn(item ? rulings.correct(now, item, change) : rulings.amend(now, id, change));
  }

  #turn(next: rulings.Rulings): void {
    const before = this.#history;
    this.#history = step(before, next);
    if (this.#history !== before) this.host.ruled();
    const id = this.#selected;
    if (id && !this.rulings[id] && !itemOf(this.host, id)) this.#selected = null;
    this.host.requestUpdate();
  }
}
