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
import type { ConceptRef } from "../core/contract.ts";
import { Lexicon } from "../core/lexicon.ts";
import { type Texts, textsFor } from "../core/locale/index.ts";
import {
  type CropItem,
  type CropOrder,
  MANY,
  type Picked,
  type SortResult,
  type SortVerdict,
  told,
  touched,
} from "../core/sorting.ts";
import { type WallQuery, type WallState, WallWork } from "../core/wallwork.ts";
import { icon } from "./icons.ts";
import { isTyping } from "./keyboard.ts";
import { LightElement } from "./light.ts";
import { ornament } from "./notice.ts";
import type { RubricatorKeys } from "./rubricator-keys.ts";
import "./rubricator-keys.ts";
import "./rubricator-piles.ts";
import type { RubricatorSortask } from "./rubricator-sortask.ts";
import "./rubricator-sortask.ts";
import type { RubricatorWall } from "./rubricator-wall.ts";
import "./rubricator-wall.ts";

const ORDERS: readonly CropOrder[] = ["outliers", "page", "confidence"];
const SIZE = { least: 80, most: 320, first: 144 };

@customElement("rubricator-sorting")
export class RubricatorSorting extends LightElement {
  @property() api = "";
  @property() override lang = document.documentElement.lang || "en";
  @property() person = "";
  @property({ attribute: "review-url" }) reviewUrl = "";
  @property({ attribute: "home-url" }) homeUrl = "";
  @property({ attribute: "login-url" }) loginUrl = "";

  @state() private wall: WallState | null = null;
  @state() private lexicon: Lexicon | null = null;
  @state() private size = SIZE.first;
  @state() private pilesOpen = false;
  @state() private said: readonly string[] = [];
  @query("rubricator-wall") private crops!: RubricatorWall | null;
  @query("rubricator-sortask") private asking!: RubricatorSortask;
  @query("rubricator-keys") private keys!: RubricatorKeys;
  #work: WallWork | null = null;
  #listening = new AbortController();
  #nearing: IntersectionObserver | null = null;
  /** What the question on the screen is about. */
  #meant: readonly string[] = [];
  #warned = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    document.addEventListener("keydown", this.#key, { signal });
    const on = <T>(name: string, act: (detail: T) => void) =>
      this.addEventListener(name, (event) => act((event as CustomEvent<T>).detail), { signal });
    on<{ picked: Picked }>("wall-pick", ({ picked }) => {
      this.said = [];
      this.#work?.pick(picked);
    });
    on<{ item: CropItem }>("wall-open", ({ item }) => this.#open(item));
    on<{ concept: string | null }>("pile-chosen", ({ concept }) => this.#look({ concept }));
    on<{ verdict: SortVerdict; concept: ConceptRef | null; reason: string }>("sort-go", (now) => {
      void this.#rule(this.#meant, now.verdict, now.concept, now.reason);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening.abort();
    this.#nearing?.disconnect();
  }

  override async firstUpdated(): Promise<void> {
    const { api, lang, person } = this;
    this.#work = new WallWork(cropServer(api, lang), newId, (wall) => {
      this.wall = wall;
    });
    this.#nearing = new IntersectionObserver(
      (seen) => seen.some((one) => one.isIntersecting) && void this.#work?.more(),
      {
        rootMargin: "600px",
      },
    );
    const lexicon = new Lexicon(
      campaignServer(api, lang),
      await bestShelf(),
      `recent/${person}/${api}/${lang}`,
    );
    await Promise.all([
      this.#work.start(queryIn(location.search)),
      lexicon.open().then(
        () => {
          this.lexicon = lexicon;
        },
        () => undefined,
      ),
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
    const { sorting } = texts;
    const nothingYet = wall.piles?.length === 0;
    return html`<div class="rw-workbench rw-sorting" ?data-piles=${this.pilesOpen} data-testid="sorting" aria-busy=${String(wall.loading || wall.busy)}>
      <rubricator-piles
        .piles=${wall.piles ?? []}
        .chosen=${wall.query?.concept}
        .state=${wall.query?.state ?? "merged"}
        .texts=${texts}
      ></rubricator-piles>
      <div class="rw-sorting-view">
        ${nothingYet || (!wall.piles && !wall.loading) || (wall.trouble && !wall.piles) ? this.#notice(wall) : html`${this.#head(wall)}${this.#body(wall)}`}
      </div>
      ${wall.query ? this.#bar(wall) : nothing}
      <p class="rw-unseen" role="status" data-testid="told">${this.#heard(wall)}</p>
      <rubricator-sortask .lexicon=${this.lexicon} .texts=${texts}></rubricator-sortask>
      <rubricator-keys .texts=${texts} .map=${[sorting.keys]}></rubricator-keys>
    </div>`;
  }

  #head(wall: WallState) {
    const { sorting, keys } = this.texts;
    const { query } = wall;
    return html`<header class="rw-sorting-head">
      <button
        type="button"
        class="rw-button rw-button-small rw-piles-open"
        aria-expanded=${String(this.pilesOpen)}
        data-testid="piles-open"
        @click=${() => {
          this.pilesOpen = !this.pilesOpen;
        }}
      >
        ${icon("tree")} ${sorting.labels}
      </button>
      <h1>${this.#label}</h1>
      ${
        query
          ? html`<div class="rw-sorting-tools">
              <div class="rw-segments" role="group" aria-label=${sorting.title}>
                ${(["merged", "decided"] as const).map(
                  (one) => html`<button
                    type="button"
                    aria-pressed=${String(query.state === one)}
                    data-testid="state-${one}"
                    @click=${() => this.#look({ state: one })}
                  >
                    ${sorting.state[one]}
                  </button>`,
                )}
              </div>
              <label class="rw-sorting-order">
                <span class="rw-unseen">${sorting.order}</span>
                <select
                  data-testid="order"
                  @change=${(event: Event) => this.#look({ order: (event.target as HTMLSelectElement).value as CropOrder })}
                >
                  ${ORDERS.map((one) => html`<option value=${one} ?selected=${query.order === one}>${sorting.orders[one]}</option>`)}
                </select>
              </label>
              <label class="rw-sorting-check">
                <input
                  type="checkbox"
                  .checked=${query.narrower}
                  @change=${(event: Event) => this.#look({ narrower: (event.target as HTMLInputElement).checked })}
                />
                ${sorting.narrower}
              </label>
              <label class="rw-sorting-size">
                <span class="rw-unseen">${sorting.size}</span>
                <input
                  type="range"
                  min=${SIZE.least}
                  max=${SIZE.most}
                  step="8"
                  .value=${String(this.size)}
                  @input=${(event: InputEvent) => {
                    this.size = Number((event.target as HTMLInputElement).value);
                  }}
                />
              </label>
              <button type="button" class="rw-tool" aria-label=${keys} title=${keys} data-testid="tool-keys" @click=${() => this.keys.show()}>
                ${icon("keys")}
              </button>
            </div>`
          : nothing
      }
    </header>`;
  }

  #body(wall: WallState) {
    const { sorting, loading } = this.texts;
    const { query, items } = wall;
    if (!query) return nothing;
    if (!items.length && wall.loading)
      return html`<p class="rw-sorting-empty rw-hint" role="status">${loading}</p>`;
    if (!items.length) {
      if (wall.trouble) return this.#notice(wall);
      return html`<div class="rw-sorting-empty" data-testid="empty">
        ${ornament}
        <p>${query.state === "merged" ? sorting.emptyMerged : sorting.emptyDecided}</p>
      </div>`;
    }
    return html`<p class="rw-hint rw-sorting-hint"><span class="rw-by-mouse">${sorting.hint}</span><span class="rw-by-finger">${sorting.touchHint}</span></p>
      <rubricator-wall
        .items=${items}
        .total=${wall.total}
        .picked=${wall.picked}
        .label=${this.#label}
        .texts=${this.texts}
        lang=${this.lang}
      ></rubricator-wall>
      <p class="rw-wall-more">
        <span class="rw-hint">${sorting.shownOf(items.length, wall.total)}</span>
        ${
          wall.cursor
            ? html`<button type="button" class="rw-button rw-button-small" data-testid="more" @click=${() => void this.#work?.more()}>
                ${sorting.more}
              </button>`
            : nothing
        }
      </p>`;
  }

  #notice(wall: WallState) {
    const { texts } = this;
    const { trouble } = wall;
    const words = trouble
      ? {
          offline: [texts.troubleOffline, texts.troubleOfflineText],
          signin: [texts.troubleSignin, texts.troubleSigninText],
          refused: [texts.troubleRefused, trouble.detail],
          server: [texts.troubleServer, texts.troubleServerText],
        }[trouble.kind]
      : [texts.sorting.emptyAll, texts.sorting.emptyAllText];
    return html`<div class="rw-notice" role="status" data-testid="notice">
      ${ornament}
      <h1>${words[0]}</h1>
      <p>${words[1]}</p>
      <p class="rw-row">
        ${trouble?.kind === "signin" ? html`<a class="rw-button rw-button-primary" href=${this.loginUrl}>${texts.signIn}</a>` : nothing}
        ${trouble ? html`<button type="button" class="rw-button" @click=${() => void this.#work?.start(wall.query)}>${texts.tryAgain}</button>` : nothing}
        <a class="rw-button" href=${this.homeUrl}>${texts.back}</a>
      </p>
    </div>`;
  }

  #bar(wall: WallState) {
    const { sorting, tryAgain } = this.texts;
    const count = wall.picked.size;
    const about = touched(wall.items, wall.picked);
    const one = count === 1 ? wall.items.find(({ id }) => wall.picked.has(id)) : undefined;
    const undo = html`<button
      type="button"
      class="rw-button rw-button-small"
      data-testid="undo"
      aria-disabled=${String(!wall.done.length || wall.busy)}
      @click=${() => void this.#undo()}
    >
      ${icon("undo")} ${sorting.undo}
    </button>`;
    return html`<footer class="rw-sorting-bar" ?data-picked=${count > 0} data-testid="bar">
      ${
        wall.trouble && wall.unsent.length
          ? html`<p class="rw-obstacle" role="alert" data-testid="not-sent">
              ${wall.trouble.detail || sorting.notSent}
              <button type="button" class="rw-button rw-button-small" data-testid="send-again" @click=${() => void this.#send()}>${tryAgain}</button>
              <button type="button" class="rw-button rw-button-small" @click=${() => this.#work?.drop()}>${sorting.cancel}</button>
            </p>`
          : wall.trouble && wall.items.length
            ? html`<p class="rw-obstacle" role="alert">${wall.trouble.detail || this.texts.troubleServer}</p>`
            : nothing
      }
      ${this.said.length ? html`<ul class="rw-sorting-said" role="list" data-testid="said">${this.said.map((line) => html`<li>${line}</li>`)}</ul>` : nothing}
      ${
        count
          ? html`<p class="rw-sorting-count" data-testid="selected">
                <strong>${sorting.selected(count, wall.total, this.#label)}</strong>
                ${about.kept ? html`<span class="rw-hint">${sorting.keptBeside(about.kept)}</span>` : nothing}
                ${about.own ? html`<span class="rw-hint">${sorting.ownAmong(about.own)}</span>` : nothing}
              </p>
              <div class="rw-sorting-acts">
                ${one ? html`<a class="rw-button" data-testid="open" href=${this.#address(one)} target="_blank" rel="noopener">${sorting.open}</a>` : nothing}
                ${undo}
                <button type="button" class="rw-button rw-button-small" data-testid="pick-none" @click=${() => this.#work?.pick(new Set())}>${sorting.none}</button>
                <button type="button" class="rw-button" data-testid="reject" @click=${() => this.#act("rejected")}>${sorting.reject}</button>
                <button type="button" class="rw-button" data-testid="relabel" @click=${() => this.#act("corrected")}>${sorting.relabel}</button>
                <button type="button" class="rw-button rw-button-primary" data-testid="accept" @click=${() => this.#act("accepted")}>${wall.busy ? sorting.sending : sorting.accept}</button>
              </div>`
          : html`<div class="rw-sorting-acts">${undo}</div>`
      }
    </footer>`;
  }

  get #label(): string {
    const { piles, query } = this.wall ?? {};
    if (!query) return this.texts.sorting.chooseLabel;
    if (query.concept === null) return this.texts.sorting.noLabel;
    return piles?.find(({ id }) => id === query.concept)?.label ?? this.texts.sorting.chooseLabel;
  }

  /** Told to screen readers: what was done, else what is selected. */
  #heard(wall: WallState): string {
    if (this.said.length) return this.said.join(" ");
    if (wall.busy) return this.texts.sorting.sending;
    return wall.picked.size ? this.texts.sorting.selected(wall.picked.size, wall.total, this.#label) : "";
  }

  #look(change: Partial<WallQuery>): void {
    const before = this.wall?.query ?? { concept: null, state: "merged", order: "outliers", narrower: true };
    this.pilesOpen = false;
    this.said = [];
    void this.#work?.look({ ...before, ...change });
    this.#keepAddress();
  }

  #keepAddress(): void {
    const { query } = this.wall ?? {};
    if (!query) return;
    const { concept, state: which, order, narrower } = query;
    const asked = new URLSearchParams({
      concept: concept ?? "none",
      state: which,
      order,
      narrower: String(narrower),
    });
    history.replaceState(history.state, "", `?${asked}`);
  }

  /** What an action is about: what is selected, else the crop under the hand. */
  get #ids(): readonly string[] {
    const { picked, items } = this.wall ?? {};
    if (picked?.size) return (items ?? []).filter(({ id }) => picked.has(id)).map(({ id }) => id);
    const current = this.crops?.current;
    return current ? [current.id] : [];
  }

  /** Does it, or asks first: for a reason, a label, or where much or a part of an image is touched. */
  #act(verdict: SortVerdict, concept: ConceptRef | null = null): void {
    const ids = this.#ids;
    const { wall } = this;
    if (!wall || wall.busy || wall.unsent.length || !ids.length) return;
    const about = touched(wall.items, new Set(ids));
    const asks = verdict === "rejected" || (verdict === "corrected" && !concept);
    const warns = ids.length > MANY || (about.kept > 0 && !this.#warned);
    this.#meant = ids;
    if (!asks && !warns) void this.#rule(ids, verdict, concept, "");
    else void this.asking.ask({ verdict, touched: about, concept });
    // Of what is kept it is asked once; from then on the bar says it.
    this.#warned ||= about.kept > 0;
  }

  async #rule(
    ids: readonly string[],
    verdict: SortVerdict,
    concept: ConceptRef | null,
    reason: string,
  ): Promise<void> {
    if (concept) this.lexicon?.used(concept);
    this.said = [];
    this.#say(await this.#work?.rule(ids, verdict, concept, reason));
  }

  async #send(): Promise<void> {
    this.#say(await this.#work?.send());
  }

  #say(results: readonly SortResult[] | null | undefined): void {
    if (!results) return;
    const { sorting } = this.texts;
    const { decided, kept, spoken, refusals } = told(results);
    this.said = [
      sorting.done(decided, kept, spoken),
      ...refusals.map(([sentence, count]) => sorting.refused(count, sentence)),
    ].filter(Boolean);
    void this.updateComplete.then(() => this.crops?.updateComplete.then(() => this.crops?.focus()));
  }

  async #undo(): Promise<void> {
    const found = await this.#work?.undo();
    if (found) this.said = [this.texts.sorting.undone(found.back, found.kept)];
    await this.updateComplete;
    this.crops?.focus();
  }

  #address(item: CropItem): string {
    return `${this.reviewUrl}?task=${item.task}`;
  }

  #open(item: CropItem): void {
    open(this.#address(item), "_blank", "noopener");
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey || document.querySelector("dialog[open]")) return;
    const { target } = event;
    if (isTyping(target) || (target instanceof HTMLInputElement && target.type !== "checkbox")) return;
    const onTile = target === document.body || (target instanceof HTMLElement && target.matches(".rw-tile"));
    if (!this.wall?.query || !this.#press(event, onTile)) return;
    event.preventDefault();
  };

  /** Does what a key means; answers whether it means anything. */
  #press(event: KeyboardEvent, onTile: boolean): boolean {
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (key === "z") void this.#undo();
      else if (key === "a") this.#work?.pick(new Set(this.wall?.items.map(({ id }) => id)));
      else return false;
      return true;
    }
    if (key === "u") void this.#undo();
    else if (key === "?") this.keys.show();
    else if (key === "escape") this.#work?.pick(new Set());
    else if (key === "delete" || key === "r") this.#act("rejected");
    else if (key === "l") this.#act("corrected");
    else if (key === "o" && this.crops?.current) this.#open(this.crops.current);
    else if (/^[1-9]$/.test(key)) return this.#quick(Number(key) - 1);
    else if (!onTile) return false;
    else if (key === "enter") this.#act("accepted");
    else return this.crops?.press(event.key, event.shiftKey) ?? false;
    return true;
  }

  #quick(index: number): boolean {
    const concept = this.lexicon?.quick[index];
    if (concept) this.#act("corrected", { id: concept.id, label: concept.label });
    return Boolean(concept);
  }
}

/** What the address asks for. */
export function queryIn(search: string): WallQuery | null {
  const asked = new URLSearchParams(search);
  const concept = asked.get("concept");
  if (!concept) return null;
  const order = asked.get("order") as CropOrder;
  return {
    concept: concept === "none" ? null : concept,
    state: asked.get("state") === "decided" ? "decided" : "merged",
    order: ORDERS.includes(order) ? order : "outliers",
    narrower: asked.get("narrower") !== "false",
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-sorting": RubricatorSorting;
  }
}
