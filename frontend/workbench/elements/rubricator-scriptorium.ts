/**
 * `<rubricator-scriptorium source="scriptorium-data">`: a room in which several people write at the same canvas. The
 * JSON in the page names the canvas, the layer (`container`, as the Web Annotation Protocol calls it), where its changes
 * are told, and the vocabulary. The element holds the sitting; what the elements inside it tell becomes a change.
 */

import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { bestShelf } from "../api/indexeddb.ts";
import { furtherLayers } from "../api/layers.ts";
import { sharedServer, vocabularyServer } from "../api/shared.ts";
import { alone, browserClock, newId } from "../api/world.ts";
import type { Canvas, Titles } from "../core/contract.ts";
import type { Box, Size } from "../core/geometry.ts";
import type { Layer } from "../core/layers.ts";
import { Lexicon } from "../core/lexicon.ts";
import { textsFor } from "../core/locale/index.ts";
import type { ShapeKind } from "../core/outline.ts";
import { Scriptorium, type ScriptoriumState } from "../core/scriptorium.ts";
import type { Term } from "../core/shared.ts";
import type { Tool } from "../viewer/gestures.ts";
import { obeying } from "./commands.ts";
import { Hearing } from "./hearing.ts";
import { jsonScript } from "./jsonscript.ts";
import { Keyboard } from "./keyboard.ts";
import { Layering } from "./layering.ts";
import { LightElement } from "./light.ts";
import { Palette } from "./pigments.ts";
import type { RubricatorKeys } from "./rubricator-keys.ts";
import type { RubricatorLabel } from "./rubricator-label.ts";
import type { RubricatorStage } from "./rubricator-stage.ts";
import { Scribing } from "./scribing.ts";
import { shownThrough } from "./shown-through.ts";
import { layerTogether, paintedTogether } from "./together.ts";
import "./rubricator-keys.ts";
import "./rubricator-margin.ts";
import "./rubricator-stage.ts";
import "./rubricator-toolbar.ts";

interface Room {
  readonly canvas: Canvas;
  /** The URI of the manifest that the canvas is of. */
  readonly manifest: string;
  readonly changes: string;
  readonly container: string;
  readonly vocabulary: string | null;
  /** The layer in which one writes. */
  readonly layer: { readonly id: string; readonly title: Titles };
}

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
  @query("rubricator-label") private labels!: RubricatorLabel | null;
  @query("rubricator-keys") keys!: RubricatorKeys;

  readonly #palette = new Palette();
  readonly #own: Record<string, () => void> = {
    r: () => this.#scribing.draw("box"),
    o: () => this.#scribing.draw("polygon"),
    p: () => this.#scribing.draw("point"),
  };
  readonly #scribing = new Scribing(this);
  readonly #layering = new Layering(this, "scriptorium");
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
    const texts = textsFor(this.lang, this.kind);
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
          .tool=${mayWrite ? this.tool : "move"}
          .draws=${this.kind}
          .texts=${texts}
          .name=${texts.image}
          ?readonly=${!mayWrite}
        ></rubricator-stage>
        <rubricator-toolbar
          .texts=${texts}
          .tool=${this.tool}
          .draws=${this.kind}
          .drawing=${mayWrite}
          ?undoable=${now?.undoable ?? false}
          ?redoable=${now?.redoable ?? false}
        ></rubricator-toolbar>
      </div>
      <rubricator-margin
        .state=${now}
        .canvas=${canvas}
        .lexicon=${this.lexicon}
        .palette=${this.#palette}
        .label=${this.label}
        .live=${this.live}
        .kind=${this.kind}
        .layering=${{ signs, chosen, veiled: hidden }}
        .texts=${texts}
        login-url=${this.loginUrl || nothing}
      ></rubricator-margin>
      <rubricator-keys .texts=${texts} .map=${layered ? [...keyMap, [texts.layers, [texts.layering.key]]] : keyMap}></rubricator-keys>
    </div>`;
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
    const { width = 1, height = 1 } = this.#room?.canvas ?? {};
    return [width, height];
  }

  async #sit(): Promise<void> {
    const room = this.#room;
    if (!room) return;
    const { canvas, manifest, changes, container, vocabulary } = room;
    const shelf = await bestShelf();
    if (!this.isConnected || this.sitting) return;
    const world = { shelf, clock: browserClock, newId, alone };
    const where = {
      canvas: canvas.uri,
      manifest,
      size: this.#size,
      lang: this.lang,
    };
    const prefix = `together/${encodeURIComponent(this.person)}/${container}${canvas.id}/`;
    const server = sharedServer(changes, container, newId(), this.lang);
    const sitting = new Scriptorium(world, server, where, prefix, (now) => this.#become(now));
    this.sitting = sitting;
    void this.#lookFurther(room);
    await sitting.start();
    // Opened in the background: nobody looks yet.
    if (document.hidden) sitting.sleep();
    if (!vocabulary || !sitting.state.mayWrite) return;
    const labels = vocabularyServer(vocabulary, this.lang);
    const lexicon = new Lexicon(labels, shelf, `chosen/${this.person}/${vocabulary}/${this.lang}`);
    // Without labels one can still draw; the field says what failed when it is used.
    await lexicon.open().catch(() => undefined);
    this.#palette.prime(lexicon.quick.map(({ id }) => id));
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
