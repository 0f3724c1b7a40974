/**
 * `<rubricator-scriptorium source="scriptorium-data">`: a room in which several people write at the same canvas. The
 * JSON in the page names the canvas, the layer (`container`, as the Web Annotation Protocol calls it), where its changes
 * are told, and the vocabulary. The element holds the sitting; what the elements inside it tell becomes a change.
 */

import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { furtherLayers } from "../api/layers.ts";
import type { Box, Size } from "../core/geometry.ts";
import type { Layer } from "../core/layers.ts";
import type { Lexicon } from "../core/lexicon.ts";
import { type Texts, textsFor } from "../core/locale/index.ts";
import type { ShapeKind } from "../core/outline.ts";
import type { Scriptorium, ScriptoriumState } from "../core/scriptorium.ts";
import type { Term } from "../core/shared.ts";
import type { Tool } from "../viewer/gestures.ts";
import { Bunching } from "./bunching.ts";
import { obeying } from "./commands.ts";
import { Hearing } from "./hearing.ts";
import { ImageTool } from "./imagetool.ts";
import { jsonScript } from "./jsonscript.ts";
import { keptClipboard } from "./keptclipboard.ts";
import { Keyboard } from "./keyboard.ts";
import { Layering } from "./layering.ts";
import { LightElement } from "./light.ts";
import { Palette } from "./pigments.ts";
import { labelsOf, type Room, sitAt, sizeOf } from "./room.ts";
import type { RubricatorKeys } from "./rubricator-keys.ts";
import type { RubricatorLabel } from "./rubricator-label.ts";
import type { RubricatorStage } from "./rubricator-stage.ts";
import { Scribing } from "./scribing.ts";
import { sharedBench } from "./sharedbench.ts";
import { shownThrough } from "./shown-through.ts";
import { layerTogether, paintedTogether } from "./together.ts";
import "./rubricator-keys.ts";
import "./rubricator-margin.ts";
import "./rubricator-stage.ts";
import "./rubricator-toolbar.ts";

@customElement("rubricator-scriptorium")
export class RubricatorScriptorium extends LightElement {
  /** Id of the JSON script in the page. */
  @property() source = "";
  @property() override lang = document.documentElement.lang || "en";
  /** Whose unsent changes to keep, on a browser that several people use: any stable word. */
  @property() person = "";
  @property({ attribute: "login-url" }) loginUrl = "";
  /** Where further layers of a canvas are, its id in the place of `{canvas}`. */
  @property() layers = "";

  @state() now: ScriptoriumState | null = null;
  @state() tool: Tool = "draw";
  @state() kind: ShapeKind = "box";
  @state() label: Term | null = null;
  @state() private lexicon: Lexicon | null = null;
  @state() live: Box | null = null;

  @query("rubricator-stage") stage!: RubricatorStage | null;
  @query("rubricator-label, rubricator-several rubricator-concepts") private labels!: Pick<
    RubricatorLabel,
    "choose"
  > | null;
  @query("rubricator-keys") keys!: RubricatorKeys;

  readonly #palette = new Palette();
  readonly #own: Record<string, () => void> = {
    b: () => this.#scribing.draw("box"),
    u: () => this.#scribing.draw("polygon"),
    p: () => this.#scribing.draw("point"),
  };
  // It says how much is deleted, and hears of it while that still stands.
  readonly #bunching = new Bunching(this, {
    bench: () => sharedBench(this.sitting, this.#room?.canvas.id ?? "", this.#size),
    texts: () => this.#texts,
    reveal: (box) => this.stage?.reveal(box),
    clipboard: keptClipboard(),
  });
  readonly #scribing = new Scribing(this);
  readonly #layering = new Layering(this, "scriptorium");
  readonly #imageTool = new ImageTool(this);
  /** What else stands on the canvas. */
  #further: readonly Layer[] = [];
  #room: Room | null = null;
  sitting: Scriptorium | null = null;

  constructor() {
    super();
    obeying(this);
    new Hearing(this, (_on, signal) => {
      const wake = () => document.hidden || this.sitting?.wake();
      addEventListener("online", wake, { signal });
      addEventListener("pageshow", wake, { signal });
      addEventListener("pagehide", () => this.sitting?.sleep(), { signal });
      const look = () => (document.hidden ? this.sitting?.sleep() : wake());
      document.addEventListener("visibilitychange", look, { signal });
    });
    new Keyboard(
      this,
      () => this.stage,
      () => undefined,
      () => ({ ...(this.now?.mayWrite ? this.#own : {}), h: () => this.#layering.toggle() }),
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#room = jsonScript<Room>(this.source);
    void this.#sit();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sitting?.close();
    this.sitting = null;
  }

  override render() {
    const { now } = this;
    const texts = this.#texts;
    if (!this.#room) return html`<p class="rw-hint" role="alert">${texts.imageFailed}</p>`;
    const { canvas } = this.#room;
    const mayWrite = now?.mayWrite ?? false;
    const { signs, chosen, hidden } = this.#layering;
    const layered = signs.layers.length > 0;
    const keyMap = texts.scriptorium.keyMap;
    return html`<div class="rw-workbench" dir=${texts.dir} data-phase="working" data-testid="scriptorium" data-heard=${String(Boolean(now?.shapes))}>
      <div class="rw-view">
        <rubricator-stage
          .canvas=${canvas}
          .shapes=${now ? this.#shown(now) : []}
          .selected=${now?.selected ?? null}
          .also=${mayWrite ? (now?.also ?? []) : null}
          ?gathers=${this.#bunching.gathers}
          .tool=${mayWrite ? this.tool : "move"}
          .draws=${this.kind}
          .texts=${texts}
          .name=${texts.image}
          .memory=${this.#room.container}
          ?readonly=${!mayWrite}
        ></rubricator-stage>
        <rubricator-toolbar
          .texts=${texts}
          .tool=${this.tool}
          .draws=${this.kind}
          .drawing=${mayWrite}
          ?undoable=${now?.undoable ?? false}
          ?redoable=${now?.redoable ?? false}
          .imaged=${this.#imageTool.state}
        ></rubricator-toolbar>
      </div>
      <rubricator-margin
        .state=${now}
        .canvas=${canvas}
        .lexicon=${this.lexicon}
        .palette=${this.#palette}
        .label=${this.label}
        .live=${this.live}
        ?gathers=${this.#bunching.gathers}
        .kind=${this.kind}
        .layering=${{ signs, chosen, veiled: hidden }}
        .texts=${texts}
        login-url=${this.loginUrl || nothing}
      ></rubricator-margin>
      <rubricator-keys
        .texts=${texts}
        .map=${layered ? [...keyMap, [texts.layers, [texts.layering.key]]] : keyMap}
        .more=${[...(mayWrite ? [texts.several.keys] : []), texts.imaging.keys([])]}
      ></rubricator-keys>
      ${this.#bunching.live()}
    </div>`;
  }

  get #texts(): Texts {
    return textsFor(this.lang, this.kind);
  }

  #shown(now: ScriptoriumState) {
    const own = this.#room?.layer.id ?? "";
    const drawn = paintedTogether(now, this.#palette, this.#size);
    return shownThrough(drawn, [own], this.#layering, { picked: now.selected });
  }

  #become(now: ScriptoriumState): void {
    this.now = now;
    this.#lay();
  }

  /** What one writes lies above all else that stands on the canvas. */
  #lay(): void {
    const { layer } = this.#room ?? {};
    const written = layer && this.now ? layerTogether(layer, this.now) : null;
    this.#layering.take([...this.#further, ...(written?.shapes.length ? [written] : [])]);
  }

  async #lookFurther({ canvas, layer }: Room): Promise<void> {
    if (!this.layers) return;
    this.#further = await furtherLayers(this.layers, canvas.id, this.lang, ({ id }) => id === layer.id);
    this.#lay();
  }

  get #size(): Size {
    return sizeOf(this.#room);
  }

  async #sit(): Promise<void> {
    const room = this.#room;
    if (!room) return;
    const sitting = await sitAt(room, this, (now) => this.#become(now));
    if (!this.isConnected || this.sitting) return;
    this.sitting = sitting;
    void this.#lookFurther(room);
    await sitting.start();
    // Opened in the background: nobody looks yet.
    if (document.hidden) sitting.sleep();
    const lexicon = sitting.state.mayWrite ? await labelsOf(room, this) : null;
    this.#palette.prime((lexicon?.quick ?? []).map(({ id }) => id));
    this.lexicon = lexicon;
  }

  travel(way: "undo" | "redo"): void {
    this.sitting?.[way]();
  }

  choose(index: number): void {
    this.labels?.choose(index);
  }

  walk(step: 1 | -1): void {
    this.#scribing.walk(step);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-scriptorium": RubricatorScriptorium;
  }
}
