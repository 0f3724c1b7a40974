/** One person's sitting at a canvas that others annotate at the same time: hears what is new, and sends what is drawn. */

import { saysTheSame, type Where } from "./annotating.ts";
import {
  type Clash,
  clashes,
  type Desk,
  type Shown,
  type Standings,
  shown,
  after as withNews,
} from "./collation.ts";
import { type Change, Courier, type CourierState, type Parcel } from "./courier.ts";
import { Glance } from "./glance.ts";
import { Holding } from "./holding.ts";
import { Listening } from "./listening.ts";
import type { World } from "./ports.ts";
import type { News, Presence, Said, SharedServer, Standing } from "./shared.ts";
import { type KeptSteps, type Made, Steps, type Way } from "./steps.ts";
import type { Trouble, TroubleKind } from "./trouble.ts";

export interface ScriptoriumState {
  /** Null before the first news. */
  readonly shapes: readonly Shown[] | null;
  /** What speaks of the whole canvas, and is not drawn. */
  readonly undrawn: number;
  readonly clashes: readonly Clash[];
  readonly present: readonly Presence[];
  readonly mayWrite: boolean;
  readonly mayManage: boolean;
  readonly selected: string | null;
  /** What is picked beside the selected one. */
  readonly also: readonly string[];
  readonly courier: CourierState;
  /** Why nothing is heard from the others just now. */
  readonly deaf: TroubleKind | null;
  /** The server's sentence, where one may not look any more. */
  readonly shut: string;
  readonly undoable: boolean;
  readonly redoable: boolean;
  /** A step that could not be taken back, because somebody else has changed the same thing since. */
  readonly overtaken: boolean;
}

export type Choice = "mine" | "theirs" | "both";

export class Scriptorium {
  #known: Standings = new Map();
  readonly #holding = new Holding();
  #present: readonly Presence[] = [];
  #may = { write: false, manage: false };
  #heard = false;
  #overtaken = false;
  /** Several changes are being made at once: what is so is told when all are. */
  #gathering = false;
  readonly #steps = new Steps();
  readonly #stepsKey: string;
  readonly #courier: Courier;
  readonly #listening: Listening;
  #heldUp = 0;
  #closed = false;

  constructor(
    private readonly world: Pick<World, "shelf" | "clock" | "alone" | "newId">,
    server: SharedServer,
    private readonly where: Where,
    prefix: string,
    private readonly changed: (state: ScriptoriumState) => void,
  ) {
    this.#stepsKey = `steps/${prefix}`;
    this.#courier = new Courier(
      world,
      server,
      prefix,
      (state) => this.#sent(state),
      (parcel, revision) => this.#arrived(parcel, revision),
    );
    this.#listening = new Listening(world.clock, server, {
      holds: () => this.#holding.selected,
      heard: (news, after) => this.#hear(news, after),
      lost: (trouble) => this.#lose(trouble),
    });
  }

  get state(): ScriptoriumState {
    const desk = this.#desk();
    const { canvas, size } = this.where;
    const shapes = shown(desk, canvas, size);
    const standing = [...this.#known.values()].filter(
      ({ stands, box, points }) => stands && !box && !points.length,
    );
    return {
      shapes: this.#heard ? shapes : null,
      undrawn: standing.length,
      clashes: clashes(desk, size),
      present: this.#present,
      mayWrite: this.#may.write,
      mayManage: this.#may.manage,
      selected: this.#holding.selected,
      also: this.#holding.also,
      courier: this.#courier.state,
      deaf: this.#listening.deaf,
      shut: this.#listening.shut,
      undoable: this.#steps.undoable,
      redoable: this.#steps.redoable,
      overtaken: this.#overtaken,
    };
  }

  async start(): Promise<void> {
    await this.#courier.open().catch(() => undefined);
    const kept = await this.world.shelf.get<KeptSteps>(this.#stepsKey).catch(() => undefined);
    if (kept) this.#steps.restore(kept);
    await this.poll();
    void this.#courier.deliver();
  }

  // --- hearing -------------------------------------------------------------------------------------

  /** Asks what is new, now. */
  poll(): Promise<void> {
    return this.#listening.poll();
  }

  /** The page is not looked at: nothing is asked until it is again. */
  sleep(): void {
    this.#listening.sleep();
  }

  wake(): void {
    this.#listening.wake();
    void this.#courier.deliver();
  }

  close(): void {
    this.#closed = true;
    this.#courier.close();
    this.#listening.close();
  }

  #hear(news: News, after: TroubleKind | null): void {
    this.#heard = true;
    this.#known = withNews(this.#known, news);
    this.#present = news.present;
    this.#may = { write: news.may_write, manage: news.may_manage };
    this.#settleHeld();
    this.#tell();
    if (after && after !== "refused") void this.#courier.deliver();
  }

  #lose({ kind }: Trouble): void {
    // Who has lost the role keeps what is drawn, and draws no more.
    if (kind === "refused") this.#may = { write: false, manage: false };
    if (kind !== "offline") this.#present = [];
    this.#tell();
  }

  // --- drawing -------------------------------------------------------------------------------------

  /** Picks an annotation: from now on it stays as it is under one's hand, whoever else changes it. */
  select(id: string | null): void {
    this.pick(id ? [id] : []);
  }

  /** Picks several, the last of them the selected one: the one that others see to be held. */
  pick(ids: readonly string[]): void {
    const before = this.#holding.selected;
    if (!this.#holding.pick(ids, this.#known)) return;
    this.#tell();
    // The others see at once who holds what.
    if (before !== this.#holding.selected && this.#heard && !this.#listening.isAsleep) void this.poll();
  }

  create(said: Said): string {
    return this.createAll([said])[0] ?? "";
  }

  /** All of them as one step; they are in hand then. */
  createAll(said: readonly Said[]): readonly string[] {
    const made = said.map((now) => ({ id: this.world.newId(), before: null, now }));
    const ids = made.map(({ id }) => id);
    this.#step(made, this.#glance(ids));
    this.pick(ids);
    return ids;
  }

  change(id: string, change: Partial<Said>): void {
    this.changeAll([{ id, change }]);
  }

  changeAll(changes: readonly { readonly id: string; readonly change: Partial<Said> }[]): void {
    const glance = this.#glance(changes.map(({ id }) => id));
    const made = changes.flatMap(({ id, change }) => {
      const before = glance.said(id);
      if (!before) return [];
      const now = { ...before, ...change };
      // A place comes whole: a box that was an outline has no points any more.
      if (change.box && !change.points) delete now.points;
      return saysTheSame(before, now) ? [] : [{ id, before, now }];
    });
    this.#step(made, glance);
  }

  remove(id: string): void {
    this.removeAll([id]);
  }

  removeAll(ids: readonly string[]): void {
    const glance = this.#glance(ids);
    const made = ids.flatMap((id) => {
      const before = glance.said(id);
      return before ? [{ id, before, now: null }] : [];
    });
    const gone = new Set(ids);
    const held = this.#holding.all.map(({ id }) => id);
    this.#step(made, glance);
    this.pick(held.filter((id) => !gone.has(id)));
  }

  undo(): void {
    this.#travel("undo");
  }

  redo(): void {
    this.#travel("redo");
  }

  /** Chooses between what one wants and what somebody else has made of it. */
  resolve(id: string, choice: Choice): void {
    const clash = this.state.clashes.find((one) => one.id === id);
    if (!clash) return;
    const latest = this.#known.get(id) ?? null;
    this.#courier.drop(id);
    this.#holding.settle(id, latest?.stands ? latest : null);
    if (choice === "both" && clash.mine) this.select(this.#anew(clash.mine, id));
    else if (choice === "mine" && clash.mine && !latest?.stands) this.select(this.#anew(clash.mine, id));
    else if (choice === "mine") this.#courier.add(this.#glance([id]).change(id, clash.mine));
    this.#steps.forget(id);
    this.#keepSteps();
    this.#tell();
    void this.#courier.deliver();
  }

  retryRefused(): Promise<void> {
    return this.#courier.retryRefused();
  }

  discardRefused(): void {
    this.#courier.discardRefused();
  }

  #step(made: readonly Made[], glance: Glance): void {
    const allowed = made.filter(({ id }) => glance.allows(id));
    if (!allowed.length) return;
    this.#overtaken = false;
    this.#steps.take(allowed);
    this.#send(allowed.map(({ id, now }) => glance.change(id, now)));
  }

  #travel(way: "undo" | "redo"): void {
    const ways = this.#steps[way]();
    if (!ways.length) return;
    const glance = this.#glance(ways.map(({ id }) => id));
    this.#overtaken = false;
    this.#send(ways.flatMap((one) => this.#returned(one, glance) ?? []));
  }

  /** Back to what was there; null where somebody else has changed it since. */
  #returned({ id, from, to }: Way, glance: Glance): Change | null {
    if (!saysTheSame(glance.said(id), from) || !glance.allows(id)) {
      this.#overtaken = true;
      this.#steps.forget(id);
      return null;
    }
    if (!to) this.#holding.letGo(id);
    if (from || !to) return glance.change(id, to);
    // An address that was used is not used again: what comes back has another.
    const again = this.world.newId();
    this.#steps.rename(id, again);
    return glance.change(again, to, this.#known.get(id) ?? null);
  }

  /** What was done can be taken back after a reload too; where nothing can be kept, until then. */
  #keepSteps(): void {
    this.world.shelf.put(this.#stepsKey, this.#steps.kept).catch(() => undefined);
  }

  #send(changes: readonly Change[]): void {
    this.#gathering = true;
    this.#courier.addAll(changes);
    this.#gathering = false;
    this.#keepSteps();
    this.#tell();
    void this.#courier.deliver();
  }

  /** The same once more under another id, with what else stands in the document. */
  #anew(said: Said, like: string): string {
    const id = this.world.newId();
    this.#courier.add(this.#glance([id]).change(id, said, this.#known.get(like) ?? null));
    return id;
  }

  #glance(ids: readonly string[]): Glance {
    return new Glance(this.#desk(), this.where, ids);
  }

  /** What was held back because of somebody else is only of use beside what they have made of it. */
  #sent({ parcels }: CourierState): void {
    const heldUp = parcels.filter(({ clash }) => clash).length;
    if (heldUp > this.#heldUp) void this.poll();
    this.#heldUp = heldUp;
    this.#tell();
  }

  /** One's own change stands on the server: what comes next builds upon it, also before the news says so. */
  #arrived({ id, document, said }: Parcel, revision: number | null): void {
    const before = this.#known.get(id);
    if (revision !== null && said && (before?.revision ?? 0) < revision) {
      const mine = before?.mine ?? true;
      const { box, points = [], concepts } = said;
      const standing: Standing = {
        ...{ id, revision, stands: true, document: document ?? {}, mine, by: null },
        ...{ box: points.length === 1 ? null : box, points, concepts },
      };
      this.#known = new Map([...this.#known, [id, standing]]);
    } else if (revision === null && before) {
      this.#known = new Map([
        ...this.#known,
        [id, { ...before, stands: false, revision: before.revision + 1 }],
      ]);
    }
    const latest = this.#known.get(id);
    if (latest && !this.#courier.about(id).length) this.#holding.settle(id, latest);
    this.#tell();
  }

  /** What is picked and was drawn just now is built upon as soon as it stands; what is gone is let go. */
  #settleHeld(): void {
    const asked = new Set(clashes(this.#desk(), this.where.size).map(({ id }) => id));
    const waiting = new Set(this.#courier.state.parcels.map(({ id }) => id));
    for (const { id, base } of this.#holding.all) {
      if (waiting.has(id)) continue;
      const latest = this.#known.get(id) ?? null;
      if (!base) this.#holding.settle(id, latest?.stands ? latest : null);
      // Only the words changed that stand beside it, or nothing that one sees: no reason to ask.
      else if (latest && latest.revision > base.revision && !asked.has(id)) this.#holding.settle(id, latest);
    }
  }

  #desk(): Desk {
    return {
      known: this.#known,
      parcels: this.#courier.state.parcels,
      held: this.#holding.all,
      present: this.#present,
      mayWrite: this.#may.write,
      mayManage: this.#may.manage,
    };
  }

  #tell(): void {
    if (!this.#closed && !this.#gathering) this.changed(this.state);
  }
}
