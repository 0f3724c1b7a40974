/** The sitting of a reviewer: fetches what waits, saves what is decided, takes the last decision back, says what is wrong. */

import type { ReactiveControllerHost } from "lit";
import { type ReviewServer, reviewServer } from "../api/client.ts";
import { bestShelf } from "../api/indexeddb.ts";
import { browserClock, newId } from "../api/world.ts";
import type { Campaign, Decided, ReviewTask } from "../core/contract.ts";
import type { Texts } from "../core/locale/texts.ts";
import { ReviewKeeping } from "../core/reviewkeeping.ts";
import * as rulings from "../core/rulings.ts";
import { SturdyShelf } from "../core/sturdy.ts";
import { asTrouble, type Trouble } from "../core/trouble.ts";
import type { Deciding } from "./deciding.ts";
import { Hearing } from "./hearing.ts";

interface ReviewingHost extends ReactiveControllerHost, HTMLElement {
  readonly api: string;
  /** Whose decisions to keep, on a browser that several people use. */
  readonly person: string;
  /** A task to begin with, whatever was decided of it. */
  readonly task: string;
  readonly texts: Texts;
  readonly deciding: Deciding;
  /** Another image lies there. */
  laid(review: ReviewTask): void;
}

export class Reviewing {
  #server: ReviewServer | null = null;
  #keeping: ReviewKeeping | null = null;
  #campaign: Campaign | null = null;
  #review: ReviewTask | null = null;
  #trouble: Trouble | null = null;
  #saving = false;
  /** The decisions saved here, last one last, to take back. */
  #saved: readonly { readonly id: string; readonly task: string }[] = [];
  #tookBack = false;
  /** What became of the decision before this one, where two reviewers decide. */
  #told = "";
  #decision = newId();
  #passed = 0;
  #listening = new AbortController();

  constructor(private readonly host: ReviewingHost) {
    new Hearing(host, (on) => {
      on("review-save", () => void this.save());
      on("review-later", () => void this.#later());
      on("review-take-back", () => void this.takeBack());
    });
    host.addController(this);
  }

  hostConnected(): void {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const flush = () => this.#keeping?.flush();
    for (const name of ["online", "pagehide"]) addEventListener(name, flush, { signal });
    document.addEventListener("visibilitychange", flush, { signal });
  }

  hostDisconnected(): void {
    this.#listening.abort();
    this.#keeping?.close();
  }

  get server(): ReviewServer | null {
    return this.#server;
  }

  get campaign(): Campaign | null {
    return this.#campaign;
  }

  get review(): ReviewTask | null {
    return this.#review;
  }

  get trouble(): Trouble | null {
    return this.#trouble;
  }

  /** What the panel says of the decisions. */
  get standing() {
    const { length } = this.#saved;
    const keeping = this.#keeping?.state ?? null;
    return { saving: this.#saving, saved: length, tookBack: this.#tookBack, told: this.#told, keeping };
  }

  /** Something was decided here: it is kept. */
  ruled(): void {
    this.#keeping?.write({ history: this.host.deciding.history, decision: this.#decision });
  }

  open(): Promise<void> {
    const { api, lang, task } = this.host;
    this.#server = reviewServer(api, lang);
    return this.#orTrouble(async () => {
      this.#keeping ??= await this.#kept(this.#server as ReviewServer);
      this.#campaign = (await this.#server?.campaign()) ?? null;
      if (task) this.#show(await this.#server?.one(task));
      else await this.#next();
    });
  }

  async save(): Promise<void> {
    const { host } = this;
    const { task, items = [] } = this.#review ?? {};
    const now = host.deciding.rulings;
    if (!task || this.#saving || rulings.undecided(now, items).length) return;
    this.#saving = true;
    host.requestUpdate();
    const decision = rulings.toDecision(this.#decision, task.id, items, now);
    await this.#orTrouble(async () => {
      const again = host.task === task.id ? { supersede: true } : {};
      await this.#keeping?.settle();
      const became = await this.#server?.decide({ ...decision, ...again });
      await this.#keeping?.done(task.id);
      this.#told = this.#became(became);
      this.#saved = [...this.#saved, { id: decision.id, task: task.id }];
      const detail = { task: task.id };
      host.dispatchEvent(new CustomEvent("rubricator-decided", { detail, bubbles: true, composed: true }));
      await this.#next();
    });
    this.#saving = false;
    host.requestUpdate();
  }

  /** Back to the image that was decided last, which waits again. */
  takeBack(): Promise<void> {
    return this.#orTrouble(async () => {
      const last = this.#saved.at(-1);
      if (!last || this.#saving) return;
      await this.#server?.takeBack(last.id);
      this.#saved = this.#saved.slice(0, -1);
      this.#show(await this.#server?.one(last.task));
      this.#tookBack = true;
    });
  }

  async again(): Promise<void> {
    this.#trouble = null;
    this.host.requestUpdate();
    // Decisions in hand are still there: "save" sends them again, under the same id.
    if (!this.#review) await this.#orTrouble(() => this.#next());
  }

  /** Passes this one over; after the last it begins again. */
  #later(): Promise<void> {
    this.#passed++;
    return this.#orTrouble(() => this.#next());
  }

  #became(decided: Decided | undefined): string {
    if (!decided || (this.#review?.standing?.wanted ?? 1) < 2) return "";
    const { texts } = this.host;
    const looks = (decided.looks ?? []).map(({ by, alike, items }) => texts.lookedBefore(by, alike, items));
    if (decided.decided_at) return looks.join(" ");
    return [...looks, looks.length ? texts.waitsForThird : texts.waitsForSecond].join(" ");
  }

  async #next(): Promise<void> {
    this.#show(await this.#server?.next(this.#passed));
  }

  #show(review: ReviewTask | undefined): void {
    if (!review) return;
    this.#tookBack = false;
    this.#review = review;
    this.#decision = newId();
    const { deciding } = this.host;
    deciding.begin(rulings.fromKept(review.items));
    this.host.laid(review);
    const { task, items } = review;
    if (!task) return;
    let shown = deciding.history;
    void this.#keeping?.begin(task.id, items, ({ history, decision }) => {
      if (deciding.history !== shown) return false; // one is at work already
      deciding.resume(history);
      shown = deciding.history;
      this.#decision = decision;
      return true;
    });
  }

  async #kept(server: ReviewServer): Promise<ReviewKeeping> {
    const { person, api } = this.host;
    const world = { shelf: new SturdyShelf(await bestShelf()), clock: browserClock, newId };
    const place = `${encodeURIComponent(person)}/${api}/`;
    const keeping = new ReviewKeeping(world, server.drafts, place, () => this.host.requestUpdate());
    await keeping.open();
    return keeping;
  }

  async #orTrouble(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#trouble = null;
    } catch (error) {
      this.#trouble = asTrouble(error);
    }
    this.host.requestUpdate();
  }
}
