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
import { GridSitting, type GridState } from "../core/grid.ts";
import { begin } from "../core/history.ts";
import { KEEPING } from "../core/keeping.ts";
import { Lexicon } from "../core/lexicon.ts";
import { type Texts, textsFor } from "../core/locale/index.ts";
import type { SessionState } from "../core/sessionstate.ts";
import { icon } from "./icons.ts";
import { isTyping } from "./keyboard.ts";
import { known } from "./known.ts";
import { LightElement } from "./light.ts";
import { notice } from "./notice.ts";
import { Palette } from "./pigments.ts";
import type { RubricatorCrops } from "./rubricator-crops.ts";
import "./rubricator-crops.ts";
import "./rubricator-closeup.ts";
import type { RubricatorKeys } from "./rubricator-keys.ts";
import "./rubricator-keys.ts";
import "./rubricator-question.ts";
import "./rubricator-status.ts";

type Verdict = "accepted" | "rejected" | "passed";

@customElement("rubricator-grid")
export class RubricatorGrid extends LightElement {
  /** Base address of the campaign in the API, with its closing slash. */
  @property() api = "";
  @property() override lang = document.documentElement.lang || "en";
  /** Whose work to keep, on a browser that several people use: any stable word. */
  @property() person = "";
  @property({ attribute: "login-url" }) loginUrl = "";
  @property({ attribute: "home-url" }) homeUrl = "";

  @state() private grid: GridState | null = null;
  @state() private picked: readonly string[] = [];
  @state() private several = false;
  @state() private closer: string | null = null;
  @state() private lexicon: Lexicon | null = null;
  /** Told to screen readers. */
  @state() private told = "";
  @query("rubricator-crops") private crops!: RubricatorCrops | null;
  @query("rubricator-keys") private keys!: RubricatorKeys;

  readonly #palette = new Palette();
  #sitting: GridSitting | null = null;
  #listening = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const retry = () => void this.#sitting?.retry();
    addEventListener("online", retry, { signal });
    document.addEventListener("visibilitychange", () => document.hidden || retry(), { signal });
    document.addEventListener("keydown", this.#key, { signal });
    this.#hear(signal);
    if (this.hasUpdated) void this.#sit();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening.abort();
    this.#sitting?.close();
    this.#sitting = null;
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
    const retry = () => void this.#sitting?.retry();
    const full = notice(asSession(grid), texts, { home: this.homeUrl, login: this.loginUrl, retry });
    return html`<div class="rw-workbench rw-grid" dir=${texts.dir} data-phase=${grid.phase} data-testid="grid">
      ${full ? html`<div class="rw-view">${full}</div>` : this.#sheet(grid)}
      <footer class="rw-foot">
        ${grid.known.slice(-3).map((one) => known(one, texts, () => this.#sitting?.putAway()))}
        ${full ? nothing : this.#actions()}
        <rubricator-status .session=${asSession(grid)} .texts=${texts} login-url=${this.loginUrl}></rubricator-status>
      </footer>
      <p class="rw-unseen" role="status" data-testid="told">${this.told}</p>
      <rubricator-keys .texts=${texts} .map=${[texts.grid.keys]}></rubricator-keys>
      ${this.#closer(grid)}
    </div>`;
  }

  #sheet(grid: GridState) {
    const { texts } = this;
    const crops = grid.cells.map((cell) => ({
      cell,
      standing: this.#sitting?.standing(cell.id) ?? ("open" as const),
      concepts: this.#sitting?.answer(cell.id).shapes[0]?.concepts ?? cell.predictions[0]?.concepts ?? [],
    }));
    return html`<div class="rw-grid-sheet">
      <div class="rw-grid-head">
        <rubricator-question .campaign=${grid.campaign} .progress=${grid.progress} .texts=${texts}></rubricator-question>
        <div class="rw-grid-tools" role="group" aria-label=${texts.toolbar}>
          <p class="rw-hint">${texts.grid.hint}</p>
          ${this.#tool("undo", texts.undo, grid.history.past.length > 0, () => this.#sitting?.undo())}
          ${this.#tool("redo", texts.redo, grid.history.future.length > 0, () => this.#sitting?.redo())}
          <button
            type="button"
            class="rw-button rw-button-small"
            data-testid="several"
            aria-pressed=${String(this.several)}
            @click=${() => this.#choosing(!this.several)}
          >
            ${texts.grid.several}
          </button>
          ${this.#tool("keys", texts.keys, true, () => this.keys.show())}
        </div>
      </div>
      <rubricator-crops
        .crops=${crops}
        .picked=${this.picked}
        .texts=${texts}
        ?several=${this.several}
      ></rubricator-crops>
    </div>`;
  }

  #tool(sign: "undo" | "redo" | "keys", name: string, on: boolean, act: () => void) {
    return html`<button
      type="button"
      class="rw-tool"
      data-testid="tool-${sign}"
      aria-label=${name}
      title=${name}
      aria-disabled=${String(!on)}
      @click=${() => on && act()}
    >
      ${icon(sign)}
    </button>`;
  }

  #actions() {
    const { grid: words } = this.texts;
    if (this.picked.length) {
      return html`<div class="rw-grid-actions" data-testid="chosen">
        <p>${words.chosen(this.picked.length)}</p>
        ${this.#action("accepted", words.right)} ${this.#action("rejected", words.wrong)}
        ${this.#action("passed", words.pass)}
        <button type="button" class="rw-button rw-button-small" data-testid="pick-none" @click=${() => this.#pick([])}>
          ${words.none}
        </button>
      </div>`;
    }
    const open = this.#sitting?.open.length ?? 0;
    const count = this.#sitting?.state.cells.length ?? 0;
    const bare = this.#sitting?.unlabelled.length ?? 0;
    return html`<div class="rw-grid-actions">
      ${bare ? html`<p class="rw-obstacle" role="status">${words.bare(bare)}</p>` : nothing}
      ${
        open
          ? html`<button type="button" class="rw-button rw-button-primary" data-testid="others-right" aria-keyshortcuts="Enter" @click=${this.#others}>
              ${words.othersRight(open, count)}
            </button>`
          : html`<button
              type="button"
              class="rw-button rw-button-primary"
              data-testid="hand-in"
              aria-keyshortcuts="Enter"
              aria-disabled=${String(bare > 0)}
              @click=${this.#handIn}
            >
              ${words.handIn(count)}
            </button>`
      }
    </div>`;
  }

  #action(verdict: Verdict, name: string) {
    return html`<button
      type="button"
      class="rw-button"
      data-testid="picked-${verdict}"
      @click=${() => this.#say(this.picked, verdict)}
    >
      ${name}
    </button>`;
  }

  #closer(grid: GridState) {
    const cell = grid.cells.find(({ id }) => id === this.closer) ?? null;
    return html`<rubricator-closeup
      .cell=${cell}
      .answer=${cell ? (this.#sitting?.answer(cell.id) ?? BLANK) : null}
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
    this.#sitting = sitting;
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
    on<{ ids: string[]; verdict: Verdict }>("crop-say", ({ ids, verdict }) => this.#say(ids, verdict));
    on<{ ids: string[] }>("crop-pick", ({ ids }) => this.#pick(ids));
    on<{ id: string }>("crop-open", ({ id }) => this.#open(id));
    on("closeup-away", () => this.#open(null));
    on<{ id: string; verdict: Verdict }>("closeup-say", ({ id, verdict }) => this.#say([id], verdict, true));
    on<{ id: string }>("closeup-forget", ({ id }) => this.#sitting?.forget(id));
    on<{ id: string; change: { box?: Box; concepts?: readonly ConceptRef[] } }>("closeup-correct", (now) =>
      this.#sitting?.correct(now.id, now.change),
    );
    on("status-retry", () => void this.#sitting?.retryRefused());
    on("status-discard", () => void this.#sitting?.discardRefused());
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || document.querySelector("dialog[open]") || isTyping(event.target)) return;
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    if (target !== document.body && !this.contains(target)) return;
    const onCrop = target === document.body || target.matches(".rw-crop");
    if (this.grid?.phase !== "working" || !this.#press(event, onCrop)) return;
    event.preventDefault();
  };

  /** Does what a key means; answers whether it means anything. */
  #press(event: KeyboardEvent, onCrop: boolean): boolean {
    const letter = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (letter === "z") this.#sitting?.[event.shiftKey ? "redo" : "undo"]();
      else if (letter === "y") this.#sitting?.redo();
      else if (letter === "a") this.#pick(this.grid?.cells.map(({ id }) => id) ?? []);
      else return false;
      return true;
    }
    if (event.altKey) return false;
    const verdicts: Record<string, Verdict> = {
      a: "accepted",
      r: "rejected",
      delete: "rejected",
      s: "passed",
    };
    const verdict = verdicts[letter];
    const current = this.crops?.current;
    const ids = this.picked.length ? this.picked : current ? [current] : [];
    // What is held down was pressed once: it neither takes back, nor hands in what has just been said.
    if (event.repeat && (verdict || letter === "enter")) return true;
    if (verdict) this.#say(ids, verdict);
    else if (letter === "e" || letter === "c") this.#open(current ?? null);
    else if (letter === "escape") this.#pick([]);
    else if (event.key === "?") this.keys.show();
    else if (letter === "enter" && onCrop) this.#sitting?.open.length ? this.#others() : this.#handIn();
    else return this.crops?.walk(event.key, event.shiftKey) ?? false;
    return true;
  }

  /** Says it of these; a second time it is taken back, unless it is `meant`. */
  #say(ids: readonly string[], verdict: Verdict, meant = false): void {
    const said = this.#sitting;
    if (!said || !ids.length || (meant && ids.every((id) => said.standing(id) === verdict))) return;
    said.say(ids, verdict);
    const [first] = ids;
    if (first) this.told = this.texts.grid.now(ids.length, said.standing(first));
    this.picked = [];
  }

  #pick(ids: readonly string[]): void {
    this.picked = ids;
    if (ids.length) this.told = this.texts.grid.chosen(ids.length);
    this.crops?.focus();
  }

  #choosing(several: boolean): void {
    this.several = several;
    if (!several) this.picked = [];
  }

  #open(id: string | null): void {
    this.closer = id;
    if (!id) this.crops?.focus();
  }

  readonly #others = (): void => {
    const open = this.#sitting?.open.length ?? 0;
    this.#sitting?.acceptOthers();
    this.told = this.texts.grid.now(open, "accepted");
  };

  readonly #handIn = (): void => {
    void this.#submit();
  };

  async #submit(): Promise<void> {
    await this.#sitting?.submit();
    this.picked = [];
    this.querySelector(".rw-grid-sheet")?.scrollTo?.({ top: 0 });
    await this.updateComplete;
    this.crops?.focus();
    this.tell("rubricator-submitted", {});
  }
}

/** A sitting at a grid in the words in which notices and the status line are told. */
function asSession(grid: GridState): SessionState {
  const { phase, campaign, progress, outbox, keeping, handedIn, mayRetry, trouble, history } = grid;
  const past = history.past.length ? [BLANK] : [];
  return {
    phase,
    campaign,
    progress,
    outbox,
    ...KEEPING,
    keeping,
    handedIn,
    mayRetry,
    trouble,
    history: { ...begin(BLANK), past },
    assignment: null,
    next: null,
    revisit: null,
    trail: [],
    backable: false,
    justDone: null,
    feedback: null,
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-grid": RubricatorGrid;
  }
}
