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
import type { Canvas, ConceptRef, Titles } from "../core/contract.ts";
import type { Box, Size } from "../core/geometry.ts";
import type { Layer } from "../core/layers.ts";
import { Lexicon } from "../core/lexicon.ts";
import { textsFor } from "../core/locale/index.ts";
import type { Place, ShapeKind } from "../core/outline.ts";
import { type Choice, Scriptorium, type ScriptoriumState } from "../core/scriptorium.ts";
import type { Term } from "../core/shared.ts";
import type { Tool } from "../viewer/gestures.ts";
import { obeying } from "./commands.ts";
import { Hearing, type On } from "./hearing.ts";
import { jsonScript } from "./jsonscript.ts";
import { Keyboard } from "./keyboard.ts";
import { Layering } from "./layering.ts";
import { LightElement } from "./light.ts";
import { Palette } from "./pigments.ts";
import type { RubricatorKeys } from "./rubricator-keys.ts";
import type { RubricatorLabel } from "./rubricator-label.ts";
import type { RubricatorStage } from "./rubricator-stage.ts";
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

  @state() private now: ScriptoriumState | null = null;
  @state() tool: Tool = "draw";
  @state() private kind: ShapeKind = "box";
  @state() private label: Term | null = null;
  @state() private lexicon: Lexicon | null = null;
  @state() private live: Box | null = null;

  @query("rubricator-stage") stage!: RubricatorStage | null;
  @query("rubricator-label") private labels!: RubricatorLabel | null;
  @query("rubricator-keys") keys!: RubricatorKeys;

  readonly #palette = new Palette();
  readonly #own: Record<string, () => void> = {
    r: () => this.#draw("box"),
    o: () => this.#draw("polygon"),
    p: () => this.#draw("point"),
  };
  readonly #layering = new Layering(this, "scriptorium");
  /** What else stands on the canvas. */
  #further: readonly Layer[] = [];
  #room: Room | null = null;
  #sitting: Scriptorium | null = null;

  constructor() {
    super();
    obeying(this);
    new Hearing(this, (on, signal) => {
      const wake = () => document.hidden || this.#sitting?.wake();
      addEventListener("online", wake, { signal });
      addEventListener("pageshow", wake, { signal });
      addEventListener("pagehide", () => this.#sitting?.sleep(), { signal });
      const look = () => (document.hidden ? this.#sitting?.sleep() : wake());
      document.addEventListener("visibilitychange", look, { signal });
      this.#hear(on);
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
    this.#sitting?.close();
    this.#sitting = null;
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
    if (!this.isConnected || this.#sitting) return;
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
    this.#sitting = sitting;
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

  #hear(on: On): void {
    on<Place>("stage-draw", ({ box, points }) => {
      const concepts = this.label ? [this.label] : [];
      this.#sitting?.create({ ...(points?.length ? { box, points } : { box }), concepts, text: "" });
    });
    on<Place & { id: string }>("stage-edit", ({ id, box, points }) => {
      this.live = null;
      this.#sitting?.change(id, points?.length ? { box, points } : { box });
    });
    on<{ id: string | null; reveal?: boolean }>("stage-select", ({ id, reveal }) => {
      this.#sitting?.select(id);
      const shape = reveal && this.now?.shapes?.find((known) => known.id === id);
      if (shape) this.stage?.reveal(shape.box);
    });
    on<{ id: string }>("stage-delete", ({ id }) => {
      this.#sitting?.remove(id);
      this.stage?.focus();
    });
    on("stage-confirm", () => this.#sitting?.select(null));
    on<{ id: string | null; box: Box | null }>("stage-preview", ({ id, box }) => {
      this.live = id ? box : null;
    });
    on<{ kind: ShapeKind }>("kind-chosen", ({ kind }) => this.#draw(kind));
    on<{ concept: ConceptRef }>("concept-chosen", ({ concept }) => this.#choose(concept));
    on("concepts-leave", () => this.stage?.focus());
    on<{ id: string; text: string }>("words-written", ({ id, text }) => this.#sitting?.change(id, { text }));
    on<{ id: string; choice: Choice }>("collated", ({ id, choice }) => {
      this.#sitting?.resolve(id, choice);
      this.stage?.focus();
    });
    on("status-retry", () => void this.#sitting?.retryRefused());
    on("status-discard", () => this.#sitting?.discardRefused());
  }

  #draw(kind: ShapeKind): void {
    this.kind = kind;
    this.tool = "draw";
  }

  /** A label for what is picked, or for the next one; chosen again it is taken away. */
  #choose({ id, label, uri }: ConceptRef): void {
    if (!uri) return;
    const term: Term = { id, label, uri };
    const picked = this.now?.shapes?.find((shape) => shape.id === this.now?.selected);
    if (!picked) {
      this.label = this.label?.id === id ? null : term;
      return;
    }
    const others = picked.concepts.filter((one) => one.id !== id);
    const takenBack = others.length < picked.concepts.length;
    const many = picked.concepts.length > 1;
    if (!takenBack) this.label = term;
    this.#sitting?.change(picked.id, { concepts: takenBack ? others : [...(many ? others : []), term] });
    // From the field the hand goes back to the image.
    if (this.contains(document.activeElement)) this.stage?.focus();
  }

  travel(way: "undo" | "redo"): void {
    this.#sitting?.[way]();
  }

  choose(index: number): void {
    this.labels?.choose(index);
  }

  walk(step: 1 | -1): void {
    const shapes = this.now?.shapes ?? [];
    if (!shapes.length) return;
    const at = shapes.findIndex(({ id }) => id === this.now?.selected);
    const next = shapes[at < 0 && step < 0 ? shapes.length - 1 : (at + step + shapes.length) % shapes.length];
    if (!next) return;
    this.#sitting?.select(next.id);
    this.stage?.reveal(next.box);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-scriptorium": RubricatorScriptorium;
  }
}
