/** `<rubricator-stage>`: the image to draw on, as an element; what is done on it is told to the parents. */

import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Canvas } from "../core/contract.ts";
import type { Box, Point } from "../core/geometry.ts";
import { isProtected } from "../core/layering.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { placeOf, type ShapeKind } from "../core/outline.ts";
import type { Tool } from "../viewer/gestures.ts";
import { Stage, type StageShape } from "../viewer/stage.ts";
import { Admission } from "./admission.ts";
import { Imaging } from "./imaging.ts";
import { LightElement } from "./light.ts";
import { OutlineKeys } from "./outlinekeys.ts";
import { sketchNote } from "./sketchnote.ts";
import { stageEvents } from "./stageevents.ts";
import { StageKeys } from "./stagekeys.ts";

let count = 0;

@customElement("rubricator-stage")
export class RubricatorStage extends LightElement {
  @property({ attribute: false }) canvas: Canvas | null = null;
  @property({ attribute: false }) region: Box | null = null;
  /** What is in view at first, where it is more than the region. */
  @property({ attribute: false }) around: Box | null = null;
  /** The canvas to fetch ahead. */
  @property({ attribute: false }) ahead: Canvas | null = null;
  @property({ attribute: false }) shapes: readonly StageShape[] = [];
  @property({ attribute: false }) selected: string | null = null;
  /** What is picked beside the selected one; null where only one can be. */
  @property({ attribute: false }) also: readonly string[] | null = null;
  /** As if Shift were held. */
  @property({ type: Boolean }) gathers = false;
  @property() tool: Tool = "draw";
  @property({ type: Boolean }) readonly = false;
  /** Enter with nothing picked is told too, and places nothing. */
  @property({ type: Boolean }) confirms = false;
  /** What the draw tool draws. */
  @property({ attribute: false }) draws: ShapeKind = "box";
  @property({ attribute: false }) texts: Texts = en;
  @property({ attribute: false }) name = "";
  /** Where how the image is shown is remembered: the campaign, or "" for nowhere, as on other people's pages; null: it is shown as it is. */
  @property({ attribute: false }) memory: string | null = null;
  /** Called when another part of the canvas comes into view: for a second stage that moves along. */
  @property({ attribute: false }) follows: (() => void) | null = null;

  @state() failed = false;
  @state() waiting = true;
  /** How many corners the outline in the making has. */
  @state() private corners = 0;
  /** Said for a moment: why the last stroke was not taken. */
  @state() said = "";
  @query(".rw-stage") private surface!: HTMLElement;
  #stage: Stage | null = null;
  #isOpen = true;
  /** Two may stand beside each other. */
  readonly #hint = `rw-stage-hint-${++count}`;
  readonly outlines = new OutlineKeys(this);
  /** How the image is shown. */
  readonly imaging = new Imaging(this);
  readonly #keys = new StageKeys(this);
  readonly #admission = new Admission(
    this,
    (canvas) => void this.#stage?.open(canvas, this.around ?? this.region, this.imaging.state.showing),
  );

  override render() {
    return html`
      <div
        class="rw-stage"
        role="application"
        tabindex="0"
        aria-label=${this.name || this.texts.image}
        aria-describedby=${this.#hint}
        aria-busy=${String(this.waiting)}
        data-testid="stage"
        data-tool=${this.tool}
      ></div>
      <p id=${this.#hint} class="rw-unseen">
        ${this.readonly ? this.texts.imageHintReading : this.texts.imageHint}
      </p>
      ${this.#admission.render()}
      ${this.waiting && !this.failed && !this.#admission.asks ? html`<div class="rw-stage-wait" aria-hidden="true"></div>` : nothing}
      ${this.#note()}
      ${
        this.failed
          ? html`<div class="rw-stage-failed" role="alert">
              <p>${this.texts.imageFailed}</p>
              <button type="button" class="rw-button" @click=${this.#open}>${this.texts.tryAgain}</button>
            </div>`
          : nothing
      }
      ${this.imaging.render()}
    `;
  }

  /** What goes on, and which keys or buttons end it. */
  #note() {
    const { texts, corners } = this;
    if (this.#keys.placing) return html`<p class="rw-stage-note" aria-live="polite">${texts.placing}</p>`;
    const { aiming } = this.outlines;
    return sketchNote({
      texts,
      corners,
      aiming,
      draws: this.draws,
      said: this.said,
      close: () => this.#stage?.outliner.close(),
      back: () => this.#stage?.outliner.back(),
      drop: () => this.outlines.end(),
    });
  }

  override firstUpdated(): void {
    this.#stage = new Stage(this.surface, stageEvents(this));
    this.imaging.apply();
  }

  override updated(changed: PropertyValues<this>): void {
    const other = changed.has("canvas") && changed.get("canvas")?.id !== this.canvas?.id;
    const elsewhere = changed.has("region") && String(changed.get("region")) !== String(this.region);
    if (other || (elsewhere && this.canvas)) void this.#open();
    if (changed.has("ahead") && this.ahead && !isProtected(this.ahead)) void this.#stage?.warm(this.ahead);
    if (changed.has("selected")) this.outlines.let();
    if (changed.has("tool")) this.imaging.putAway();
    const { tool, shapes, selected, readonly, region, draws } = this;
    const { placing } = this.#keys;
    const { corner, aim } = this.outlines;
    const [also, gathers] = [this.also ?? [], this.gathers];
    this.#stage?.update({
      tool,
      shapes,
      selected,
      readonly,
      region,
      placing,
      draws,
      corner,
      aim,
      also,
      gathers,
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stage?.close();
    this.#stage = null;
  }

  zoom(factor: number): void {
    this.#stage?.zoom(factor);
  }

  fit(): void {
    this.#stage?.fit();
  }

  /** Brings a box into view; with a share, near enough that it fills this much of the stage. */
  reveal(box: Box, { share = 1 / 60 } = {}): void {
    this.#stage?.reveal(box, share);
  }

  override focus(): void {
    this.surface?.focus({ preventScroll: true });
  }

  /** Screen rectangle of a canvas box, relative to the stage: for tests and for things placed beside a shape. */
  view() {
    return this.#stage?.view();
  }

  /** Whether the image is on the screen, or will not come: what is said is said of it. */
  get isSeen(): boolean {
    return this.failed || !this.waiting;
  }

  /** The part of the canvas in view, as a box; it may reach over the edges. */
  seen(): Box | null {
    return this.waiting ? null : (this.#stage?.seen() ?? null);
  }

  carry(carrying: boolean): void {
    this.#stage?.carry(carrying);
  }

  /** Space sets a corner where the crosshair stands; false when there is no crosshair. */
  mark(): boolean {
    return this.imaging.mark() || this.outlines.mark();
  }

  /** Takes the last corner of an outline in the making back; false when there is none. */
  takeBack(): boolean {
    return this.#stage?.outliner.back() ?? false;
  }

  /** What draws on the image; for the keys. */
  get drawing(): Stage | null {
    return this.#stage;
  }

  /** Goes on with an outline that was in the making. */
  resume(corners: readonly Point[]): void {
    for (const corner of corners) this.#stage?.outliner.add(corner);
  }

  sketched(corners: readonly Point[]): void {
    this.corners = corners.length;
    if (corners.length) this.said = "";
    if (corners.length === 1) this.tell("stage-select", { id: null });
    if (this.#isOpen) this.tell("stage-sketch", { corners });
  }

  reshape(id: string, points: readonly Point[]): void {
    this.tell("stage-edit", { id, ...placeOf(points, this.#stage?.size ?? [1, 1]) });
  }

  /** Does what a key asks of the image; answers whether the key was meant for it. */
  key(event: KeyboardEvent): boolean {
    return this.canvas ? this.#keys.key(event) : false;
  }

  readonly #open = async (): Promise<void> => {
    const { canvas } = this;
    this.failed = false;
    this.#keys.end();
    // What was half drawn on the image before is no stroke on this one.
    this.#isOpen = false;
    this.outlines.end();
    this.#isOpen = true;
    this.said = "";
    this.waiting = true;
    if (canvas) this.imaging.begin(canvas);
    await this.#admission.begin(canvas);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-stage": RubricatorStage;
  }
}
