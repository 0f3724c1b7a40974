/**
 * `<rubricator-beside>`: two regions of two canvases beside each other, moving as one until they are let go; the one may
 * be laid over the other. It knows nothing of campaigns: give it `first` and `second`, or the id of a JSON script
 * (`source`) with both. Which stands left is the owner's to say; `beside-swap` asks for the other order.
 */

import { html, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { type Canvas, textIn } from "../core/contract.ts";
import type { Box } from "../core/geometry.ts";
import { surrounded } from "../core/linking.ts";
import { textsFor } from "../core/locale/index.ts";
import type { ImageCommand } from "../viewer/imagekeys.ts";
import { jsonScript } from "./jsonscript.ts";
import { Keyboard } from "./keyboard.ts";
import { LightElement } from "./light.ts";
import { LinkedStages, type Place } from "./linkedstages.ts";
import { framed } from "./pair.ts";
import { PairLight } from "./pairlight.ts";
import { pairTools } from "./pairtools.ts";
import { PairTurning } from "./pairturning.ts";
import type { RubricatorStage } from "./rubricator-stage.ts";
import "./rubricator-stage.ts";

/** One of the two: a canvas, and the part of it that is meant; null for all of it. */
export interface Side {
  readonly canvas: Canvas;
  readonly region: Box | null;
}

const STEP = 0.1;

@customElement("rubricator-beside")
export class RubricatorBeside extends LightElement {
  @property({ attribute: false }) first: Side | null = null;
  @property({ attribute: false }) second: Side | null = null;
  /** The pair to fetch ahead, in the order in which it will stand. */
  @property({ attribute: false }) ahead: readonly [Side, Side] | null = null;
  /** Id of a JSON script `{"first": …, "second": …}`; then the element minds its own order and keys. */
  @property() source = "";
  @property() override lang = document.documentElement.lang || "en";
  /** Where it is remembered how the pictures are shown; "" for nowhere. */
  @property({ attribute: false }) memory = "";

  @state() private linked = true;
  @state() private over = false;
  @state() private opacity = 0.5;
  @state() private said = "";
  @query('[data-side="left"] rubricator-stage') private leftStage!: RubricatorStage | null;
  @query('[data-side="right"] rubricator-stage') private rightStage!: RubricatorStage | null;
  @query(".rw-beside") private surface!: HTMLElement | null;
  #resizing: ResizeObserver | null = null;
  readonly #both = new LinkedStages(
    (place) => this.at(place),
    () => this.linked || this.over,
  );
  readonly #turning: PairTurning = new PairTurning(this);
  readonly #light: PairLight = new PairLight(this, this.#turning);

  private get texts() {
    return textsFor(this.lang);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const given = jsonScript<{ first: Side; second: Side }>(this.source);
    if (given) {
      this.first = given.first;
      this.second = given.second;
    }
  }

  override firstUpdated(): void {
    // Within a workbench the keys are its own to pass on.
    if (this.source)
      new Keyboard(
        this,
        () => this,
        () => undefined,
      );
    if (!this.surface || typeof ResizeObserver === "undefined") return;
    this.#resizing = new ResizeObserver(() => this.#both.settle());
    this.#resizing.observe(this.surface);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizing?.disconnect();
  }

  override updated(changed: PropertyValues): void {
    if (changed.has("opacity")) this.style.setProperty("--beside-opacity", `${this.opacity}`);
    if (changed.has("over")) this.#both.settle();
  }

  override render() {
    const { comparing } = this.texts;
    return html`<div
      class="rw-beside"
      role="group"
      aria-label=${comparing.pair}
      data-mode=${this.over ? "over" : "beside"}
      data-testid="beside"
    >
      ${this.#one("left", this.first, this.ahead?.[0])} ${this.#one("right", this.second, this.ahead?.[1])}
      ${pairTools(this.texts, {
        ...{ linked: this.linked, over: this.over, opacity: this.opacity, light: this.#light },
        ...{ swap: this.#swap, link: this.#link, overlay: this.#overlay, fade: this.#show },
      })}
      ${this.#light.render(this.texts)}
      <p class="rw-unseen" role="status" data-testid="beside-said">${this.said}</p>
    </div>`;
  }

  #one(place: Place, side: Side | null, ahead: Side | undefined) {
    const { comparing } = this.texts;
    const { canvas = null, region = null } = side ?? {};
    const lead = () => {
      this.#both.leader = place;
    };
    // What lies on top is the one that hands reach.
    return html`<div
      class="rw-beside-one"
      data-side=${place}
      @pointerdown=${lead}
      @wheel=${lead}
      @focusin=${lead}
      @image-state=${() => this.requestUpdate()}
    >
      <rubricator-stage
        .canvas=${canvas}
        .region=${region}
        .around=${region && canvas ? surrounded(region, [canvas.width, canvas.height]) : null}
        .ahead=${ahead?.canvas ?? null}
        .shapes=${framed(region)}
        .texts=${this.texts}
        .name=${comparing[place](textIn(canvas?.label, this.lang))}
        .follows=${() => this.#both.follow(place)}
        tool="move"
        readonly
        @rubricator-image-shown=${() => {
          this.#turning.settle(place);
          this.#both.follow(this.#both.leader);
        }}
      ></rubricator-stage>
    </div>`;
  }

  readonly #swap = (): void => {
    const { comparing } = this.texts;
    if (!this.first || !this.second) return;
    this.tell("beside-swap", {});
    this.said = comparing.swapped(textIn(this.second.canvas.label, this.lang));
    if (this.source) [this.first, this.second] = [this.second, this.first];
  };

  readonly #link = (): void => {
    this.linked = !this.linked;
    this.said = this.linked ? this.texts.comparing.linked : this.texts.comparing.unlinked;
    this.#both.follow(this.#both.leader);
  };

  readonly #overlay = (): void => {
    this.over = !this.over;
    this.#both.leader = this.over ? "right" : "left";
    this.said = this.over ? this.texts.comparing.overlaid : this.texts.comparing.sideBySide;
  };

  at(place: Place): RubricatorStage | null {
    return place === "left" ? this.leftStage : this.rightStage;
  }

  get stages(): readonly (RubricatorStage | null)[] {
    return [this.leftStage, this.rightStage];
  }

  /** Whether both are on the screen. */
  get isSeen(): boolean {
    return Boolean(this.leftStage?.isSeen && this.rightStage?.isSeen);
  }

  zoom(factor: number): void {
    this.#both.led?.zoom(factor);
  }

  fit(): void {
    this.#both.fit();
  }

  reveal(): void {
    this.fit();
  }

  override focus(): void {
    this.#both.led?.focus();
  }

  carry(carrying: boolean): void {
    this.leftStage?.carry(carrying);
    this.rightStage?.carry(carrying);
  }

  /** Nothing is drawn on a pair; what is measured has ends. */
  mark(): boolean {
    return this.#both.led?.imaging?.mark() ?? false;
  }

  takeBack(): boolean {
    return false;
  }

  /** Does what a key asks of the pair; answers whether it was meant for it. */
  key(event: KeyboardEvent): boolean {
    const plain = !(event.ctrlKey || event.metaKey || event.altKey);
    const act = plain && this.#keys(event.shiftKey)[event.key.toLowerCase()];
    if (!act) return this.#both.led?.key(event) ?? false;
    event.preventDefault();
    act();
    return true;
  }

  #keys(back: boolean): Readonly<Record<string, () => void>> {
    const led = (command: ImageCommand) => this.#turning.obey(this.#both.leader, command);
    return {
      x: () => this.#swap(),
      k: () => this.over || this.#link(),
      o: () => this.#overlay(),
      i: () => this.#light.toggle(),
      r: () => led({ kind: "turn", degrees: back ? -90 : 90 }),
      l: () => led({ kind: "loupe" }),
      e: () => led({ kind: "measure" }),
      "<": () => this.#fade(-STEP),
      ">": () => this.#fade(STEP),
    };
  }

  #fade(by: number): void {
    if (this.over) this.#show(Math.round(Math.min(1, Math.max(0, this.opacity + by)) * 100) / 100);
  }

  readonly #show = (opacity: number): void => {
    this.opacity = opacity;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-beside": RubricatorBeside;
  }
}
