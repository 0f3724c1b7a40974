/** `<rubricator-stage>`: the image to draw on, as an element; also everything the keyboard does on it. */

import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Outcome } from "../core/access.ts";
import type { Canvas } from "../core/contract.ts";
import { type Box, boxBetween, centre, moved, type Point } from "../core/geometry.ts";
import { isProtected, withBase, withOthers } from "../core/layering.ts";
import { en } from "../core/locale/en.ts";
import type { Texts } from "../core/locale/texts.ts";
import { isPlain, placeOf, type ShapeKind } from "../core/outline.ts";
import type { Tool } from "../viewer/gestures.ts";
import { type Command, commandOf } from "../viewer/keys.ts";
import { Stage, type StageShape } from "../viewer/stage.ts";
import { grownOnScreen, stepOnCanvas } from "../viewer/turning.ts";
import { Imaging } from "./imaging.ts";
import { LightElement } from "./light.ts";
import { OutlineKeys } from "./outlinekeys.ts";
import { doorkeeper } from "./rubricator-access.ts";
import { sketchNote } from "./sketchnote.ts";

/** A new box takes this share of what is in view. */
const NEW_BOX_SHARE = 0.15;
const PAN_PX = 60;
/** Commands that are none of the stage's business; those about several only where several can be picked. */
const PASSED_ON = ["undo", "redo", "help", "draw", "move", "choose", "next"];
/** What a key that is held down says once: never of the next suggestion, or the next image, as well. */
const SAID_ONCE = ["confirm", "delete", "choose"];
const ABOUT_SEVERAL = ["all", "extend", "duplicate", "copy", "paste"];
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
  /** Where how the image is shown is remembered: the campaign, or "" for nowhere; null: it is shown as it is. */
  @property({ attribute: false }) memory: string | null = null;
  /** Called when another part of the canvas comes into view: for a second stage that moves along. */
  @property({ attribute: false }) follows: (() => void) | null = null;

  @state() private placing: Box | null = null;
  @state() private failed = false;
  @state() private waiting = true;
  /** How many corners the outline in the making has. */
  @state() private corners = 0;
  /** Said for a moment: why the last stroke was not taken. */
  @state() private said = "";
  @state() private admission: Outcome | null = null;
  @query(".rw-stage") private surface!: HTMLElement;
  #stage: Stage | null = null;
  #isOpen = true;
  /** Two may stand beside each other. */
  readonly #hint = `rw-stage-hint-${++count}`;
  readonly #outlines = new OutlineKeys(this);
  /** How the image is shown. */
  readonly imaging = new Imaging(this);

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
      ${
        this.admission?.ask
          ? html`<rubricator-access
              .canvas=${this.canvas}
              .outcome=${this.admission}
              .texts=${this.texts}
              @access-outcome=${this.#answered}
            ></rubricator-access>`
          : nothing
      }
      ${this.waiting && !this.failed && !this.admission?.ask ? html`<div class="rw-stage-wait" aria-hidden="true"></div>` : nothing}
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
    if (this.placing) return html`<p class="rw-stage-note" aria-live="polite">${texts.placing}</p>`;
    const { aiming } = this.#outlines;
    return sketchNote({
      texts,
      corners,
      aiming,
      draws: this.draws,
      said: this.said,
      close: () => this.#stage?.outliner.close(),
      back: () => this.#stage?.outliner.back(),
      drop: () => this.#outlines.end(),
    });
  }

  override firstUpdated(): void {
    this.#stage = new Stage(this.surface, {
      drawn: (box) => this.tell("stage-draw", { box, by: "hand" }),
      edited: (id, box) => this.tell("stage-edit", { id, box }),
      select: (id) => this.tell("stage-select", { id }),
      traced: (points) => {
        const by = this.#outlines.aiming ? "keyboard" : "hand";
        this.#outlines.end();
        this.tell("stage-draw", { ...placeOf(points, this.#stage?.size ?? [1, 1]), by });
      },
      reshaped: (id, points) => this.reshape(id, points),
      corner: (index) => this.#outlines.pick(index),
      crossed: () => this.#say(this.texts.drawing.crosses),
      sketched: (corners) => this.#sketched(corners),
      pick: (id) => this.tell("stage-pick", { id }),
      framed: (box) => this.tell("stage-framed", { box }),
      carried: (dx, dy) => this.tell("stage-carried", { dx, dy }),
      copied: (dx, dy) => this.tell("stage-copied", { dx, dy }),
      preview: (id, box) => this.tell("stage-preview", { id, box }),
      missing: (image, choice) => this.imaging.missing(image, choice),
      say: (units) => this.imaging.sayLength(units),
      sayLength: (length) => this.texts.imaging.length(length),
      measured: (units) => this.imaging.measured(units),
      shown: () => {
        this.waiting = false;
        this.tell("rubricator-image-shown", { canvas: this.canvas?.id });
      },
      failed: () => {
        this.failed = true;
      },
      moved: () => this.follows?.(),
    });
    this.imaging.arrive();
  }

  override updated(changed: PropertyValues<this>): void {
    const other = changed.has("canvas") && changed.get("canvas")?.id !== this.canvas?.id;
    const elsewhere = changed.has("region") && String(changed.get("region")) !== String(this.region);
    if (other || (elsewhere && this.canvas)) void this.#open();
    if (changed.has("ahead") && this.ahead && !isProtected(this.ahead)) void this.#stage?.warm(this.ahead);
    if (changed.has("selected")) this.#outlines.let();
    if (changed.has("tool")) this.imaging.putAway();
    const { tool, shapes, selected, readonly, region, placing, draws } = this;
    const { corner, aim } = this.#outlines;
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
    return this.imaging.mark() || this.#outlines.mark();
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

  #sketched(corners: readonly Point[]): void {
    this.corners = corners.length;
    if (corners.length) this.#say("");
    if (corners.length === 1) this.tell("stage-select", { id: null });
    if (this.#isOpen) this.tell("stage-sketch", { corners });
  }

  reshape(id: string, points: readonly Point[]): void {
    this.tell("stage-edit", { id, ...placeOf(points, this.#stage?.size ?? [1, 1]) });
  }

  #say(sentence: string): void {
    this.said = sentence;
  }

  /** Does what a key asks of the image; answers whether the key was meant for it. */
  key(event: KeyboardEvent): boolean {
    if (!this.canvas) return false;
    const command = commandOf(event);
    if (this.imaging.key(event, command)) {
      event.preventDefault();
      return true;
    }
    if (!command) return false;
    if (event.repeat && SAID_ONCE.includes(command.kind)) {
      event.preventDefault();
      return true;
    }
    const done =
      this.#outlines.key(command) || (this.placing ? this.#place(command, this.placing) : this.#act(command));
    if (done) event.preventDefault();
    else if (this.#isPassedOn(command)) {
      event.preventDefault();
      this.tell("stage-command", command);
      return true;
    }
    return done;
  }

  #isPassedOn({ kind }: Command): boolean {
    if (PASSED_ON.includes(kind)) return true;
    // Text that somebody has marked on the page is what they want to copy.
    if (kind === "copy" && String(getSelection() ?? "")) return false;
    return this.also !== null && !this.readonly && ABOUT_SEVERAL.includes(kind);
  }

  /** Begins a box in the middle of what is in view, to be set down with Enter. */
  place(): void {
    const stage = this.#stage;
    if (!stage?.placed || this.readonly) return;
    if (this.draws !== "box") {
      this.#outlines.begin();
      this.tell("stage-select", { id: null });
      this.focus();
      return;
    }
    const [x, y] = centre(stage.seen());
    const [, , w, h] = stage.seen();
    const side = Math.round((Math.min(w, h, ...stage.size) * NEW_BOX_SHARE) / 2);
    const box = boxBetween(
      [Math.round(x) - side, Math.round(y) - side],
      [Math.round(x) + side, Math.round(y) + side],
      stage.size,
    );
    this.placing = box ?? boxBetween([0, 0], [2 * side, 2 * side], stage.size);
    this.tell("stage-select", { id: null });
    this.focus();
  }

  #place(command: Command, box: Box): boolean {
    const size = this.#stage?.size ?? [1, 1];
    switch (command.kind) {
      case "nudge":
        this.#placeAt(moved(box, ...this.#onCanvas(command), size));
        return true;
      case "grow":
        this.#placeAt(this.#grown(box, command));
        return true;
      case "confirm":
        this.placing = null;
        this.tell("stage-draw", { box, by: "keyboard" });
        return true;
      case "cancel":
      case "delete":
        this.placing = null;
        return true;
      default:
        return command.kind === "new" || this.#look(command);
    }
  }

  #placeAt(box: Box): void {
    this.placing = box;
    this.#stage?.reveal(box);
  }

  #act(command: Command): boolean {
    const shape = this.readonly ? undefined : this.shapes.find(({ id }) => id === this.selected);
    const size = this.#stage?.size ?? [1, 1];
    switch (command.kind) {
      case "new":
        this.place();
        return true;
      case "confirm":
        if (this.selected || this.confirms) this.tell("stage-confirm", { id: this.selected });
        else this.place();
        return true;
      case "cancel":
        if (!this.#stage?.cancel()) this.tell("stage-select", { id: null });
        return true;
      case "delete":
        if (!this.selected) return false;
        this.tell("stage-delete", { id: this.selected });
        return true;
      case "nudge":
      case "grow": {
        if (this.also?.length) {
          if (command.kind === "nudge") this.tell("stage-carried", { dx: command.dx, dy: command.dy });
          return true;
        }
        if (shape && !isPlain(shape)) return this.#outlines.move(shape, command);
        if (!shape) {
          this.#stage?.pan(-Math.sign(command.dx) * PAN_PX, -Math.sign(command.dy) * PAN_PX);
          return true;
        }
        const box =
          command.kind === "nudge"
            ? moved(shape.box, ...this.#onCanvas(command), size)
            : this.#grown(shape.box, command);
        this.tell("stage-edit", { id: shape.id, box });
        this.reveal(box);
        return true;
      }
      default:
        return this.#look(command);
    }
  }

  /** A step on the screen, as one on the canvas, however that is turned. */
  #onCanvas({ dx, dy }: { dx: number; dy: number }): Point {
    return this.#stage ? stepOnCanvas(this.#stage.view(), [dx, dy]) : [dx, dy];
  }

  #grown(box: Box, { dx, dy }: { dx: number; dy: number }): Box {
    return this.#stage ? grownOnScreen(this.#stage.view(), box, dx, dy, this.#stage.size) : box;
  }

  #look(command: Command): boolean {
    if (command.kind === "zoom") this.zoom(command.factor);
    else if (command.kind === "fit") this.fit();
    else return false;
    return true;
  }

  readonly #open = async (): Promise<void> => {
    const { canvas } = this;
    this.failed = false;
    this.placing = null;
    // What was half drawn on the image before is no stroke on this one.
    this.#isOpen = false;
    this.#outlines.end();
    this.#isOpen = true;
    this.said = "";
    this.waiting = true;
    this.admission = null;
    if (!canvas) return;
    this.imaging.begin(canvas);
    if (!isProtected(canvas))
      return void this.#stage?.open(canvas, this.around ?? this.region, this.imaging.showing);
    try {
      await this.#admit(canvas, await doorkeeper.admit(canvas));
    } catch {
      // A probe that cannot be asked tells nothing: the image may open all the same.
      await this.#admit(canvas, { canvas, ask: null });
    }
  };

  readonly #answered = ({ detail }: CustomEvent<{ canvas: Canvas; outcome: Outcome }>): void => {
    void this.#admit(detail.canvas, detail.outcome);
  };

  async #admit(asked: Canvas, outcome: Outcome): Promise<void> {
    if (asked.id !== this.canvas?.id) return;
    this.admission = outcome;
    if (!outcome.canvas) return;
    const shown = await withOthers(withBase(this.canvas, outcome.canvas), (one) => doorkeeper.admit(one));
    if (asked.id !== this.canvas?.id) return;
    await this.#stage?.open(shown, this.around ?? this.region, this.imaging.showing);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-stage": RubricatorStage;
  }
}
