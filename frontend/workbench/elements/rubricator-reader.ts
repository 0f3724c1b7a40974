/**
 * `<rubricator-reader manifest="…" canvas="…" lang="…">`: any IIIF manifest with its annotations, to read. It asks the
 * hosts of the manifest themselves, without a login and without keeping anything; what is asked for may also be a content
 * state (`iiif-content`). `pages/embed.ts` puts it on other people's pages as `<rubricator-workbench>`.
 */

import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { textIn } from "../core/contract.ts";
import { regionIn } from "../core/fragment.ts";
import type { Box } from "../core/geometry.ts";
import { type Texts, textsFor } from "../core/locale/index.ts";
import type { Leaf } from "../core/manifest.ts";
import type { StageShape } from "../viewer/stage.ts";
import { ImageTool } from "./imagetool.ts";
import { isTyping } from "./keyboard.ts";
import { Layering } from "./layering.ts";
import { LightElement } from "./light.ts";
import { VERMILION } from "./pigments.ts";
import { readerPanel, readerWaiting } from "./readerpanel.ts";
import { layersOf, type Opened, open, Refusal } from "./reading.ts";
import type { RubricatorStage } from "./rubricator-stage.ts";
import type { ToolAction } from "./rubricator-toolbar.ts";
import "./rubricator-stage.ts";
import "./rubricator-toolbar.ts";

const MARK = "marked";
const MARK_SHARE = 0.3;

@customElement("rubricator-reader")
export class RubricatorReader extends LightElement {
  @property() manifest = "";
  /** Its address, or its number counted from 1. */
  @property() canvas = "";
  /** Addresses of further pages of annotations, apart by spaces. */
  @property() annotations = "";
  @property({ attribute: "iiif-content" }) state = "";
  @property() override lang = "en";

  @state() opened: Opened | null = null;
  @state() index = 0;
  @state() private refusal: Refusal | null = null;
  @state() selected: string | null = null;
  @state() private marked: Box | null = null;
  /** How many pages of annotations failed; null while they are read. */
  @state() failed: number | null = null;
  @query("rubricator-stage") private stage!: RubricatorStage | null;

  readonly layering = new Layering(this);
  readonly #imageTool = new ImageTool(this);
  #reading = new AbortController();
  /** Counted up with every opening: a stage that was taken off the page is not used again. */
  #life = 0;
  #shapes: { readonly of: readonly unknown[]; readonly list: readonly StageShape[] } = { of: [], list: [] };

  constructor() {
    super();
    const on = <T>(name: string, act: (detail: T) => void) =>
      this.addEventListener(name, (event) => act((event as CustomEvent<T>).detail));
    on<{ id: string | null; reveal?: boolean }>("stage-select", ({ id, reveal }) => this.#select(id, reveal));
    on<ToolAction>("tool", (action) => this.#use(action));
    on<{ index: number }>("strip-go", ({ index }) => this.#go(index));
    on<{ canvas: string }>("rubricator-image-shown", () => this.#near());
    this.addEventListener("keydown", this.#key);
    this.addEventListener("wheel", this.#wheel, { capture: true });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#reading.abort();
  }

  override updated(changed: PropertyValues<this>): void {
    const said = ["manifest", "canvas", "annotations", "state", "lang"] as const;
    if (said.some((name) => changed.has(name))) void this.#open();
  }

  get texts(): Texts {
    return textsFor(this.lang);
  }

  get leaf(): Leaf | undefined {
    return this.opened?.book.leaves[this.index];
  }

  override render() {
    const { texts, leaf } = this;
    const { reading } = texts;
    return html`<div class="rw-workbench rw-reader" dir=${texts.dir} data-phase=${leaf ? "working" : "loading"}>
      <div class="rw-view">
        ${leaf ? keyed(this.#life, this.#image(leaf)) : readerWaiting(this.texts, this.refusal, () => void this.#open())}
      </div>
      <section class="rw-panel" aria-label=${reading.fromHere}>${leaf ? readerPanel(this, leaf) : nothing}</section>
    </div>`;
  }

  #image(leaf: Leaf) {
    const { texts } = this;
    if (!leaf.hasImage)
      return html`<div class="rw-notice" role="status"><p>${texts.reading.noImage}</p></div>`;
    return html`<rubricator-stage
        .canvas=${leaf}
        .shapes=${this.#painted}
        .selected=${this.selected}
        .texts=${texts}
        .name=${textIn(leaf.label, this.lang) || texts.image}
        .memory=${""}
        tool="move"
        readonly
      ></rubricator-stage>
      <rubricator-toolbar
        .texts=${texts}
        .drawing=${false}
        .helped=${false}
        .imaged=${this.#imageTool.state}
      ></rubricator-toolbar>
      <p class="rw-wheel-note" aria-hidden="true">${texts.reading.wheel}</p>`;
  }

  get #painted(): readonly StageShape[] {
    const of = [this.layering.painted, this.marked];
    if (of.every((part, index) => part === this.#shapes.of[index])) return this.#shapes.list;
    const { colour } = VERMILION;
    const { marked: box } = this;
    const frame = box ? [{ id: MARK, box, colour, line: "solid", locked: true } as const] : [];
    this.#shapes = { of, list: [...this.layering.painted, ...frame] };
    return this.#shapes.list;
  }

  async #open(): Promise<void> {
    const { manifest, canvas, state } = this;
    this.#reading.abort();
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    this.#life++;
    this.opened = this.refusal = null;
    try {
      const opened = await open({ manifest, canvas, state }, signal);
      if (signal.aborted) return;
      this.opened = opened;
      this.index = opened.index;
      this.#turn(opened.fragment);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error;
    }
  }

  #go(index: number): void {
    if (index === this.index || !this.opened?.book.leaves[index]) return;
    this.index = index;
    this.opened = { ...this.opened, isElsewhere: false };
    this.#turn("");
  }

  /** Another canvas is shown: what lay on the one before is taken away, and its own annotations are read. */
  #turn(fragment: string): void {
    const { leaf } = this;
    if (!leaf) return;
    const box = fragment ? regionIn(`#${fragment}`, [leaf.width, leaf.height]) : null;
    this.marked = box;
    this.selected = box && MARK;
    this.failed = null;
    this.layering.take([]);
    this.tell("rubricator-canvas", { manifest: this.opened?.book.uri, canvas: leaf.uri });
    void this.#read(leaf);
  }

  async #read(leaf: Leaf): Promise<void> {
    const { signal } = this.#reading;
    const further = this.annotations.split(/\s+/).filter(Boolean);
    try {
      const book = this.opened?.book;
      if (!book) return;
      const { layers, failed } = await layersOf(book, leaf, { lang: this.lang, further, signal });
      // Somebody may have gone on to another canvas meanwhile.
      if (this.leaf !== leaf) return;
      this.layering.take(layers);
      this.failed = failed;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #near(): void {
    if (this.selected === MARK && this.marked) this.stage?.reveal(this.marked, { share: MARK_SHARE });
  }

  #select(id: string | null, reveal = false): void {
    const shape = this.layering.layers.flatMap(({ shapes }) => shapes).find((one) => one.id === id);
    this.selected = id;
    if (id !== MARK) this.marked = null;
    if (reveal && shape?.box) this.stage?.reveal(shape.box);
    else if (reveal) this.stage?.fit();
    if (shape) this.tell("rubricator-annotation", { id, box: shape.box });
  }

  #use(action: ToolAction): void {
    if (action === "zoom-in") this.stage?.zoom(1.5);
    else if (action === "zoom-out") this.stage?.zoom(1 / 1.5);
    else if (action === "fit") this.stage?.fit();
  }

  /** Keys mean something only within: the rest of the page has its own. */
  readonly #key = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || isTyping(target)) return;
    const isPlain = !(event.ctrlKey || event.metaKey || event.altKey);
    if (isPlain && event.key.toLowerCase() === "h") {
      event.preventDefault();
      this.layering.toggle();
    } else if (isPlain && (event.key === "[" || event.key === "]")) {
      event.preventDefault();
      this.#walk(event.key === "]" ? 1 : -1);
    } else if (this.stage?.contains(target)) this.stage.key(event);
  };

  #walk(step: 1 | -1): void {
    const ids = this.layering.painted.map(({ id }) => id);
    const at = ids.indexOf(this.selected ?? "");
    const to = at < 0 ? (step > 0 ? 0 : ids.length - 1) : (at + step + ids.length) % ids.length;
    this.#select(ids[to] ?? null, true);
  }

  /** The wheel belongs to the page until somebody has gone into the image. */
  readonly #wheel = (event: WheelEvent): void => {
    const isInside = event.ctrlKey || event.metaKey || this.stage?.querySelector(":focus") !== null;
    if (!isInside && this.stage?.contains(event.target as Node)) {
      event.stopImmediatePropagation();
      this.dataset.wheel = "page";
    } else delete this.dataset.wheel;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-reader": RubricatorReader;
  }
}
