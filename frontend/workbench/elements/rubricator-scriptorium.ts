/**
 * `<rubricator-scriptorium source="scriptorium-data">`: a room in which several people write at the same canvas. The
 * JSON in the page names the canvas, the layer (`container`, as the Web Annotation Protocol calls it), where its changes
 * are told, and the vocabulary. The element holds the sitting; what the elements inside it tell becomes a change.
 */

import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Box, Size } from "../core/geometry.ts";
import type { Lexicon } from "../core/lexicon.ts";
import { type Texts, textsFor } from "../core/locale/index.ts";
import type { ShapeKind } from "../core/outline.ts";
import type { Scriptorium, ScriptoriumState } from "../core/scriptorium.ts";
import type { Term } from "../core/shared.ts";
import type { Tool } from "../viewer/gestures.ts";
import { assistNote } from "./assistnote.ts";
import { Bunching } from "./bunching.ts";
import { obeying } from "./commands.ts";
import { Hearing } from "./hearing.ts";
import { hearHelp, helpKeys, helpOf, helpTexts } from "./helped.ts";
import { Helping } from "./helping.ts";
import { ImageTool } from "./imagetool.ts";
import { jsonScript } from "./jsonscript.ts";
import { keptClipboard } from "./keptclipboard.ts";
import { Keyboard } from "./keyboard.ts";
import { Layering } from "./layering.ts";
import { LightElement } from "./light.ts";
import { Palette } from "./pigments.ts";
import { labelsOf, type Room, sitAt, sizeOf } from "./room.ts";
import { RoomLayers } from "./roomlayers.ts";
import type { RubricatorBranches } from "./rubricator-branches.ts";
import type { RubricatorKeys } from "./rubricator-keys.ts";
import type { RubricatorLabel } from "./rubricator-label.ts";
import type { RubricatorStage } from "./rubricator-stage.ts";
import { Scribing } from "./scribing.ts";
import { sharedBench } from "./sharedbench.ts";
import { SUGGESTIONS } from "./shown-through.ts";
import "./rubricator-branches.ts";
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
  @state() many = false;
  @state() private lexicon: Lexicon | null = null;
  @state() live: Box | null = null;

  @query("rubricator-stage") stage!: RubricatorStage | null;
  @query("rubricator-label, rubricator-several rubricator-concepts") labels!: Pick<
    RubricatorLabel,
    "choose" | "take"
  > | null;
  @query("rubricator-branches") branches!: RubricatorBranches | null;
  @query("rubricator-keys") keys!: RubricatorKeys;

  readonly #palette = new Palette();
  readonly #own: Record<string, () => void> = {
    b: () => this.#scribing.draw("box"),
    u: () => this.#scribing.draw("polygon"),
    p: () => this.#scribing.draw("point"),
  };
  // It says how much is deleted, and hears of it while that still stands.
  readonly #bunching = new Bunching(this, {
    bench: () => sharedBench(this.sitting, this.room?.canvas.id ?? "", this.#size),
    texts: () => this.texts,
    reveal: (box) => this.stage?.reveal(box),
    clipboard: keptClipboard(),
  });
  readonly #scribing = new Scribing(this);
  readonly helping = new Helping(this);
  readonly #layering = new Layering(this, "scriptorium");
  readonly #lying = new RoomLayers(this, this.#layering, this.#palette);
  readonly #imageTool = new ImageTool(this);
  room: Room | null = null;
  sitting: Scriptorium | null = null;

  constructor() {
    super();
    obeying(this);
    hearHelp(this);
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
      () => ({
        ...(this.now?.mayWrite ? { ...this.#own, ...this.helping.keys } : {}),
        h: () => this.#layering.toggle(),
      }),
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.room = jsonScript<Room>(this.source);
    void this.#sit();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.helping.leave();
    this.sitting?.close();
    this.sitting = null;
  }

  override render() {
    const { now } = this;
    const texts = this.texts;
    if (!this.room) return html`<p class="rw-hint" role="alert">${texts.imageFailed}</p>`;
    const { canvas } = this.room;
    const mayWrite = now?.mayWrite ?? false;
    const { signs, chosen, hidden } = this.#layering;
    const layered = signs.layers.length > 0;
    const { keyMap } = texts.scriptorium;
    const { candidates, state: help, tree } = this.helping;
    return html`<div class="rw-workbench" dir=${texts.dir} data-phase="working" data-testid="scriptorium" data-heard=${String(Boolean(now?.shapes))}>
      <div class="rw-view">
        <rubricator-stage
          .canvas=${canvas}
          .shapes=${this.#lying.shown()}
          .selected=${now?.selected ?? candidates.picked}
          .also=${mayWrite ? (now?.also ?? []) : null}
          ?gathers=${this.#bunching.gathers}
          .tool=${mayWrite ? this.tool : "move"}
          .draws=${this.kind}
          .texts=${texts}
          .name=${texts.image}
          .memory=${this.room.container}
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
        ${assistNote(help, texts, () => this.helping.leave())}
      </div>
      <rubricator-margin
        .state=${now}
        .canvas=${canvas}
        .lexicon=${this.lexicon}
        .palette=${this.#palette}
        .label=${this.label}
        ?many=${this.many}
        .live=${this.live}
        ?gathers=${this.#bunching.gathers}
        .kind=${this.kind}
        .layering=${{ signs, chosen, veiled: hidden }}
        .help=${helpOf(this.helping, this.#layering.leastOf(SUGGESTIONS))}
        .texts=${texts}
        login-url=${this.loginUrl || nothing}
      ></rubricator-margin>
      <rubricator-keys
        .texts=${texts}
        .map=${layered ? [...keyMap, [texts.layers, [texts.layering.key]]] : keyMap}
        .more=${[...(mayWrite ? [texts.several.keys, helpKeys(texts, tree !== null)] : []), texts.imaging.keys([])]}
      ></rubricator-keys>
      <rubricator-branches .server=${tree} .texts=${helpTexts(texts)}></rubricator-branches>
      ${this.#bunching.live()}
    </div>`;
  }

  get texts(): Texts {
    return textsFor(this.lang, this.kind);
  }

  #become(now: ScriptoriumState): void {
    this.now = now;
    this.#lying.lay();
  }

  found(): void {
    this.#lying.lay();
  }

  get #size(): Size {
    return sizeOf(this.room);
  }

  async #sit(): Promise<void> {
    const room = this.room;
    if (!room) return;
    const sitting = await sitAt(room, this, (now) => this.#become(now));
    if (!this.isConnected || this.sitting) return;
    this.sitting = sitting;
    void this.#lying.look(this.layers, this.lang);
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
