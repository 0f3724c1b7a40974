/**
 * `<rubricator-viewer source="canvas-data">`: a canvas with its layers, to look at. The JSON comes from a
 * `json_script` in the page (`source` is its id) or from an address (`src`):
 * `{"canvas": …as in a task…, "region": box|null, "marked": {"box", "id"}|null, "layers": [{"id", "title": {"en", "fr"}, "shapes":
 * [{"id", "box", "points", "concepts": [{"id", "label"}], "text": what it says, "confidence": 0–1|null}]}]}`. What is marked (by the page, or by
 * `#xywh=` in its address) is framed and brought near; every choice is told as `viewer-choose`.
 */

import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { request } from "../api/client.ts";
import { type Canvas, type ConceptRef, type Titles, textIn, titleIn } from "../core/contract.ts";
import { onCanvas, regionIn } from "../core/fragment.ts";
import { type Box, inReadingOrder, type Point } from "../core/geometry.ts";
import { textsFor } from "../core/locale/index.ts";
import type { StageShape } from "../viewer/stage.ts";
import { credit } from "./credit.ts";
import { jsonScript } from "./jsonscript.ts";
import { Keyboard } from "./keyboard.ts";
import { LightElement } from "./light.ts";
import { Palette, VERMILION } from "./pigments.ts";
import { placeSentence } from "./rubricator-shapes.ts";
import type { RubricatorStage } from "./rubricator-stage.ts";
import type { ImageButton, ToolAction } from "./rubricator-toolbar.ts";
import "./rubricator-stage.ts";
import "./rubricator-toolbar.ts";

interface LayerShape {
  readonly id: string;
  readonly box: Box | null;
  /** The corners of an outline within the box, or one point. */
  readonly points?: readonly Point[];
  readonly concepts: readonly ConceptRef[];
  readonly text?: string;
  readonly confidence?: number | null;
}

interface Layer {
  readonly id: string;
  readonly title: Titles;
  readonly shapes: readonly LayerShape[];
}

interface Layered {
  readonly canvas: Canvas;
  readonly region?: Box | null;
  readonly marked?: { readonly box: Box; readonly id: string | null } | null;
  readonly layers: readonly Layer[];
}

/** The id of the frame around a region that is no annotation. */
const MARK = "marked";
/** A region that was linked to fills this share of the stage. */
const MARK_SHARE = 0.3;

@customElement("rubricator-viewer")
export class RubricatorViewer extends LightElement {
  @property() source = "";
  @property() src = "";
  @property() override lang = document.documentElement.lang || "en";

  @state() private data: Layered | null = null;
  @state() private off = new Set<string>();
  @state() private selected: string | null = null;
  @state() private marked: Box | null = null;
  @state() private failed = false;
  @state() private imaged: ImageButton = { open: false, changed: false };
  @query("rubricator-stage") private stage!: RubricatorStage | null;
  readonly #palette = new Palette();

  constructor() {
    super();
    new Keyboard(
      this,
      () => this.stage,
      () => undefined,
    );
    this.addEventListener("stage-select", (event) => {
      this.#choose((event as CustomEvent<{ id: string | null }>).detail.id);
    });
    this.addEventListener("rubricator-image-shown", () => this.#near(), { once: true });
    this.addEventListener("tool-image", () => this.stage?.imaging.toggle());
    this.addEventListener("image-state", (event) => {
      this.imaged = (event as CustomEvent<ImageButton>).detail;
    });
    this.addEventListener("tool", (event) => this.#use((event as CustomEvent<ToolAction>).detail));
  }

  override async firstUpdated(): Promise<void> {
    try {
      this.data = this.src
        ? await request<Layered>(this.src, { lang: this.lang })
        : jsonScript<Layered>(this.source);
    } catch {
      this.failed = true;
    }
    this.failed ||= !this.data;
    if (this.data) this.#land(this.data);
    window.addEventListener("hashchange", this.#follow);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.#follow);
  }

  /** The part of the canvas in view; null before there is one. */
  seen(): Box | null {
    const { data, stage } = this;
    const box = stage?.seen();
    return data && box ? onCanvas(box, [data.canvas.width, data.canvas.height]) : null;
  }

  /** Frames a region, or takes the frame away. */
  mark(box: Box | null): void {
    this.marked = box;
    this.selected = box && MARK;
  }

  override render() {
    const { data } = this;
    const texts = textsFor(this.lang);
    if (this.failed) return html`<p class="rw-hint" role="alert">${texts.imageFailed}</p>`;
    if (!data) return nothing;
    this.#palette.prime(data.layers.map(({ id }) => id));
    return html`<div class="rw-workbench rw-viewer" data-phase="working">
      <div class="rw-view">
        <rubricator-stage
          .canvas=${data.canvas}
          .region=${data.region ?? null}
          .shapes=${this.#painted(data)}
          .selected=${this.selected}
          .texts=${texts}
          .name=${textIn(data.canvas.label, this.lang) || texts.image}
          tool="move"
          .memory=${"viewer"}
          readonly
        ></rubricator-stage>
        <rubricator-toolbar
          .texts=${texts}
          .drawing=${false}
          .helped=${false}
          .imaged=${this.imaged}
        ></rubricator-toolbar>
      </div>
      <aside class="rw-panel" aria-label=${texts.layers}>
        <div class="rw-sheet">
          ${data.layers.map((layer) => this.#layer(layer, data.canvas))} ${credit(data.canvas, this.lang)}
        </div>
      </aside>
    </div>`;
  }

  #layer({ id, title, shapes }: Layer, canvas: Canvas) {
    return html`<section class="rw-section">
      <h2 class="rw-section-title">
        <label class="rw-layer">
          <input type="checkbox" .checked=${!this.off.has(id)} @change=${() => this.#toggle(id)} />
          <i class="rw-swatch rw-pigment-${this.#palette.of(id).name}" data-line=${this.#palette.line(id)}></i>
          ${titleIn(title, this.lang)} <span class="rw-count">${shapes.length}</span>
        </label>
      </h2>
      ${
        this.off.has(id)
          ? nothing
          : html`<ol class="rw-shapes">
              ${shapes.filter((shape) => !hasBox(shape)).map((shape) => this.#row(shape, canvas))}
              ${inReadingOrder(shapes.filter(hasBox)).map((shape) => this.#row(shape, canvas))}
            </ol>`
      }
    </section>`;
  }

  #row({ id, box, points, confidence, ...said }: LayerShape, canvas: Canvas) {
    const texts = textsFor(this.lang);
    const place = box ? placeSentence(texts, { box, points }, [canvas.width, canvas.height]) : texts.onWhole;
    return html`<li class="rw-shape">
      <button
        type="button"
        class="rw-shape-pick"
        aria-current=${id === this.selected ? "true" : nothing}
        @click=${() => this.#pick(id, box)}
      >
        <span class="rw-shape-text">
          <span class="rw-shape-label">${captionOf(said) || texts.unlabelled}</span>
          <span class="rw-shape-place"
            >${place}${typeof confidence === "number" ? html` · ${texts.sure(confidence)}` : nothing}</span
          >
        </span>
      </button>
    </li>`;
  }

  #painted({ layers }: Layered): StageShape[] {
    const mark: StageShape[] = this.marked
      ? [{ id: MARK, box: this.marked, colour: VERMILION.colour, line: "solid", locked: true }]
      : [];
    const resting = layers
      .filter(({ id }) => !this.off.has(id))
      .flatMap((layer) =>
        layer.shapes.filter(hasBox).map((shape) => ({
          id: shape.id,
          box: shape.box,
          points: shape.points,
          colour: this.#palette.of(layer.id).colour,
          line: this.#palette.line(layer.id),
          label: shape.concepts[0]?.label ?? brief(shape.text),
          locked: true,
        })),
      );
    return [...resting, ...mark];
  }

  /** Begins with what the address or the page points at. */
  #land({ canvas, marked }: Layered): void {
    const box = regionIn(location.hash, [canvas.width, canvas.height]);
    if (box) {
      this.mark(box);
      this.tell("viewer-choose", { box, id: null });
    } else if (marked?.id && this.#shape(marked.id)) this.selected = marked.id;
    else if (marked) this.mark(marked.box);
  }

  readonly #follow = (): void => {
    if (!this.data || !location.hash.includes("xywh=")) return;
    this.#land({ ...this.data, marked: null });
    this.#near();
  };

  #near(): void {
    const box = this.selected === MARK ? this.marked : this.#shape(this.selected)?.box;
    if (box) this.stage?.reveal(box, { share: MARK_SHARE });
  }

  #shape(id: string | null): LayerShape | undefined {
    return this.data?.layers.flatMap(({ shapes }) => shapes).find((shape) => shape.id === id);
  }

  #choose(id: string | null): void {
    if (id === this.selected) return;
    this.selected = id;
    if (id !== MARK) this.marked = null;
    const box = id === MARK ? this.marked : (this.#shape(id)?.box ?? null);
    this.tell("viewer-choose", { box, id: id === MARK ? null : id });
  }

  #toggle(id: string): void {
    const off = new Set(this.off);
    if (!off.delete(id)) off.add(id);
    this.off = off;
  }

  #pick(id: string, box: Box | null): void {
    this.#choose(id);
    if (box) this.stage?.reveal(box);
    else this.stage?.fit();
  }

  #use(action: ToolAction): void {
    if (action === "zoom-in") this.stage?.zoom(1.5);
    else if (action === "zoom-out") this.stage?.zoom(1 / 1.5);
    else if (action === "fit") this.stage?.fit();
  }
}

/** What an annotation says, in a list: its concepts, then its words. */
const captionOf = ({ concepts, text }: Pick<LayerShape, "concepts" | "text">): string =>
  [concepts.map(({ label }) => label).join(", "), text].filter(Boolean).join(" · ");

/** What of a text stands beside a shape. */
const BESIDE = 32;
const brief = (text = ""): string | undefined =>
  text.length > BESIDE ? `${text.slice(0, BESIDE - 1).trimEnd()}…` : text || undefined;

const hasBox = (shape: LayerShape): shape is LayerShape & { box: Box } => shape.box !== null;

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-viewer": RubricatorViewer;
  }
}
