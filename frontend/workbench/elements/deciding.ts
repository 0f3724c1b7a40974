/** The hand of the reviewer: what is picked, what is decided about it, and how that is undone. */

import type { ReactiveControllerHost } from "lit";
import { newId } from "../api/world.ts";
import * as clusters from "../core/clusters.ts";
import type { Campaign, ConceptRef, ReviewItem, StepAsked, Written } from "../core/contract.ts";
import type { Box } from "../core/geometry.ts";
import { begin, type History, redo, step, undo } from "../core/history.ts";
import type { Asked } from "../core/locale/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Place } from "../core/outline.ts";
import {
  askedOf,
  drawnIn,
  itemOf,
  kindOf,
  kindOfAll,
  labelsOf,
  type Reviewed,
  stepOf,
  walked,
} from "../core/reviewed.ts";
import * as rulings from "../core/rulings.ts";
import { labelled } from "../core/several.ts";
import type { Tool } from "../viewer/gestures.ts";
import { hearCard, hearImage } from "./cardhearing.ts";
import { Hearing } from "./hearing.ts";
import { partOf } from "./review-scene.ts";
import { Sheafing } from "./sheafing.ts";

/** A box under review fills at least this share of the stage: people's boxes differ by little. */
const CLOSE = 0.2;

interface DecidingHost extends ReactiveControllerHost, HTMLElement {
  readonly campaign: Campaign | null;
  readonly items: readonly ReviewItem[];
  readonly stage: { focus(): void; reveal(box: Box, options: { share: number }): void } | null;
  /** Something was decided, or taken back. */
  ruled(): void;
  readonly card: { search(): void } | null;
  readonly texts: Texts;
  tool: Tool;
  /** For who does not see it. */
  say(sentence: string): void;
}

export class Deciding {
  #history: History<rulings.Rulings> = begin({});
  #selected: string | null = null;
  /** What is picked beside it. */
  #also: readonly string[] = [];
  /** Of something split, the part that is at hand. */
  #piece = 0;
  /** The box that another is looked for to merge with. */
  #merging: string | null = null;
  /** The step to draw for, where nothing is picked. */
  #into = "";
  readonly #several: Sheafing;

  constructor(private readonly host: DecidingHost) {
    this.#several = new Sheafing(
      this,
      () => host.texts,
      (sentence) => host.say(sentence),
    );
    new Hearing(host, (on) => {
      hearImage(on, this, host);
      hearCard(on, this, host);
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

  /** All that is picked, the selected one last. */
  get picked(): readonly string[] {
    return this.#selected ? [...this.#also, this.#selected] : [];
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
    this.#also = [];
    this.#piece = 0;
    this.host.requestUpdate();
  }

  travel(way: "undo" | "redo"): void {
    this.#become((way === "undo" ? undo : redo)(this.#history));
  }

  walk(by: 1 | -1): void {
    const all = walked(this.reviewed);
    const at = all.indexOf(this.#selected ?? "");
    this.select(all[at < 0 ? 0 : (at + by + all.length) % all.length] ?? null, { reveal: true });
  }

  select(shape: string | null, { reveal = false } = {}): void {
    const { item: id, part } = shape ? partOf(shape) : { item: null, part: 0 };
    this.#selected = id;
    this.#also = [];
    this.#piece = part;
    const box = (id && this.rulings[id]?.box) || itemOf(this.host, id)?.box;
    if (reveal && box) this.host.stage?.reveal(box, { share: CLOSE });
    this.host.requestUpdate();
  }

  /** Picks several, the last of them the selected one. */
  pick(ids: readonly string[]): void {
    this.#selected = ids.at(-1) ?? null;
    this.#also = ids.slice(0, -1);
    this.#piece = 0;
    this.#merging = null;
    this.host.requestUpdate();
  }

  accept(): void {
    if (this.#several.accept()) return;
    const item = this.item;
    if (!item) return;
    const isMine = this.rulings[item.id]?.verdict === "corrected";
    this.decide(isMine ? this.rulings : rulings.accept(this.rulings, item));
  }

  reject(): void {
    if (this.#several.reject()) return;
    const item = this.item;
    if (item) this.decide(rulings.reject(this.rulings, item));
    else if (this.#selected) this.turn(rulings.withdraw(this.rulings, this.#selected));
  }

  acceptRest(): void {
    this.turn(rulings.acceptRest(this.rulings, this.host.items));
  }

  /** The first press asks for another box, the second makes one of both. */
  merge(): void {
    if (this.#several.merge()) return;
    const [first, other] = [this.#merging, this.#selected].map((id) =>
      this.host.items.find((item) => item.id === id && item.box),
    );
    this.#merging = this.#merging || !other ? null : this.#selected;
    this.host.requestUpdate();
    if (!first || !other || first === other) return;
    this.turn(clusters.merge(this.rulings, first, other, this.host.items));
    this.select(first.id, { reveal: true });
  }

  split(): void {
    const item = this.item;
    if (!item?.box || this.#several.holds) return;
    const now = this.rulings;
    this.turn(now[item.id]?.parts ? rulings.withdraw(now, item.id) : clusters.split(now, item));
    this.#piece = 0;
  }

  /** What is drawn next answers this step. */
  drawFor(step: string): void {
    this.select(null);
    this.#into = step;
    this.host.tool = "draw";
    this.host.stage?.focus();
  }

  /** Something that is not drawn: its label or text is asked for. */
  addTo(step: string): void {
    const id = newId();
    this.turn(rulings.add(this.rulings, id, null, [], undefined, step));
    this.select(id);
    void this.host.updateComplete.then(() => this.host.card?.search());
  }

  get item(): ReviewItem | null {
    return itemOf(this.host, this.#selected);
  }

  get #drawnIn(): StepAsked | null {
    return drawnIn(this.host.campaign, this.step || this.#into);
  }

  draw({ box, points }: Place): void {
    const id = newId();
    this.turn(rulings.add(this.rulings, id, box, [], points, this.#drawnIn?.name));
    this.select(id);
    this.host.tool = "move";
  }

  /** What is picked gets this label. */
  label(concept: ConceptRef): void {
    if (this.#several.label(concept)) return;
    const { reviewed, picked } = this;
    if (!this.#selected) return;
    const many = askedOf(reviewed, this.#selected)?.many ?? false;
    const [said] = labelled(labelsOf(reviewed, picked, this.#piece), concept, { many });
    if (said) this.correct(this.#selected, { concepts: said.concepts });
  }

  /** Of something split, another part is at hand. */
  take(part: number): void {
    this.#piece = part;
    this.host.requestUpdate();
  }

  /** After a verdict the next undecided box is picked: one key a box. */
  decide(next: rulings.Rulings): void {
    this.turn(next);
    const { items } = this.host;
    const open = rulings.undecided(next, items);
    const at = items.findIndex(({ id }) => id === this.#selected);
    const after = open.find((item) => items.indexOf(item) > at) ?? open[0];
    if (after) this.select(after.id, { reveal: true });
  }

  correct(id: string, change: Partial<Place> & { concepts?: readonly ConceptRef[]; text?: Written }): void {
    const place = partOf(id);
    const item = itemOf(this.host, place.item);
    const now = this.rulings;
    if (now[place.item]?.parts) {
      const part = change.concepts ? this.#piece : place.part;
      this.turn(clusters.amendPart(now, place.item, part, change));
      return;
    }
    this.turn(item ? rulings.correct(now, item, change) : rulings.amend(now, id, change));
  }

  turn(next: rulings.Rulings): void {
    this.#become(step(this.#history, next));
  }

  #become(history: History<rulings.Rulings>): void {
    const isNew = history !== this.#history;
    this.#history = history;
    if (isNew) this.host.ruled();
    // What was added and is gone again can be held no more.
    const isThere = (id: string) => Boolean(this.rulings[id] || itemOf(this.host, id));
    if (!this.picked.every(isThere)) this.pick(this.picked.filter(isThere));
    this.host.requestUpdate();
  }
}
