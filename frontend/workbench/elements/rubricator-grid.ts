/**
 * `<rubricator-grid api="/api/v1/campaigns/clefs/" lang="fr">`: many things at a glance, each right or wrong.
 * It holds the sitting; what is wrong is pressed, the others are said to be right, and all are handed in together.
 */

import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { campaignServer } from "../api/client.ts";
import { browserWorld, deviceClass } from "../api/world.ts";
import type { ConceptRef } from "../core/contract.ts";
import { BLANK } from "../core/draft.ts";
import type { Box } from "../core/geometry.ts";
import { GridSitting } from "../core/grid.ts";
import type { GridState } from "../core/gridstate.ts";
import { Lexicon } from "../core/lexicon.ts";
import { type Texts, textsFor } from "../core/locale/index.ts";
import { gridElsewhere } from "./gridelsewhere.ts";
import { gridKey } from "./gridkeys.ts";
import { gridActions, gridSheet, type Verdict } from "./gridsheet.ts";
import { asSession } from "./gridstatus.ts";
import { known } from "./known.ts";
import { LightElement } from "./light.ts";
import { notice } from "./notice.ts";
import { Palette } from "./pigments.ts";
import type { RubricatorCrops } from "./rubricator-crops.ts";
import "./rubricator-closeup.ts";
import type { RubricatorKeys } from "./rubricator-keys.ts";
import "./rubricator-keys.ts";
import "./rubricator-status.ts";

@customElement("rubricator-grid")
export class RubricatorGrid extends LightElement {
  /** Base address of the campaign in the API, with its closing slash. */
  @property() api = "";
  @property() override lang = document.documentElement.lang || "en";
  /** Whose work to keep, on a browser that several people use: any stable word. */
  @property() person = "";
  @property({ attribute: "login-url" }) loginUrl = "";
  @property({ attribute: "home-url" }) homeUrl = "";

  @state() grid: GridState | null = null;
  @state() picked: readonly string[] = [];
  @state() several = false;
  @state() private closer: string | null = null;
  @state() private lexicon: Lexicon | null = null;
  /** Told to screen readers. */
  @state() private told = "";
  @query("rubricator-crops") crops!: RubricatorCrops | null;
  @query("rubricator-keys") private keys!: RubricatorKeys;

  readonly #palette = new Palette();
  readonly #elsewhere = {
    take: () => this.sitting?.draft.take(),
    leave: () => this.sitting?.draft.leave(),
  };
  sitting: GridSitting | null = null;
  #listening = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const retry = () => void this.sitting?.retry();
    addEventListener("online", retry, { signal });
    const leave = () => this.sitting?.leave();
    document.addEventListener("visibilitychange", () => (document.hidden ? leave() : retry()), { signal });
    addEventListener("pagehide", leave, { signal });
    document.addEventListener("keydown", (event) => gridKey(this, event), { signal });
    this.#hear(signal);
    if (this.hasUpdated) void this.#sit();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening.abort();
    this.sitting?.close();
    this.sitting = null;
  }

  override firstUpdated(): void {
    void this.#sit();
  }

  get texts(): Texts {
    return textsFor(this.lang);
  }

  override render() {
    const { grid, texts } = this;
    if (!grid) return nothing;
    const retry = () => void this.sitting?.retry();
    const full = notice(asSession(grid), texts, { home: this.homeUrl, login: this.loginUrl, retry });
    return html`<div class="rw-workbench rw-grid" dir=${texts.dir} data-phase=${grid.phase} data-testid="grid">
      ${full ? html`<div class="rw-view">${full}</div>` : gridSheet(this, grid)}
      <footer class="rw-foot">
        ${grid.known.slice(-3).map((one) => known(one, texts, () => this.sitting?.putAway()))}
        ${full ? nothing : gridActions(this)}
        ${gridElsewhere(grid, texts, this.#elsewhere)}
        <rubricator-status .session=${asSession(grid)} .texts=${texts} login-url=${this.loginUrl}></rubricator-status>
      </footer>
      <p class="rw-unseen" role="status" data-testid="told">${this.told}</p>
      <rubricator-keys .texts=${texts} .map=${[texts.grid.keys]}></rubricator-keys>
      ${this.#closer(grid)}
    </div>`;
  }

  #closer(grid: GridState) {
    const cell = grid.cells.find(({ id }) => id === this.closer) ?? null;
    return html`<rubricator-closeup
      .cell=${cell}
      .answer=${cell ? (this.sitting?.answer(cell.id) ?? BLANK) : null}
      .campaign=${grid.campaign}
      .lexicon=${this.lexicon}
      .palette=${this.#palette}
      .texts=${this.texts}
    ></rubricator-closeup>`;
  }

  async #sit(): Promise<void> {
    const { api, lang, person } = this;
    const server = campaignServer(api, lang);
    const world = { ...(await browserWorld(server)), server };
    if (!this.isConnected) return;
    const options = { campaign: api, person, locale: lang, device: deviceClass() };
    const sitting = new GridSitting(world, options, (grid) => {
      this.grid = grid;
    });
    this.sitting = sitting;
    await sitting.start();
    const { vocabulary } = sitting.state.campaign ?? {};
    const lexicon = new Lexicon(server, world.shelf, `recent/${person}/${vocabulary?.slug}/${lang}`);
    await lexicon.open().catch(() => undefined);
    this.#palette.prime(lexicon.quick.map(({ id }) => id));
    this.lexicon = lexicon;
  }

  #hear(signal: AbortSignal): void {
    const on = <T>(name: string, act: (detail: T) => void) =>
      this.addEventListener(name, (event) => act((event as CustomEvent<T>).detail), { signal });
    on<{ ids: string[]; verdict: Verdict }>("crop-say", ({ ids, verdict }) => this.say(ids, verdict));
    on<{ ids: string[] }>("crop-pick", ({ ids }) => this.pick(ids));
    on<{ id: string }>("crop-open", ({ id }) => this.open(id));
    on("closeup-away", () => this.open(null));
    on<{ id: string; verdict: Verdict }>("closeup-say", ({ id, verdict }) => this.say([id], verdict, true));
    on<{ id: string }>("closeup-forget", ({ id }) => this.sitting?.forget(id));
    on<{ id: string; change: { box?: Box; concepts?: readonly ConceptRef[] } }>("closeup-correct", (now) =>
      this.sitting?.correct(now.id, now.change),
    );
    on("status-retry", () => void this.sitting?.retryRefused());
    on("status-discard", () => void this.sitting?.discardRefused());
  }

  help(): void {
    this.keys.show();
  }

  /** Says it of these; a second time it is taken back, unless it is `meant`. */
  say(ids: readonly string[], verdict: Verdict, meant = false): void {
    const said = this.sitting;
    if (!said || !ids.length || (meant && ids.every((id) => said.standing(id) === verdict))) return;
    said.say(ids, verdict);
    const [first] = ids;
    if (first) this.told = this.texts.grid.now(ids.length, said.standing(first));
    this.picked = [];
  }

  pick(ids: readonly string[]): void {
    this.picked = ids;
    if (ids.length) this.told = this.texts.grid.chosen(ids.length);
    this.crops?.focus();
  }

  choosing(several: boolean): void {
    this.several = several;
    if (!several) this.picked = [];
  }

  open(id: string | null): void {
    this.closer = id;
    if (!id) this.crops?.focus();
  }

  readonly others = (): void => {
    const open = this.sitting?.open.length ?? 0;
    this.sitting?.acceptOthers();
    this.told = this.texts.grid.now(open, "accepted");
  };

  readonly handIn = (): void => {
    void this.#submit();
  };

  async #submit(): Promise<void> {
    await this.sitting?.submit();
    this.picked = [];
    this.querySelector(".rw-grid-sheet")?.scrollTo?.({ top: 0 });
    await this.updateComplete;
    this.crops?.focus();
    this.tell("rubricator-submitted", {});
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-grid": RubricatorGrid;
  }
}
