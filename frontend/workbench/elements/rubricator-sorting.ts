/**
 * `<rubricator-sorting api="/api/v1/campaigns/clefs/" lang="fr">`: all crops of one label on a wall, what stands out
 * first; accepted, relabelled and rejected many at a time, and taken back.
 */

import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { campaignServer } from "../api/client.ts";
import { cropServer } from "../api/crops.ts";
import { bestShelf } from "../api/indexeddb.ts";
import { newId } from "../api/world.ts";
import { Lexicon } from "../core/lexicon.ts";
import { type Texts, textsFor } from "../core/locale/index.ts";
import type { CropItem, Picked } from "../core/sorting.ts";
import { type WallQuery, type WallState, WallWork } from "../core/wallwork.ts";
import { Hearing, type On } from "./hearing.ts";
import { LightElement } from "./light.ts";
import type { RubricatorKeys } from "./rubricator-keys.ts";
import "./rubricator-keys.ts";
import "./rubricator-piles.ts";
import type { RubricatorSortask } from "./rubricator-sortask.ts";
import "./rubricator-sortask.ts";
import "./rubricator-sortbar.ts";
import { SIZE } from "./rubricator-sorthead.ts";
import "./rubricator-sorthead.ts";
import type { RubricatorWall } from "./rubricator-wall.ts";
import "./rubricator-wall.ts";
import { SortActs } from "./sortacts.ts";
import { sortBody } from "./sortbody.ts";
import { SortKeys } from "./sortkeys.ts";
import { sortNotice } from "./sortnotice.ts";
import { addressOf, queryIn } from "./walladdress.ts";

const FIRST: WallQuery = { concept: null, state: "merged", order: "outliers", narrower: true };

@customElement("rubricator-sorting")
export class RubricatorSorting extends LightElement {
  @property() api = "";
  @property() override lang = document.documentElement.lang || "en";
  @property() person = "";
  @property({ attribute: "review-url" }) reviewUrl = "";
  @property({ attribute: "home-url" }) homeUrl = "";
  @property({ attribute: "login-url" }) loginUrl = "";

  @state() wall: WallState | null = null;
  @state() lexicon: Lexicon | null = null;
  @state() private size = SIZE.first;
  @state() private pilesOpen = false;
  @query("rubricator-wall") crops!: RubricatorWall | null;
  @query("rubricator-sortask") asking!: RubricatorSortask;
  @query("rubricator-keys") private keys!: RubricatorKeys;
  work: WallWork | null = null;
  readonly #acts = new SortActs(this);
  #nearing: IntersectionObserver | null = null;

  constructor() {
    super();
    new SortKeys(this, this.#acts);
    new Hearing(this, (on) => this.#hear(on));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#nearing?.disconnect();
  }

  override async firstUpdated(): Promise<void> {
    const { api, lang, person } = this;
    const shelf = await bestShelf();
    const show = (wall: WallState) => {
      this.wall = wall;
    };
    const kept = { shelf, key: `sorting/${person}/${api}` };
    this.work = new WallWork(cropServer(api, lang), newId, show, kept);
    this.#nearing = new IntersectionObserver(
      (seen) => seen.some((one) => one.isIntersecting) && void this.work?.more(),
      { rootMargin: "600px" },
    );
    const lexicon = new Lexicon(campaignServer(api, lang), shelf, `recent/${person}/${api}/${lang}`);
    const take = () => {
      this.lexicon = lexicon;
    };
    await Promise.all([
      this.work.start(queryIn(location.search)),
      lexicon.open().then(take, () => undefined),
    ]);
    this.#keepAddress();
  }

  override updated(): void {
    this.#nearing?.disconnect();
    const end = this.querySelector(".rw-wall-more");
    if (end) this.#nearing?.observe(end);
    // Set by script, since the page allows no inline style.
    this.querySelector<HTMLElement>(".rw-wall")?.style.setProperty("--rw-tile", `${this.size}px`);
  }

  get texts(): Texts {
    return textsFor(this.lang);
  }

  override render() {
    const { wall, texts } = this;
    if (!wall) return nothing;
    const isBare = wall.piles ? !wall.piles.length : !wall.loading || wall.trouble;
    return html`<div class="rw-workbench rw-sorting" ?data-piles=${this.pilesOpen} data-testid="sorting" aria-busy=${String(wall.loading || wall.busy)}>
      <rubricator-piles
        .piles=${wall.piles ?? []}
        .chosen=${wall.query?.concept}
        .state=${wall.query?.state ?? "merged"}
        .texts=${texts}
      ></rubricator-piles>
      <div class="rw-sorting-view">${isBare ? this.#notice(wall) : html`${this.#head(wall)}${this.#body(wall)}`}</div>
      ${
        wall.query
          ? html`<rubricator-sortbar
              .wall=${wall}
              .label=${this.#label}
              .said=${this.#acts.said}
              .address=${this.#address}
              .texts=${texts}
            ></rubricator-sortbar>`
          : nothing
      }
      <p class="rw-unseen" role="status" data-testid="told">${this.#heard(wall)}</p>
      <rubricator-sortask .lexicon=${this.lexicon} .texts=${texts}></rubricator-sortask>
      <rubricator-keys .texts=${texts} .map=${[texts.sorting.keys]}></rubricator-keys>
    </div>`;
  }

  #head({ query }: WallState) {
    return html`<rubricator-sorthead
      .query=${query}
      .label=${this.#label}
      .size=${this.size}
      .texts=${this.texts}
      ?open=${this.pilesOpen}
    ></rubricator-sorthead>`;
  }

  #body(wall: WallState) {
    if (!wall.items.length && wall.trouble && !wall.loading) return this.#notice(wall);
    return sortBody(wall, this.texts, {
      label: this.#label,
      lang: this.lang,
      more: () => void this.work?.more(),
    });
  }

  #notice({ trouble, query }: WallState) {
    return sortNotice(this.texts, trouble, {
      home: this.homeUrl,
      login: this.loginUrl,
      again: () => void this.work?.start(query),
    });
  }

  get #label(): string {
    const { piles, query } = this.wall ?? {};
    const { sorting } = this.texts;
    if (!query) return sorting.chooseLabel;
    if (query.concept === null) return sorting.noLabel;
    return piles?.find(({ id }) => id === query.concept)?.label ?? sorting.chooseLabel;
  }

  /** Told to screen readers: what was done, else what is selected. */
  #heard(wall: WallState): string {
    const { sorting } = this.texts;
    if (this.#acts.said.length) return this.#acts.said.join(" ");
    if (wall.busy) return sorting.sending;
    return wall.picked.size ? sorting.selected(wall.picked.size, wall.total, this.#label) : "";
  }

  #hear(on: On): void {
    on<{ picked: Picked }>("wall-pick", ({ picked }) => {
      this.#acts.hush();
      this.work?.pick(picked);
    });
    on<{ item: CropItem }>("wall-open", ({ item }) => this.#open(item));
    on<{ concept: string | null }>("pile-chosen", ({ concept }) => this.#look({ concept }));
    on("piles-open", () => {
      this.pilesOpen = !this.pilesOpen;
    });
    on<Partial<WallQuery>>("wall-look", (change) => this.#look(change));
    on<{ size: number }>("wall-size", ({ size }) => {
      this.size = size;
    });
    on("sort-none", () => this.pickNone());
    on("sort-help", () => this.help());
  }

  #look(change: Partial<WallQuery>): void {
    this.pilesOpen = false;
    this.#acts.hush();
    void this.work?.look({ ...(this.wall?.query ?? FIRST), ...change });
    this.#keepAddress();
  }

  #keepAddress(): void {
    const { query } = this.wall ?? {};
    if (query) history.replaceState(history.state, "", addressOf(query));
  }

  get isReady(): boolean {
    return Boolean(this.wall?.query);
  }

  help(): void {
    this.keys.show();
  }

  pickAll(): void {
    this.work?.pick(new Set(this.wall?.items.map(({ id }) => id)));
  }

  pickNone(): void {
    this.work?.pick(new Set());
  }

  openCurrent(): boolean {
    const { current } = this.crops ?? {};
    if (current) this.#open(current);
    return Boolean(current);
  }

  onTile(key: string, shift: boolean): boolean {
    return this.crops?.press(key, shift) ?? false;
  }

  readonly #address = (item: CropItem): string => `${this.reviewUrl}?task=${item.task}`;

  #open(item: CropItem): void {
    open(this.#address(item), "_blank", "noopener");
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-sorting": RubricatorSorting;
  }
}
