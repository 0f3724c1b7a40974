/**
 * `<rubricator-viewer source="canvas-data">`: a canvas with its layers, to look at. The JSON comes from a
 * `json_script` in the page (`source` is its id) or from an address (`src`):
 * `{"canvas": …as in a task…, "region": box|null, "marked": {"box", "id"}|null, "layers": [{"id", "title": {"en", "fr"},
 * "kind", "shapes": …as in `core/layers.ts`…}]}`. What is marked (by the page, or by `#xywh=` in its address) is framed
 * and brought near; every choice is told as `viewer-choose`.
 */

import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { request } from "../api/client.ts";
import { type Canvas, textIn } from "../core/contract.ts";
import { onCanvas, regionIn } from "../core/fragment.ts";
import type { Box } from "../core/geometry.ts";
import type { Layer, LayerShape } from "../core/layers.ts";
import { textsFor } from "../core/locale/index.ts";
import type { StageShape } from "../viewer/stage.ts";
import { credit } from "./credit.ts";
import { jsonScript } from "./jsonscript.ts";
import { Keyboard } from "./keyboard.ts";
import { Layering } from "./layering.ts";
import { LightElement } from "./light.ts";
import { VERMILION } from "./pigments.ts";
import type { RubricatorStage } from "./rubricator-stage.ts";
import type { ImageButton, ToolAction } from "./rubricator-toolbar.ts";
import "./rubricator-layers.ts";
import "./rubricator-marks.ts";
import "./rubricator-stage.ts";
import "./rubricator-toolbar.ts";

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
  @state() private selected: string | null = null;
  @state() private marked: Box | null = null;
  @state() private failed = false;
  @state() private imaged: ImageButton = { open: false, changed: false };
  @query("rubricator-stage") private stage!: RubricatorStage | null;
  readonly #layering = new Layering(this, "canvas");
  /** What was painted last, and of what it was made: the same list again as long as that holds. */
  #shapes: { readonly of: readonly unknown[]; readonly list: readonly StageShape[] } = { of: [], list: [] };

  constructor() {
    super();
    new Keyboard(
      this,
      () => this.stage,
      () => undefined,
      { h: () => this.#layering.toggle() },
    );
    this.addEventListener("stage-select", (event) => {
      const { id, reveal } = (event as CustomEvent<{ id: string | null; reveal?: boolean }>).detail;
      if (id && reveal) this.#pick(id);
      else this.#choose(id);
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
    if (this.data) {
      this.#layering.take(this.data.layers);
      this.#land(this.data);
    }
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
    return html`<div class="rw-workbench rw-viewer" dir=${texts.dir} data-phase="working">
      <div class="rw-view">
        <rubricator-stage
          .canvas=${data.canvas}
          .region=${data.region ?? null}
          .shapes=${this.#painted}
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
          <rubricator-layers
            .signs=${this.#layering.signs}
            .chosen=${this.#layering.chosen}
            .veiled=${this.#layering.hidden}
            .texts=${texts}
          ></rubricator-layers>
          ${
            data.layers.length
              ? html`<rubricator-marks
                  .layers=${this.#layering.shown}
                  .canvas=${[data.canvas.width, data.canvas.height]}
                  .selected=${this.selected}
                  .texts=${texts}
                ></rubricator-marks>`
              : nothing
          }
          ${credit(data.canvas, this.lang)}
        </div>
      </aside>
    </div>`;
  }

  get #painted(): readonly StageShape[] {
    const { marked } = this;
    const { painted } = this.#layering;
    const of = [painted, marked];
    if (of.every((part, index) => part === this.#shapes.of[index])) return this.#shapes.list;
    const { colour } = VERMILION;
    const frame = marked ? [{ id: MARK, box: marked, colour, line: "solid", locked: true } as const] : [];
    this.#shapes = { of, list: [...painted, ...frame] };
    return this.#shapes.list;
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

  #pick(id: string): void {
    this.#choose(id);
    const box = this.#shape(id)?.box;
    if (box) this.stage?.reveal(box);
    else this.stage?.fit();
  }

  #use(action: ToolAction): void {
    if (action === "zoom-in") this.stage?.zoom(1.5);
    else if (action === "zoom-out") this.stage?.zoom(1 / 1.5);
    else if (action === "fit") this.stage?.fit();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-viewer": RubricatorViewer;
  }
}
