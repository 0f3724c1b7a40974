/** What helps the hand at a shared canvas: tightens a box to its ink, has more like it looked for, copies from the page before. */

import { type AlikeServer, alikeServer, type Branch, type TreeServer, treeServer } from "../api/assist.ts";
import { newId } from "../api/world.ts";
import { type Candidate, copiedOnto } from "../core/candidates.ts";
import type { Shown } from "../core/collation.ts";
import type { ConceptRef } from "../core/contract.ts";
import { isPlain } from "../core/outline.ts";
import type { Term } from "../core/shared.ts";
import { untilFound } from "../core/similar.ts";
import { asTrouble } from "../core/trouble.ts";
import type { Act } from "./assisting.ts";
import { type AssistState, browserWait, Helper } from "./assiststate.ts";
import { Candidacy, type CandidacyHost } from "./candidacy.ts";
import { type Room, saidBefore, sizeOf } from "./room.ts";
import { inkAround, isTight, keepTightens, whyNotTightened } from "./tightening.ts";
import { pickedIn } from "./together.ts";

export interface HelpedHost extends CandidacyHost {
  readonly lang: string;
  readonly room: Room | null;
  readonly branches: { show(concept: string | null): unknown } | null;
  /** The label that the next shape gets. */
  label: Term | null;
}

export class Helping {
  readonly #helper = new Helper(() => this.host.requestUpdate());
  readonly candidates: Candidacy;
  #search: string | null = null;
  #servers: { alike: AlikeServer; tree: TreeServer | null } | null = null;
  /** The ways down to labels, as far as they were asked for. */
  readonly #ways = new Map<string, readonly Branch[]>();

  constructor(private readonly host: HelpedHost) {
    this.candidates = new Candidacy(host, (said) => this.#become({ said }));
  }

  get state(): AssistState {
    return this.#helper.state;
  }

  get tree(): TreeServer | null {
    return this.#reached?.tree ?? null;
  }

  get keys(): Readonly<Record<string, () => void>> {
    return {
      s: () => this.do("tighten"),
      m: () => this.do("similar"),
      c: () => this.do("copy"),
      ...(this.tree ? { g: () => this.do("guide") } : {}),
    };
  }

  do(act: Act): void {
    if (act === "tighten") void this.tighten();
    else if (act === "similar") void this.findSimilar();
    else if (act === "copy") void this.copy();
    else if (act === "guide")
      this.host.branches?.show((this.#shape?.concepts.at(-1) ?? this.host.label)?.id ?? null);
  }

  setTightens(tightens: boolean): void {
    keepTightens(tightens);
    this.#become({ tightens });
  }

  /** A box was drawn, and is picked. */
  drawn(): void {
    if (this.state.tightens) void this.tighten({ quietly: true });
  }

  /** Nothing is waited for any more. */
  leave(): void {
    const search = this.#search;
    this.#search = null;
    if (search) void this.#alike?.stop(search).catch(() => undefined);
    if (this.state.said || this.state.busy) this.#become({ said: "", busy: null });
  }

  /** Draws the edges of the picked box to the ink in it, as one step. */
  async tighten({ quietly = false } = {}): Promise<void> {
    const { room } = this.host;
    const { assist } = this.host.texts;
    const shape = this.#box;
    if (!room || !this.#mayWrite || this.state.busy === "ink") return;
    if (!shape) return quietly ? undefined : this.#become({ said: assist.pickBox });
    this.#become({ busy: "ink", said: "" });
    const said = await this.#tightened(room, shape).catch((error: unknown) => whyNotTightened(error, assist));
    this.#become({ busy: null, said: quietly && said === assist.tightAlready ? "" : said });
  }

  async #tightened({ canvas }: Room, { id, box }: Shown): Promise<string> {
    const { assist } = this.host.texts;
    const tight = await inkAround(canvas, box);
    if (!tight) return assist.noInk;
    // The hand, or somebody else's, may have gone on while the picture came.
    const now = this.#drawn.find((one) => one.id === id);
    if (!now || now.lock || String(now.box) !== String(box)) return "";
    if (isTight(box, tight)) return assist.tightAlready;
    this.host.sitting?.change(id, { box: tight });
    return assist.tightened;
  }

  /** Has more like the picked box looked for: for oneself, until one draws what was found. */
  async findSimilar(): Promise<void> {
    const { assist } = this.host.texts;
    const [alike, shape] = [this.#alike, this.#box];
    if (!alike || !this.#mayWrite || this.state.busy === "similar") return;
    if (!shape) return this.#become({ said: assist.pickBox });
    const id = newId();
    this.#search = id;
    const isWanted = () => this.#search === id;
    this.#become({ busy: "similar", said: assist.looking });
    try {
      const first = await alike.ask({ id, box: shape.box });
      const told = await untilFound(first, () => alike.look(id), browserWait, isWanted);
      if (!told) return;
      this.#search = null;
      if (told.state !== "done") this.#become({ busy: null, said: told.detail || assist.searchFailed });
      else this.#found(told.predictions.map((one) => ({ ...one, concepts: shape.concepts })));
    } catch (error) {
      if (isWanted()) this.#become({ busy: null, said: asTrouble(error).detail || assist.searchFailed });
    }
  }

  #found(all: readonly Candidate[]): void {
    const { assist, helping } = this.host.texts;
    const count = this.candidates.offer(all);
    const nothing = all.length ? assist.foundKnown : assist.foundNothing;
    this.#become({ busy: null, said: count ? helping.found(count) : nothing });
  }

  /** Puts what this layer says on the page before onto this one, as one step. */
  async copy(): Promise<void> {
    const { room, sitting, texts } = this.host;
    const { assist, helping } = texts;
    if (!room || !sitting || !this.#mayWrite) return;
    if (!room.before) return this.#become({ said: helping.noPageBefore });
    const there = await saidBefore(room.before, this.host.lang).catch(() => null);
    if (this.host.sitting !== sitting || !this.#mayWrite) return;
    if (!there) return this.#become({ said: helping.copyFailed });
    if (!there.length) return this.#become({ said: helping.nothingToCopy });
    const copies = copiedOnto(there, [room.before.size, sizeOf(room)], this.#drawn);
    if (copies.length) sitting.createAll(copies);
    this.#become({ said: copies.length ? assist.copied(copies.length) : assist.copiedAlready });
  }

  /** One label in the place of another: of what is picked, or of what is drawn next. */
  say(instead: ConceptRef, { id, label, uri }: ConceptRef): void {
    const { now, sitting } = this.host;
    if (!uri) return;
    const term: Term = { id, label, uri };
    const picked = now ? pickedIn(now) : [];
    if (!picked.length) this.host.label = term;
    const changed = (concepts: readonly Term[]) =>
      concepts.map((one) => (one.id === instead.id ? term : one));
    sitting?.changeAll(
      picked.map((shape) => ({ id: shape.id, change: { concepts: changed(shape.concepts) } })),
    );
  }

  readonly wayTo = async (concept: string): Promise<readonly Branch[]> => {
    const known = this.#ways.get(concept);
    if (known) return known;
    const { items } = (await this.tree?.wayTo(concept)) ?? { items: [] };
    this.#ways.set(concept, items);
    return items;
  };

  get #reached() {
    const { room, lang } = this.host;
    if (!room) return null;
    this.#servers ??= {
      alike: alikeServer(room.similar, lang),
      tree: room.tree ? treeServer(room.tree, lang) : null,
    };
    return this.#servers;
  }

  get #alike(): AlikeServer | null {
    return this.#reached?.alike ?? null;
  }

  get #mayWrite(): boolean {
    return this.host.now?.mayWrite ?? false;
  }

  get #drawn(): readonly Shown[] {
    return this.host.now?.shapes ?? [];
  }

  get #shape(): Shown | undefined {
    return this.#drawn.find(({ id }) => id === this.host.now?.selected);
  }

  /** The picked box, where it is one and may be changed. */
  get #box(): Shown | null {
    const shape = this.#shape;
    return shape && !shape.lock && isPlain(shape) ? shape : null;
  }

  #become(change: Partial<AssistState>): void {
    this.#helper.become(change);
  }
}
