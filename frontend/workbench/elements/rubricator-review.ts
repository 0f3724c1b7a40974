/**
 * `<rubricator-review api="/api/v1/campaigns/clefs/" lang="fr">`: the curator's page. Everybody's boxes in their own
 * pigment and line, the consensus over them, and a decision about each: by key, by button, or by dragging a grip.
 */

import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { type ReviewServer, reviewServer } from "../api/client.ts";
import { bestShelf } from "../api/indexeddb.ts";
import { newId } from "../api/world.ts";
import type { Campaign, ConceptRef, ReviewItem, ReviewTask } from "../core/contract.ts";
import { titleIn } from "../core/contract.ts";
import type { Box } from "../core/geometry.ts";
import { begin, type History, redo, step, undo } from "../core/history.ts";
import { Lexicon } from "../core/lexicon.ts";
import { textsFor } from "../core/locale/index.ts";
import * as rulings from "../core/rulings.ts";
import { asTrouble, type Trouble } from "../core/trouble.ts";
import type { Tool } from "../viewer/gestures.ts";
import type { Command } from "../viewer/keys.ts";
import { Keyboard } from "./keyboard.ts";
import { LightElement } from "./light.ts";
import { ornament } from "./notice.ts";
import { Palette } from "./pigments.ts";
import { participants, reviewed } from "./review-scene.ts";
import type { RubricatorItem } from "./rubricator-item.ts";
import type { RubricatorKeys } from "./rubricator-keys.ts";
import { labelOf } from "./rubricator-shapes.ts";
import type { RubricatorStage } from "./rubricator-stage.ts";
import type { ToolAction } from "./rubricator-toolbar.ts";
import "./rubricator-item.ts";
import "./rubricator-items.ts";
import "./rubricator-keys.ts";
import "./rubricator-people.ts";
import "./rubricator-stage.ts";
import "./rubricator-toolbar.ts";

/** A box under review fills at least this share of the stage: people's boxes differ by little. */
const CLOSE = 0.2;

@customElement("rubricator-review")
export class RubricatorReview extends LightElement {
  @property() api = "";
  @property() override lang = document.documentElement.lang || "en";
  @property({ attribute: "home-url" }) homeUrl = "";

  @state() private campaign: Campaign | null = null;
  @state() private review: ReviewTask | null = null;
  @state() private history: History<rulings.Rulings> = begin({});
  @state() private selected: string | null = null;
  @state() private tool: Tool = "move";
  @state() private unseen: ReadonlySet<string> = new Set();
  @state() private lexicon: Lexicon | null = null;
  @state() private trouble: Trouble | null = null;
  @state() private saving = false;

  @query("rubricator-stage") private stage!: RubricatorStage | null;
  @query("rubricator-item") private card!: RubricatorItem | null;
  @query("rubricator-keys") private keys!: RubricatorKeys;
  #people = new Palette();
  #server: ReviewServer | null = null;
  #decision = newId();
  #passed = 0;
  #listening = new AbortController();

  constructor() {
    super();
    new Keyboard(
      this,
      () => this.stage,
      () => void this.#save(),
      { a: () => this.#accept(), r: () => this.#reject() },
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listening = new AbortController();
    this.#hear(this.#listening.signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening.abort();
  }

  override async firstUpdated(): Promise<void> {
    this.#server = reviewServer(this.api, this.lang);
    await this.#orTrouble(async () => {
      this.campaign = (await this.#server?.campaign()) ?? null;
      await this.#next();
    });
    if (!this.#server) return;
    const lexicon = new Lexicon(this.#server, await bestShelf(), `recent/review/${this.api}/${this.lang}`);
    await lexicon.open().catch(() => undefined);
    this.lexicon = lexicon;
  }

  private get texts() {
    return textsFor(this.lang);
  }

  private get items(): readonly ReviewItem[] {
    return this.review?.items ?? [];
  }

  override render() {
    const { texts, review } = this;
    const { task } = review ?? {};
    const empty = review && !task;
    return html`<div class="rw-workbench rw-review" data-phase=${empty ? "nothing-left" : task ? "working" : "loading"}>
      <div class="rw-view">
        <rubricator-stage
          .canvas=${task?.canvas ?? null}
          .region=${task?.region ?? null}
          .shapes=${reviewed({
            items: this.items,
            rulings: this.history.present,
            selected: this.selected,
            people: this.#people,
            unseen: this.unseen,
            texts,
          })}
          .selected=${this.selected}
          .tool=${this.tool}
          .texts=${texts}
          .name=${texts.image}
        ></rubricator-stage>
        <rubricator-toolbar
          .texts=${texts}
          .tool=${this.tool}
          ?undoable=${this.history.past.length > 0}
          ?redoable=${this.history.future.length > 0}
        ></rubricator-toolbar>
        ${empty || this.trouble ? this.#notice() : nothing}
      </div>
      ${task ? this.#panel() : nothing}
      <rubricator-keys .texts=${texts} .map=${[[texts.review, texts.reviewKeys], ...texts.keyMap.slice(1, 2)] as never}></rubricator-keys>
    </div>`;
  }

  #notice() {
    const { texts, trouble } = this;
    const titles = {
      offline: texts.troubleOffline,
      signin: texts.troubleSignin,
      server: texts.troubleServer,
      refused: texts.troubleRefused,
    };
    return html`<div class="rw-notice" role="status" data-testid="notice">
      ${ornament}
      <h1>${trouble ? titles[trouble.kind] : texts.reviewEmpty}</h1>
      <p data-testid="notice-text">${trouble ? trouble.detail : this.review?.own ? texts.reviewOwnText(this.review.own) : texts.reviewEmptyText}</p>
      <p class="rw-row">
        ${
          trouble
            ? html`<button type="button" class="rw-button" @click=${this.#again}>${texts.tryAgain}</button>`
            : nothing
        }
        ${this.homeUrl ? html`<a class="rw-button" href=${this.homeUrl}>${texts.back}</a>` : nothing}
      </p>
    </div>`;
  }

  #panel() {
    const { texts } = this;
    const open = rulings.undecided(this.history.present, this.items);
    return html`<aside class="rw-panel" aria-label=${texts.review}>
      <div class="rw-sheet">
        <header class="rw-question">
          <h1>${titleIn(this.campaign?.question.prompt, this.lang) || texts.review}</h1>
          <p class="rw-progress"><span data-testid="remaining">${texts.remaining(this.review?.remaining ?? 0)}</span></p>
          ${
            this.review?.retirement
              ? html`<p class="rw-hint" data-testid="why"><b>${texts.enough}</b> ${this.review.retirement.sentence}</p>`
              : nothing
          }
        </header>
        <rubricator-people
          .people=${this.review?.people ?? participants(this.items)}
          .unseen=${this.unseen}
          .palette=${this.#people}
          .texts=${texts}
        ></rubricator-people>
        <rubricator-item
          .item=${this.items.find(({ id }) => id === this.selected) ?? null}
          .canvas=${this.review?.task?.canvas ?? null}
          .ruling=${(this.selected && this.history.present[this.selected]) || null}
          .name=${this.#nameOf(this.selected)}
          .lexicon=${this.lexicon}
          .texts=${texts}
        ></rubricator-item>
        ${this.items.length ? nothing : html`<p class="rw-empty">${texts.allSaidNothing}</p>`}
        <rubricator-items
          .items=${this.items}
          .rulings=${this.history.present}
          .selected=${this.selected}
          .texts=${texts}
        ></rubricator-items>
      </div>
      <footer class="rw-foot">
        <p class="rw-status" role="status" data-tone=${open.length ? "calm" : "done"} data-testid="status">
          <i class="rw-status-dot" aria-hidden="true"></i
          ><span>${open.length ? texts.undecided(open.length) : texts.allDecided}</span>
        </p>
        <div class="rw-answer">
          <button
            type="button"
            class="rw-button rw-wide"
            data-testid="accept-rest"
            ?hidden=${!open.length}
            @click=${() => this.#turn(rulings.acceptRest(this.history.present, this.items))}
          >
            ${texts.acceptRest(open.length)}
          </button>
          <button type="button" class="rw-button rw-wide" data-testid="later" ?hidden=${(this.review?.remaining ?? 0) < 2} @click=${this.#later}>
            ${texts.later}
          </button>
          <button
            type="button"
            class="rw-button rw-button-primary"
            data-testid="save"
            aria-disabled=${String(open.length > 0 || this.saving)}
            @click=${this.#save}
          >
            ${texts.saveDecisions}
          </button>
        </div>
      </footer>
    </aside>`;
  }

  #nameOf(id: string | null): string {
    const index = this.items.findIndex((item) => item.id === id);
    const concepts = (id && this.history.present[id]?.concepts) || this.items[index]?.concepts || [];
    const number = index < 0 ? this.items.length + 1 : index + 1;
    return this.texts.shapeNamed(number, labelOf(this.texts, concepts));
  }

  #hear(signal: AbortSignal): void {
    const on = <T>(name: string, act: (detail: T) => void) =>
      this.addEventListener(name, (event) => act((event as CustomEvent<T>).detail), { signal });
    on<{ id: string | null; reveal?: boolean }>("stage-select", ({ id, reveal }) =>
      this.#select(id, { reveal: reveal ?? false }),
    );
    on<{ person: string }>("people-toggle", ({ person }) => {
      const unseen = new Set(this.unseen);
      if (!unseen.delete(person)) unseen.add(person);
      this.unseen = unseen;
    });
    on<{ id: string; box: Box }>("stage-edit", ({ id, box }) => this.#correct(id, { box }));
    // The first box is shown close once its image is there.
    on(
      "rubricator-image-shown",
      () => this.selected || this.#select(this.items[0]?.id ?? null, { reveal: true }),
    );
    on<{ box: Box }>("stage-draw", ({ box }) => {
      const id = newId();
      this.#turn(rulings.add(this.history.present, id, box, []));
      this.#select(id);
      this.tool = "move";
    });
    on<{ id: string }>("stage-delete", () => this.#reject());
    on("stage-confirm", () => this.#accept());
    on<{ concept: ConceptRef }>("concept-chosen", ({ concept }) => {
      if (this.selected) this.#correct(this.selected, { concepts: [concept] });
      this.stage?.focus();
    });
    on("concepts-leave", () => this.stage?.focus());
    on("item-accept", () => this.#accept());
    on("item-reject", () => this.#reject());
    on<{ reason: string }>("item-reason", ({ reason }) => {
      const item = this.items.find(({ id }) => id === this.selected);
      const { present } = this.history;
      const base = item && !present[item.id] ? rulings.accept(present, item) : present;
      if (this.selected) this.#turn(rulings.amend(base, this.selected, { reason }));
    });
    on<Command>("stage-command", (command) => this.#obey(command));
    on<ToolAction>("tool", (action) => this.#use(action));
  }

  #accept(): void {
    const item = this.items.find(({ id }) => id === this.selected);
    if (item)
      this.#decide(
        this.history.present[item.id]?.verdict === "corrected"
          ? this.history.present
          : rulings.accept(this.history.present, item),
      );
  }

  #reject(): void {
    const item = this.items.find(({ id }) => id === this.selected);
    if (item) this.#decide(rulings.reject(this.history.present, item));
    else if (this.selected) this.#turn(rulings.withdraw(this.history.present, this.selected));
  }

  /** After a verdict the next undecided box is picked: one key a box. */
  #decide(next: rulings.Rulings): void {
    this.#turn(next);
    const open = rulings.undecided(next, this.items);
    const at = this.items.findIndex(({ id }) => id === this.selected);
    const after = open.find((item) => this.items.indexOf(item) > at) ?? open[0];
    if (after) this.#select(after.id, { reveal: true });
  }

  #correct(id: string, change: { box?: Box; concepts?: readonly ConceptRef[] }): void {
    const item = this.items.find((known) => known.id === id);
    const { present } = this.history;
    this.#turn(item ? rulings.correct(present, item, change) : rulings.amend(present, id, change));
  }

  #turn(next: rulings.Rulings): void {
    this.history = step(this.history, next);
    if (this.selected && !this.#nameable(this.selected)) this.selected = null;
  }

  #nameable(id: string): boolean {
    return Boolean(this.history.present[id]) || this.items.some((item) => item.id === id);
  }

  #select(id: string | null, { reveal = false } = {}): void {
    this.selected = id;
    const box = (id && this.history.present[id]?.box) || this.items.find((item) => item.id === id)?.box;
    if (reveal && box) this.stage?.reveal(box, { share: CLOSE });
  }

  #obey(command: Command): void {
    if (command.kind === "undo") this.history = undo(this.history);
    else if (command.kind === "redo") this.history = redo(this.history);
    else if (command.kind === "help") this.keys.show();
    else if (command.kind === "draw" || command.kind === "move") this.tool = command.kind;
    else if (command.kind === "choose") this.card?.choose(command.index);
    else if (command.kind === "next") {
      const all = [
        ...this.items.map(({ id }) => id),
        ...rulings.addedIn(this.history.present).map(([id]) => id),
      ];
      const at = all.indexOf(this.selected ?? "");
      const to = at < 0 ? 0 : (at + command.step + all.length) % all.length;
      this.#select(all[to] ?? null, { reveal: true });
    }
  }

  #use(action: ToolAction): void {
    if (action === "zoom-in") this.stage?.zoom(1.5);
    else if (action === "zoom-out") this.stage?.zoom(1 / 1.5);
    else if (action === "fit") this.stage?.fit();
    else this.#obey({ kind: action });
  }

  readonly #save = async (): Promise<void> => {
    const { task } = this.review ?? {};
    if (!task || this.saving || rulings.undecided(this.history.present, this.items).length) return;
    this.saving = true;
    const decision = rulings.toDecision(this.#decision, task.id, this.items, this.history.present);
    await this.#orTrouble(async () => {
      await this.#server?.decide(decision);
      this.tell("rubricator-decided", { task: task.id });
      await this.#next();
    });
    this.saving = false;
  };

  /** Passes this one over; after the last it begins again. */
  readonly #later = (): Promise<void> => {
    this.#passed++;
    return this.#orTrouble(() => this.#next());
  };

  readonly #again = async (): Promise<void> => {
    this.trouble = null;
    // Decisions in hand are still there: "save" sends them again, under the same id.
    if (!this.review) await this.#orTrouble(() => this.#next());
  };

  async #next(): Promise<void> {
    const review = await this.#server?.next(this.#passed);
    if (!review) return;
    this.#people = new Palette();
    this.review = review;
    this.#people.prime(review.people ?? participants(review.items));
    this.#decision = newId();
    this.history = begin({});
    this.selected = null;
  }

  async #orTrouble(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.trouble = null;
    } catch (error) {
      this.trouble = asTrouble(error);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-review": RubricatorReview;
  }
}
