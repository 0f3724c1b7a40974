/** `<rubricator-stage>`: the image to draw on, as an element; also everything the keyboard does on it. */

import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Outcome } from "../core/access.ts";
import type { Canvas } from "../core/contract.ts";
import { type Box, boxBetween, centre, grown, moved } from "../core/geometry.ts";
import { en } from "../core/locale/en.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Tool } from "../viewer/gestures.ts";
import { type Command, commandOf } from "../viewer/keys.ts";
import { Stage, type StageShape } from "../viewer/stage.ts";
import { LightElement } from "./light.ts";
import { doorkeeper } from "./rubricator-access.ts";

/** A new box takes this share of what is in view. */
const NEW_BOX_SHARE = 0.15;
const PAN_PX = 60;

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
  @property() tool: Tool = "draw";
  @property({ type: Boolean }) readonly = false;
  @property({ attribute: false }) texts: Texts = en;
  @property({ attribute: false }) name = "";

  @state() private placing: Box | null = null;
  @state() private failed = false;
  @state() private waiting = true;
  @state() private admission: Outcome | null = null;
  @query(".rw-stage") private surface!: HTMLElement;
  #stage: Stage | null = null;

  override render() {
    return html`
      <div
        class="rw-stage"
        role="application"
        tabindex="0"
        aria-label=${this.name || this.texts.image}
        aria-describedby="rw-stage-hint"
        aria-busy=${String(this.waiting)}
        data-testid="stage"
        data-tool=${this.tool}
      ></div>
      <p id="rw-stage-hint" class="rw-unseen">
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
      ${this.placing ? html`<p class="rw-stage-note" aria-live="polite">${this.texts.placing}</p>` : nothing}
      ${
        this.failed
          ? html`<div class="rw-stage-failed" role="alert">
              <p>${this.texts.imageFailed}</p>
              <button type="button" class="rw-button" @click=${this.#open}>${this.texts.tryAgain}</button>
            </div>`
          : nothing
      }
    `;
  }

  override firstUpdated(): void {
    this.#stage = new Stage(this.surface, {
      drawn: (box) => this.tell("stage-draw", { box, by: "hand" }),
      edited: (id, box) => this.tell("stage-edit", { id, box }),
      select: (id) => this.tell("stage-select", { id }),
      preview: (id, box) => this.tell("stage-preview", { id, box }),
      shown: () => {
        this.waiting = false;
        this.tell("rubricator-image-shown", { canvas: this.canvas?.id });
      },
      failed: () => {
        this.failed = true;
      },
    });
  }

  override updated(changed: PropertyValues<this>): void {
    const other = changed.has("canvas") && changed.get("canvas")?.id !== this.canvas?.id;
    const elsewhere = changed.has("region") && String(changed.get("region")) !== String(this.region);
    if (other || (elsewhere && this.canvas)) void this.#open();
    if (changed.has("ahead") && this.ahead && !this.ahead.image.auth) void this.#stage?.warm(this.ahead);
    const { tool, shapes, selected, readonly, region, placing } = this;
    this.#stage?.update({ tool, shapes, selected, readonly, region, placing });
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

  /** The part of the canvas in view, as a box; it may reach over the edges. */
  seen(): Box | null {
    return this.waiting ? null : (this.#stage?.seen() ?? null);
  }

  carry(carrying: boolean): void {
    this.#stage?.carry(carrying);
  }

  /** Does what a key asks of the image; answers whether the key was meant for it. */
  key(event: KeyboardEvent): boolean {
    const command = commandOf(event);
    if (!command || !this.canvas) return false;
    const done = this.placing ? this.#place(command, this.placing) : this.#act(command);
    if (done) event.preventDefault();
    else if (["undo", "redo", "help", "draw", "move", "choose", "next"].includes(command.kind)) {
      event.preventDefault();
      this.tell("stage-command", command);
      return true;
    }
    return done;
  }

  /** Begins a box in the middle of what is in view, to be set down with Enter. */
  place(): void {
    const stage = this.#stage;
    if (!stage?.placed || this.readonly) return;
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
        this.#placeAt(moved(box, command.dx, command.dy, size));
        return true;
      case "grow":
        this.#placeAt(grown(box, command.dx, command.dy, size));
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
        if (this.selected) this.tell("stage-confirm", { id: this.selected });
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
        if (!shape) {
          this.#stage?.pan(-Math.sign(command.dx) * PAN_PX, -Math.sign(command.dy) * PAN_PX);
          return true;
        }
        const change = command.kind === "nudge" ? moved : grown;
        const box = change(shape.box, command.dx, command.dy, size);
        this.tell("stage-edit", { id: shape.id, box });
        this.reveal(box);
        return true;
      }
      default:
        return this.#look(command);
    }
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
    this.waiting = true;
    this.admission = null;
    if (!canvas) return;
    if (!canvas.image.auth) return void this.#stage?.open(canvas, this.around ?? this.region);
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
    if (outcome.canvas) await this.#stage?.open(outcome.canvas, this.around ?? this.region);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-stage": RubricatorStage;
  }
}
