/** What helps the hand: tightens a box to its ink, has more like it looked for, copies from the image before, says broader. */

import { type AssistServer, assistServer, type Branch } from "../api/assist.ts";
import { newId } from "../api/world.ts";
import type { ConceptRef, Prediction } from "../core/contract.ts";
import { copyShapes, type Shape, sizeOf } from "../core/draft.ts";
import type { AssistTexts } from "../core/locale/assist.ts";
import { isPlain } from "../core/outline.ts";
import { partOf } from "../core/sequence.ts";
import type { Desk } from "../core/sessionstate.ts";
import { freshOf, untilFound } from "../core/similar.ts";
import { asTrouble } from "../core/trouble.ts";
import type { Answering } from "./answering.ts";
import { type AssistState, browserWait, Helper } from "./assiststate.ts";
import { inkAround, isTight, keepTightens, whyNotTightened } from "./tightening.ts";

export type Act = "tighten" | "similar" | "copy" | "guide" | "broader";

export type { AssistState };

/** What of the workbench it works on. */
export interface Bench {
  readonly api: string;
  readonly lang: string;
  readonly texts: AssistTexts;
  readonly session: Desk | null;
  readonly hand: Answering | null;
  browse(concept: string | null): void;
  changed(state: AssistState): void;
}

export class Assisting {
  readonly #helper: Helper;
  #server: AssistServer | null = null;
  #search: { assignment: string; id: string } | null = null;
  /** The ways down to labels, as far as they were asked for. */
  readonly #ways = new Map<string, readonly Branch[]>();

  constructor(private readonly bench: Bench) {
    this.#helper = new Helper((state) => bench.changed(state));
  }

  get state(): AssistState {
    return this.#helper.state;
  }

  get server(): AssistServer {
    this.#server ??= assistServer(this.bench.api, this.bench.lang);
    return this.#server;
  }

  get keys(): Readonly<Record<string, () => void>> {
    return {
      s: () => this.do("tighten"),
      m: () => this.do("similar"),
      c: () => this.do("copy"),
      g: () => this.do("guide"),
      u: () => this.do("broader"),
    };
  }

  do(act: Act): void {
    if (act === "tighten") void this.tighten();
    else if (act === "similar") void this.findSimilar();
    else if (act === "copy") void this.copy();
    else if (act === "guide") this.bench.browse(this.#label?.id ?? null);
    else void this.broader();
  }

  setTightens(tightens: boolean): void {
    keepTightens(tightens);
    this.#become({ tightens });
  }

  /** A box was drawn, and is picked. */
  drawn(): void {
    if (this.state.tightens) void this.tighten({ quietly: true });
  }

  /** Another image: nothing of the last one is waited for. */
  leave(): void {
    const search = this.#search;
    this.#search = null;
    if (search) void this.server.stop(search.assignment, search.id).catch(() => undefined);
    if (this.state.said || this.state.busy) this.#become({ said: "", busy: null });
  }

  /** Draws the edges of the picked box to the ink in it, as one step. */
  async tighten({ quietly = false } = {}): Promise<void> {
    const { session, hand, texts } = this.bench;
    const [shape, assignment] = [this.#shape, session?.state.assignment];
    if (!session || !hand || !assignment || this.state.busy === "ink") return;
    if (!this.#draws) return;
    if (!shape || !isPlain(shape)) return this.#become({ said: texts.pickBox });
    this.#become({ busy: "ink", said: "" });
    const said = await this.#tightened(shape, hand).catch((error: unknown) => whyNotTightened(error, texts));
    const isHere = session.state.assignment?.id === assignment.id;
    this.#become({ busy: null, said: isHere && !(quietly && said === texts.tightAlready) ? said : "" });
  }

  async #tightened(shape: Shape, hand: Answering): Promise<string> {
    const { texts, session } = this.bench;
    const canvas = session?.state.assignment?.task.canvas;
    if (!canvas) return "";
    const tight = await inkAround(canvas, shape.box);
    if (!tight) return texts.noInk;
    // The hand may have gone on while the picture came.
    const now = hand.drawn(shape.id);
    if (!now || String(now.box) !== String(shape.box)) return "";
    if (isTight(shape.box, tight)) return texts.tightAlready;
    hand.edit(shape.id, { box: tight });
    return texts.tightened;
  }

  /** Has more like the picked box looked for; what is found becomes suggestions. */
  async findSimilar(): Promise<void> {
    const { session, texts } = this.bench;
    const [shape, assignment] = [this.#shape, session?.state.assignment];
    if (!session || !assignment || !this.#draws || this.state.busy === "similar") return;
    if (!assignment.finds_similar) return this.#become({ said: texts.notOffered });
    if (!shape || !isPlain(shape)) return this.#become({ said: texts.pickBox });
    const search = { assignment: assignment.id, id: newId() };
    this.#search = search;
    const isWanted = () => this.#search === search && session.state.assignment?.id === assignment.id;
    this.#become({ busy: "similar", said: texts.looking });
    try {
      const concepts = shape.concepts.map(({ id }) => id);
      const first = await this.server.ask(assignment.id, { id: search.id, box: shape.box, concepts });
      const told = await untilFound(
        first,
        () => this.server.look(assignment.id, search.id),
        browserWait,
        isWanted,
      );
      if (told) this.#found(told, assignment.id);
    } catch (error) {
      if (isWanted()) this.#become({ busy: null, said: asTrouble(error).detail || texts.searchFailed });
    }
  }

  #found(told: { state: string; detail: string; predictions: readonly Prediction[] }, task: string): void {
    const { session, texts } = this.bench;
    this.#search = null;
    if (!session) return;
    if (told.state !== "done") {
      this.#become({ busy: null, said: told.detail || texts.searchFailed });
      return;
    }
    const known = session.state.assignment?.predictions ?? [];
    const fresh = freshOf(told.predictions, session.answer, known);
    session.offer(task, fresh);
    const nothing = told.predictions.length ? texts.foundKnown : texts.foundNothing;
    this.#become({ busy: null, said: fresh.length ? texts.found(fresh.length) : nothing });
  }

  /** Puts the shapes that one handed in on the image before onto this one, as one step. */
  async copy(): Promise<void> {
    const { session, texts } = this.bench;
    const assignment = session?.state.assignment;
    if (!session || !assignment || !this.#draws) return;
    const before = await session.past.lastBeside(assignment);
    if (session.state.assignment?.id !== assignment.id) return;
    const there = before && (session.step ? partOf(before.answer, session.step) : before.answer);
    if (!before || !there?.shapes.length) return this.#become({ said: texts.nothingToCopy });
    const had = session.answer.shapes.length;
    session.change((now) => copyShapes(now, there, [sizeOf(before.assignment), sizeOf(assignment)], newId));
    const added = session.answer.shapes.length - had;
    this.#become({ said: added ? texts.copied(added) : texts.copiedAlready });
  }

  /** Says the next broader label in the place of the one that stands. */
  async broader(): Promise<void> {
    const { texts } = this.bench;
    const label = this.#label;
    if (!label) return this.#become({ said: texts.pickLabel });
    const way = await this.wayTo(label.id).catch(() => []);
    const above = way.at(-2);
    if (!above) return this.#become({ said: texts.broadest });
    this.say(label, above);
    this.#become({ said: texts.nowBroader(above.label) });
  }

  /** One label in the place of another. */
  say(instead: ConceptRef, { id, label }: ConceptRef): void {
    this.bench.hand?.relabel(instead, { id, label });
  }

  async wayTo(concept: string): Promise<readonly Branch[]> {
    const known = this.#ways.get(concept);
    if (known) return known;
    const { items } = await this.server.wayTo(concept);
    this.#ways.set(concept, items);
    return items;
  }

  get #draws(): boolean {
    const { campaign, revisit } = this.bench.session?.state ?? {};
    return Boolean(campaign?.question.draws && !campaign.question.judges && !revisit?.whyNot);
  }

  get #shape(): Shape | undefined {
    const { hand } = this.bench;
    return hand?.held.selected ? hand.drawn(hand.held.selected) : undefined;
  }

  get #label(): ConceptRef | null {
    const { session, hand } = this.bench;
    if (!session?.state.campaign?.question.draws) return session?.answer.concepts.at(-1) ?? null;
    return this.#shape?.concepts.at(-1) ?? (hand?.held.selected ? null : (hand?.held.label ?? null));
  }

  #become(change: Partial<AssistState>): void {
    this.#helper.become(change);
  }
}
