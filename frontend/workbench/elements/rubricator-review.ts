/**
 * `<rubricator-review api="/api/v1/campaigns/clefs/" lang="fr">`: the curator's page. Everybody's boxes in their own
 * pigment and line, the consensus over them, and a decision about each: by key, by button, or by dragging a grip.
 */

import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { bestShelf } from "../api/indexeddb.ts";
import type { Campaign, ReviewItem, ReviewTask, Task } from "../core/contract.ts";
import { Lexicon } from "../core/lexicon.ts";
import { type Texts, textsFor } from "../core/locale/index.ts";
import type { Tool } from "../viewer/gestures.ts";
import { Bunching } from "./bunching.ts";
import { obeying } from "./commands.ts";
import { Deciding } from "./deciding.ts";
import { Hearing } from "./hearing.ts";
import { ImageTool } from "./imagetool.ts";
import { Keyboard } from "./keyboard.ts";
import { reviewKeys as imageKeys, pairKeys } from "./keymap.ts";
import { Layering } from "./layering.ts";
import { Lexicons } from "./lexicons.ts";
import { LightElement } from "./light.ts";
import { Palette } from "./pigments.ts";
import { partId, participants, partOf, reviewed } from "./review-scene.ts";
import { Reviewing } from "./reviewing.ts";
import { layReview } from "./reviewlayers.ts";
import { reviewNotice } from "./reviewnotice.ts";
import { reviewPair } from "./reviewpair.ts";
import type { RubricatorBeside } from "./rubricator-beside.ts";
import type { RubricatorItem } from "./rubricator-item.ts";
import type { RubricatorKeys } from "./rubricator-keys.ts";
import type { RubricatorStage } from "./rubricator-stage.ts";
import { reviewBench, sheafOf } from "./sheafing.ts";
import { CONSENSUS, PEOPLE, shownThrough } from "./shown-through.ts";
import "./rubricator-docket.ts";
import "./rubricator-keys.ts";
import "./rubricator-stage.ts";
import "./rubricator-toolbar.ts";

@customElement("rubricator-review")
export class RubricatorReview extends LightElement {
  @property() api = "";
  @property() override lang = document.documentElement.lang || "en";
  /** Whose decisions to keep, on a browser that several people use: any stable word. */
  @property() person = "";
  @property({ attribute: "home-url" }) homeUrl = "";
  @property({ attribute: "login-url" }) loginUrl = "";
  /** Where further layers of a canvas are, its id in the place of `{canvas}`. */
  @property() layers = "";
  /** A task to begin with, whatever was decided of it. */
  @property() task = "";

  @state() tool: Tool = "move";
  @state() private unseen: ReadonlySet<string> = new Set();
  @state() private lexicon: Lexicon | null = null;
  /** Of a pair: what was put on the left. */
  @state() left: string | null = null;

  @query("rubricator-beside, rubricator-stage") stage!: RubricatorStage | RubricatorBeside | null;
  @query("rubricator-item, rubricator-sheaf") card!: Pick<RubricatorItem, "search" | "choose"> | null;
  @query("rubricator-keys") keys!: RubricatorKeys;
  #people = new Palette();
  readonly #lexicons = new Lexicons((lexicon) => {
    this.lexicon = lexicon;
  });
  readonly #layering = new Layering(this, "review");
  readonly #imageTool = new ImageTool(this);
  readonly #bunching = new Bunching(this, {
    bench: () => this.#bench,
    texts: () => this.texts,
    reveal: (box) => this.stage?.reveal(box),
  });
  readonly deciding: Deciding = new Deciding(this);
  readonly #reviewing = new Reviewing(this);

  constructor() {
    super();
    obeying(this);
    new Hearing(this, (on) => {
      on<{ person: string }>("people-toggle", ({ person }) => {
        const unseen = new Set(this.unseen);
        if (!unseen.delete(person)) unseen.add(person);
        this.unseen = unseen;
      });
    });
    new Keyboard(
      this,
      () => this.stage,
      () => void this.#reviewing.save(),
      {
        a: () => this.deciding.accept(),
        r: () => this.deciding.reject(),
        m: () => this.deciding.merge(),
        s: () => this.deciding.split(),
        l: () => this.card?.search(),
        u: () => void this.#reviewing.takeBack(),
        h: () => this.#layering.toggle(),
      },
    );
  }

  override async firstUpdated(): Promise<void> {
    await this.#reviewing.open();
    const { server } = this.#reviewing;
    if (!server) return;
    const shelf = await bestShelf();
    this.#lexicons.begin((step) => {
      const key = `recent/review/${this.api}${step && `/${step}`}/${this.lang}`;
      return new Lexicon(server, shelf, key, step);
    });
    await this.#lexicons.use(this.deciding.step);
  }

  override updated(): void {
    // What is picked can have other labels: of a sequence those of its step.
    if (this.#lexicons.at !== this.deciding.step) void this.#lexicons.use(this.deciding.step);
  }

  get texts(): Texts {
    const { writes, shapes } = this.deciding.drawing ?? {};
    return textsFor(this.lang, writes ? "text" : shapes);
  }

  /** Of a pair nothing can be picked beside another. */
  get #bench() {
    const { task } = this.#reviewing.review ?? {};
    if (!task || task.beside) return null;
    return reviewBench(this.deciding, task.id, [task.canvas.width, task.canvas.height]);
  }

  get campaign(): Campaign | null {
    return this.#reviewing.campaign;
  }

  get items(): readonly ReviewItem[] {
    return this.#reviewing.review?.items ?? [];
  }

  override render() {
    const { texts } = this;
    const { review, trouble } = this.#reviewing;
    const { task } = review ?? {};
    const { reviewKeys } = textsFor(this.lang, this.deciding.kind);
    const empty = review && !task;
    const { past, future } = this.deciding.history;
    return html`<div class="rw-workbench rw-review" dir=${texts.dir} data-phase=${empty ? "nothing-left" : task ? "working" : "loading"}>
      <div class="rw-view">
        ${task?.beside ? reviewPair(task, this) : this.#image(task)}
        <rubricator-toolbar
          .texts=${texts}
          .tool=${this.tool}
          .draws=${this.deciding.drawing?.shapes ?? "box"}
          ?undoable=${past.length > 0}
          ?redoable=${future.length > 0}
          .imaged=${task?.beside ? null : this.#imageTool.state}
          .drawing=${!task?.beside}
        ></rubricator-toolbar>
        ${empty || trouble ? this.#notice() : nothing}
      </div>
      ${task ? this.#docket() : nothing}
      <rubricator-keys
        .texts=${texts}
        .map=${[[texts.review, [...reviewKeys, texts.layering.key]], ...imageKeys(texts)]}
        .more=${task?.beside ? [pairKeys(texts, ["R", "L"])] : [texts.sheaf.keys, texts.imaging.keys(["R", "L"])]}
      ></rubricator-keys>
      ${this.#bunching.live()}
    </div>`;
  }

  #image(task: Task | null | undefined) {
    const { texts, unseen } = this;
    const { selected, piece, rulings } = this.deciding;
    const scene = { items: this.items, rulings, selected, people: this.#people, unseen, texts };
    const idOf = (id: string) => partOf(id).item;
    const picked = { picked: selected, idOf };
    return html`<rubricator-stage
      .canvas=${task?.canvas ?? null}
      .region=${task?.region ?? null}
      .shapes=${shownThrough(reviewed(scene), [PEOPLE, CONSENSUS], this.#layering, picked)}
      .selected=${selected && piece ? partId(selected, piece) : selected}
      .also=${this.deciding.picked.slice(0, -1)}
      ?gathers=${this.#bunching.gathers}
      .tool=${this.tool}
      .texts=${texts}
      .name=${texts.image}
      .memory=${this.api}
      .draws=${this.deciding.drawing?.shapes ?? "box"}
    ></rubricator-stage>`;
  }

  #notice() {
    const { review, trouble, standing } = this.#reviewing;
    return reviewNotice(this.texts, review, trouble, {
      home: this.homeUrl,
      login: this.loginUrl,
      again: () => void this.#reviewing.again(),
      takeBack: standing.saved ? () => void this.#reviewing.takeBack() : undefined,
    });
  }

  #docket() {
    const { rulings, selected, piece, merging } = this.deciding;
    const { signs, chosen, hidden } = this.#layering;
    return html`<rubricator-docket
      .campaign=${this.campaign}
      .review=${this.#reviewing.review}
      .rulings=${rulings}
      .selected=${selected}
      .piece=${piece}
      .merging=${merging}
      .sheaf=${sheafOf(this.deciding)}
      ?gathers=${this.#bunching.gathers}
      .unseen=${this.unseen}
      .palette=${this.#people}
      .lexicon=${this.lexicon}
      .layering=${{ signs, chosen, veiled: hidden }}
      .standing=${this.#reviewing.standing}
      .texts=${this.texts}
    ></rubricator-docket>`;
  }

  ruled(): void {
    this.#reviewing.ruled();
  }

  laid(review: ReviewTask): void {
    const people = review.people ?? participants(review.items);
    this.#people = new Palette();
    this.#people.prime(people);
    const isHere = (task: string) => this.#reviewing.review?.task?.id === task;
    void layReview(this, this.#layering, review, { people, isHere });
    this.#bunching.begin();
  }

  say(sentence: string): void {
    this.#bunching.say(sentence);
  }

  travel(way: "undo" | "redo"): void {
    this.deciding.travel(way);
  }

  choose(index: number): void {
    this.card?.choose(index);
  }

  walk(step: 1 | -1): void {
    this.deciding.walk(step);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-review": RubricatorReview;
  }
}
