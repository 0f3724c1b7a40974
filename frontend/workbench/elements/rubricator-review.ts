/**
 * `<rubricator-review api="/api/v1/campaigns/clefs/" lang="fr">`: the curator's page. Everybody's boxes in their own
 * pigment and line, the consensus over them, and a decision about each: by key, by button, or by dragging a grip.
 */

import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { type ReviewServer, reviewServer } from "../api/client.ts";
import { bestShelf } from "../api/indexeddb.ts";
import { furtherLayers } from "../api/layers.ts";
import { newId } from "../api/world.ts";
import * as clusters from "../core/clusters.ts";
import type {
  Campaign,
  ConceptRef,
  Decided,
  ReviewItem,
  ReviewTask,
  StepAsked,
  Task,
  Written,
} from "../core/contract.ts";
import { titleIn } from "../core/contract.ts";
import { begin, type History, redo, step, undo } from "../core/history.ts";
import { Lexicon } from "../core/lexicon.ts";
import { textsFor } from "../core/locale/index.ts";
import type { Place } from "../core/outline.ts";
import * as rulings from "../core/rulings.ts";
import { stepsOf } from "../core/sequence.ts";
import { asTrouble, type Trouble } from "../core/trouble.ts";
import type { Tool } from "../viewer/gestures.ts";
import type { Command } from "../viewer/keys.ts";
import { adding, drawnIn } from "./adding.ts";
import { Keyboard } from "./keyboard.ts";
import { Layering } from "./layering.ts";
import { LightElement } from "./light.ts";
import { ornament } from "./notice.ts";
import { pairOf } from "./pair.ts";
import { Palette } from "./pigments.ts";
import { partId, participants, partOf, reviewed } from "./review-scene.ts";
import type { RubricatorBeside } from "./rubricator-beside.ts";
import type { RubricatorItem } from "./rubricator-item.ts";
import type { RubricatorKeys } from "./rubricator-keys.ts";
import { labelOf } from "./rubricator-shapes.ts";
import type { RubricatorStage } from "./rubricator-stage.ts";
import type { ImageButton, ToolAction } from "./rubricator-toolbar.ts";
import { CONSENSUS, layersOfReview, PEOPLE, shownThrough } from "./shown-through.ts";
import "./rubricator-beside.ts";
import "./rubricator-item.ts";
import "./rubricator-items.ts";
import "./rubricator-keys.ts";
import "./rubricator-layers.ts";
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
  /** Where further layers of a canvas are, its id in the place of `{canvas}`. */
  @property() layers = "";
  /** A task to begin with, whatever was decided of it. */
  @property() task = "";

  @state() private campaign: Campaign | null = null;
  @state() private review: ReviewTask | null = null;
  @state() private history: History<rulings.Rulings> = begin({});
  @state() private selected: string | null = null;
  @state() private tool: Tool = "move";
  @state() private unseen: ReadonlySet<string> = new Set();
  @state() private lexicon: Lexicon | null = null;
  @state() private trouble: Trouble | null = null;
  @state() private saving = false;
  /** The box that another is looked for to merge with. */
  @state() private merging: string | null = null;
  @state() private piece = 0;
  /** The decisions saved here, last one last, to take back. */
  @state() private saved: readonly { readonly id: string; readonly task: string }[] = [];
  @state() private tookBack = false;
  /** Of a pair: what was put on the left. */
  @state() private left: string | null = null;
  /** What became of the decision before this one, where two reviewers decide. */
  @state() private told = "";

  @state() private imaged: ImageButton = { open: false, changed: false };

  @query("rubricator-beside, rubricator-stage") private stage!: RubricatorStage | RubricatorBeside | null;
  @query("rubricator-item") private card!: RubricatorItem | null;
  @query("rubricator-keys") private keys!: RubricatorKeys;
  #people = new Palette();
  readonly #lexicons = new Map<string, Promise<Lexicon>>();
  #openLexicon: ((step: string) => Promise<Lexicon>) | null = null;
  /** The step whose labels are shown. */
  #worded = "";
  /** The step to draw for, where nothing is picked. */
  #into = "";
  readonly #layering = new Layering(this, "review");
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
      {
        a: () => this.#accept(),
        r: () => this.#reject(),
        m: () => this.#merge(),
        s: () => this.#split(),
        l: () => this.card?.search(),
        u: () => void this.#takeBack(),
        h: () => this.#layering.toggle(),
      },
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
      if (this.task) this.#show(await this.#server?.one(this.task));
      else await this.#next();
    });
    if (!this.#server) return;
    const [server, shelf] = [this.#server, await bestShelf()];
    this.#openLexicon = async (step) => {
      const key = `recent/review/${this.api}${step && `/${step}`}/${this.lang}`;
      const lexicon = new Lexicon(server, shelf, key, step);
      await lexicon.open().catch(() => undefined);
      return lexicon;
    };
    await this.#useWords();
  }

  override updated(): void {
    if (this.#worded !== this.#stepOf(this.selected)) void this.#useWords();
  }

  /** The labels that what is picked can have: of a sequence those of its step, opened once. */
  async #useWords(): Promise<void> {
    const [step, open] = [this.#stepOf(this.selected), this.#openLexicon];
    if (!open) return;
    this.#worded = step;
    const opening = this.#lexicons.get(step) ?? open(step);
    this.#lexicons.set(step, opening);
    const lexicon = await opening;
    if (this.#worded === step) this.lexicon = lexicon;
  }

  /** The step to which an item, or something added, belongs; empty where one question is asked. */
  #stepOf(id: string | null): string {
    const item = this.items.find((known) => known.id === id);
    return item?.step || (id && this.history.present[id]?.step) || "";
  }

  /** What a shape drawn now answers. */
  get #drawing(): Campaign["question"] | undefined {
    return (drawnIn(this.campaign, this.#stepOf(this.selected) || this.#into) ?? this.campaign)?.question;
  }

  /** Something for a step: where one draws the hand draws it, else its label or text is asked for. */
  readonly #add = (step: StepAsked): void => {
    if (step.question.draws) {
      this.#select(null);
      this.#into = step.name;
      this.tool = "draw";
      this.stage?.focus();
      return;
    }
    const id = newId();
    this.#turn(rulings.add(this.history.present, id, null, [], undefined, step.name));
    this.#select(id);
    void this.updateComplete.then(() => this.card?.search());
  };

  private get texts() {
    const { writes, shapes } = this.#drawing ?? {};
    return textsFor(this.lang, writes ? "text" : shapes);
  }

  private get items(): readonly ReviewItem[] {
    return this.review?.items ?? [];
  }

  override render() {
    const { texts, review } = this;
    const { task } = review ?? {};
    const empty = review && !task;
    return html`<div class="rw-workbench rw-review" dir=${texts.dir} data-phase=${empty ? "nothing-left" : task ? "working" : "loading"}>
      <div class="rw-view">
        ${
          task?.beside
            ? this.#pair(task)
            : html`<rubricator-stage
          .canvas=${task?.canvas ?? null}
          .region=${task?.region ?? null}
          .shapes=${this.#painted()}
          .selected=${this.selected && this.piece ? partId(this.selected, this.piece) : this.selected}
          .tool=${this.tool}
          .texts=${texts}
          .name=${texts.image}
          .memory=${this.api}
          .draws=${this.#drawing?.shapes ?? "box"}
        ></rubricator-stage>`
        }
        <rubricator-toolbar
          .texts=${texts}
          .tool=${this.tool}
          .draws=${this.#drawing?.shapes ?? "box"}
          ?undoable=${this.history.past.length > 0}
          ?redoable=${this.history.future.length > 0}
          .imaged=${task?.beside ? null : this.imaged}
          .drawing=${!task?.beside}
        ></rubricator-toolbar>
        ${empty || this.trouble ? this.#notice() : nothing}
      </div>
      ${task ? this.#panel() : nothing}
      <rubricator-keys
        .texts=${texts}
        .map=${[[texts.review, [...texts.reviewKeys, texts.layering.key]], ...texts.keyMap.slice(1, 2)] as never}
        .more=${[texts.imaging.keys(["R", "L"])]}
      ></rubricator-keys>
    </div>`;
  }

  #painted() {
    const { items, selected, unseen, texts } = this;
    const scene = { items, rulings: this.history.present, selected, people: this.#people, unseen, texts };
    const idOf = (id: string) => partOf(id).item;
    return shownThrough(reviewed(scene), [PEOPLE, CONSENSUS], this.#layering, { picked: selected, idOf });
  }

  /** The stage of one image; a pair has none. */
  get #drawn(): RubricatorStage | null {
    return this.querySelector(".rw-view > rubricator-stage");
  }

  #pair(task: Task) {
    const [first, second] = pairOf(task, this.left) ?? [null, null];
    return html`<rubricator-beside
      .first=${first}
      .second=${second}
      lang=${this.lang}
      @beside-swap=${() => {
        this.left = first === task.beside ? null : (task.beside?.annotation ?? null);
      }}
    ></rubricator-beside>`;
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
      <p data-testid="notice-text">${trouble ? trouble.detail : this.#nothingLeft()}</p>
      <p class="rw-row">
        ${
          trouble
            ? html`<button type="button" class="rw-button" @click=${this.#again}>${texts.tryAgain}</button>`
            : nothing
        }
        ${trouble ? nothing : this.#takeBackButton("")}
        ${this.homeUrl ? html`<a class="rw-button" href=${this.homeUrl}>${texts.back}</a>` : nothing}
      </p>
    </div>`;
  }

  #takeBackButton(width: string) {
    if (!this.saved.length) return nothing;
    return html`<button type="button" class="rw-button ${width}" data-testid="take-back" @click=${this.#takeBack}>
      ${this.texts.takeBack} <kbd aria-hidden="true">U</kbd>
    </button>`;
  }

  #nothingLeft(): string {
    const { texts } = this;
    const { own, second } = this.review ?? {};
    const said = [second && texts.reviewSecondText(second), own && texts.reviewOwnText(own)].filter(Boolean);
    return said.join(" ") || texts.reviewEmptyText;
  }

  /** That another reviewer speaks too, without what they said. */
  #standing() {
    const { texts } = this;
    const { wanted = 1, differ = false } = this.review?.standing ?? {};
    if (wanted < 2) return nothing;
    return html`<p class="rw-hint" data-testid="standing">${differ ? texts.reviewersDiffer : texts.secondReview}</p>`;
  }

  #panel() {
    const { texts } = this;
    const open = rulings.undecided(this.history.present, this.items);
    const more = (this.review?.remaining ?? 0) > 1;
    return html`<aside class="rw-panel" aria-label=${texts.review}>
      <div class="rw-sheet">
        <header class="rw-question">
          <h1>${titleIn(this.campaign?.question.prompt, this.lang) || texts.review}</h1>
          <p class="rw-progress"><span data-testid="remaining">${texts.remaining(this.review?.remaining ?? 0)}</span></p>
          ${
            this.review?.why
              ? html`<p class="rw-hint" data-testid="why-now"><b>${texts.whyNow}</b> ${this.review.why.sentence}</p>`
              : nothing
          }
          ${
            this.review?.retirement
              ? html`<p class="rw-hint" data-testid="why"><b>${texts.enough}</b> ${this.review.retirement.sentence}</p>`
              : nothing
          }
        </header>
        ${this.#standing()}
        ${this.told ? html`<p class="rw-hint" role="status" data-testid="told">${this.told}</p>` : nothing}
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
          .merging=${this.#mergingWith()}
          .into=${this.#nameOf((this.selected && this.history.present[this.selected]?.into) || null, "")}
          .piece=${this.piece}
          .lexicon=${this.lexicon}
          .question=${this.#asked(this.selected)}
          .texts=${texts}
        ></rubricator-item>
        ${this.items.length ? nothing : html`<p class="rw-empty">${texts.allSaidNothing}</p>`}
        <rubricator-items
          .items=${this.items}
          .rulings=${this.history.present}
          .selected=${this.selected}
          .texts=${texts}
        ></rubricator-items>
        ${adding(this.campaign, this.items, this.history.present, texts, this.#add)}
        <rubricator-layers
          .signs=${this.#layering.signs}
          .chosen=${this.#layering.chosen}
          .veiled=${this.#layering.hidden}
          .texts=${texts}
        ></rubricator-layers>
      </div>
      <footer class="rw-foot">
        <p class="rw-status" role="status" data-tone=${open.length ? "calm" : "done"} data-testid="status">
          <i class="rw-status-dot" aria-hidden="true"></i
          ><span>${this.tookBack ? `${texts.tookBack} ` : ""}${open.length ? texts.undecided(open.length) : texts.allDecided}</span>
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
          ${this.#takeBackButton(more ? "" : "rw-wide")}
          <button type="button" class="rw-button ${this.saved.length ? "" : "rw-wide"}" data-testid="later" ?hidden=${!more} @click=${this.#later}>
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

  /** The name of the box that is picked to merge with; empty while none is, null when none is looked for. */
  #mergingWith(): string | null {
    if (!this.merging) return null;
    return this.selected && this.selected !== this.merging ? this.#nameOf(this.merging) : "";
  }

  #nameOf(id: string | null, otherwise?: string): string {
    if (id === null && otherwise !== undefined) return otherwise;
    const index = this.items.findIndex((item) => item.id === id);
    const concepts = (id && this.history.present[id]?.concepts) || this.items[index]?.concepts || [];
    const number = index < 0 ? this.items.length + 1 : index + 1;
    const text = (id && this.history.present[id]?.text) || this.items[index]?.text;
    const step = stepsOf(this.campaign).length ? `${titleIn(this.#asked(id)?.prompt, this.lang)} ` : "";
    if (this.#asked(id)?.writes) return step + this.texts.writing.named(number, text?.value ?? "…");
    if (step) return `${step}${number}: ${labelOf(this.texts, concepts)}`;
    return this.texts.shapeNamed(number, labelOf(this.texts, concepts));
  }

  /** The question that an item answers: of a sequence that of its step. */
  #asked(id: string | null): Campaign["question"] | null {
    const steps = stepsOf(this.campaign);
    const step = this.#stepOf(id);
    return steps.find(({ name }) => name === step)?.question ?? this.campaign?.question ?? null;
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
    on<Place & { id: string }>("stage-edit", ({ id, box, points }) => this.#correct(id, { box, points }));
    on<{ text: Written }>("item-text", ({ text }) => {
      if (this.selected) this.#correct(this.selected, { text: rulings.plain(text) });
      this.stage?.focus();
    });
    on<{ text: Written }>("text-written", ({ text }) => {
      if (this.selected) this.#correct(this.selected, { text });
    });
    for (const name of ["text-leave", "text-done"]) on(name, () => this.stage?.focus());
    on("item-merge", () => this.#merge());
    on("item-split", () => this.#split());
    on<{ part: number }>("item-part", ({ part }) => {
      this.piece = part;
    });
    on<{ member: string; part: number }>("item-assign", ({ member, part }) => {
      const item = this.items.find(({ id }) => id === this.selected);
      if (item) this.#turn(clusters.assign(this.history.present, item, member, part));
      this.piece = 0;
    });
    // The first box is shown close once its image is there.
    on(
      "rubricator-image-shown",
      () => this.selected || this.#select(this.items[0]?.id ?? null, { reveal: true }),
    );
    on<Place>("stage-draw", ({ box, points }) => {
      const id = newId();
      const step = drawnIn(this.campaign, this.#stepOf(this.selected) || this.#into)?.name;
      this.#turn(rulings.add(this.history.present, id, box, [], points, step));
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
    on("tool-image", () => this.#drawn?.imaging.toggle());
    on<ImageButton>("image-state", (state) => {
      this.imaged = state;
    });
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

  /** The first press asks for another box, the second makes one of both. */
  #merge(): void {
    const { merging, selected } = this;
    const [first, other] = [merging, selected].map((id) =>
      this.items.find((item) => item.id === id && item.box),
    );
    this.merging = merging || !other ? null : selected;
    if (!first || !other || first === other) return;
    this.#turn(clusters.merge(this.history.present, first, other, this.items));
    this.#select(first.id, { reveal: true });
  }

  #split(): void {
    const item = this.items.find(({ id }) => id === this.selected);
    if (!item?.box) return;
    const { present } = this.history;
    this.#turn(present[item.id]?.parts ? rulings.withdraw(present, item.id) : clusters.split(present, item));
    this.piece = 0;
  }

  /** Back to the image that was decided last, which waits again. */
  readonly #takeBack = (): Promise<void> =>
    this.#orTrouble(async () => {
      const last = this.saved.at(-1);
      if (!last || this.saving) return;
      await this.#server?.takeBack(last.id);
      this.saved = this.saved.slice(0, -1);
      this.#show(await this.#server?.one(last.task));
      this.tookBack = true;
    });

  /** After a verdict the next undecided box is picked: one key a box. */
  #decide(next: rulings.Rulings): void {
    this.#turn(next);
    const open = rulings.undecided(next, this.items);
    const at = this.items.findIndex(({ id }) => id === this.selected);
    const after = open.find((item) => this.items.indexOf(item) > at) ?? open[0];
    if (after) this.#select(after.id, { reveal: true });
  }

  #correct(id: string, change: Partial<Place> & { concepts?: readonly ConceptRef[]; text?: Written }): void {
    const place = partOf(id);
    const item = this.items.find((known) => known.id === place.item);
    const { present } = this.history;
    if (present[place.item]?.parts) {
      const part = change.concepts ? this.piece : place.part;
      this.#turn(clusters.amendPart(present, place.item, part, change));
      return;
    }
    this.#turn(item ? rulings.correct(present, item, change) : rulings.amend(present, id, change));
  }

  #turn(next: rulings.Rulings): void {
    this.history = step(this.history, next);
    if (this.selected && !this.#nameable(this.selected)) this.selected = null;
  }

  #nameable(id: string): boolean {
    return Boolean(this.history.present[id]) || this.items.some((item) => item.id === id);
  }

  #select(shape: string | null, { reveal = false } = {}): void {
    const { item: id, part } = shape ? partOf(shape) : { item: null, part: 0 };
    this.selected = id;
    this.piece = part;
    const box = (id && this.history.present[id]?.box) || this.items.find((item) => item.id === id)?.box;
    if (reveal && box) this.stage?.reveal(box, { share: CLOSE });
  }

  #obey(command: Command): void {
    if (command.kind === "undo" && this.stage?.takeBack()) return;
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
      const again = this.task === task.id ? { supersede: true } : {};
      const became = await this.#server?.decide({ ...decision, ...again });
      this.told = this.#became(became);
      this.saved = [...this.saved, { id: decision.id, task: task.id }];
      this.tell("rubricator-decided", { task: task.id });
      await this.#next();
    });
    this.saving = false;
  };

  #became(decided: Decided | undefined): string {
    if (!decided || (this.review?.standing?.wanted ?? 1) < 2) return "";
    const { texts } = this;
    const looks = (decided.looks ?? []).map(({ by, alike, items }) => texts.lookedBefore(by, alike, items));
    if (decided.decided_at) return looks.join(" ");
    return [...looks, looks.length ? texts.waitsForThird : texts.waitsForSecond].join(" ");
  }

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
    this.#show(await this.#server?.next(this.#passed));
  }

  #show(review: ReviewTask | undefined): void {
    if (!review) return;
    this.merging = null;
    this.piece = 0;
    this.tookBack = false;
    this.#people = new Palette();
    this.review = review;
    const people = review.people ?? participants(review.items);
    this.#people.prime(people);
    this.#layering.take(layersOfReview(review.items, this.texts), people);
    void this.#further(review);
    this.#decision = newId();
    this.history = begin(rulings.fromKept(review.items));
    this.selected = null;
  }

  /** What else stands on the canvas that the reviewer may see: it helps to decide, and its absence hinders nobody. */
  async #further({ items, task, people = participants(items) }: ReviewTask): Promise<void> {
    if (!task || !this.layers) return;
    const more = await furtherLayers(this.layers, task.canvas.id, this.lang);
    if (this.review?.task?.id === task.id) {
      this.#layering.take([...layersOfReview(items, this.texts), ...more], people);
    }
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
