/**
 * `<rubricator-beside>`: two regions of two canvases beside each other, moving as one until they are let go; the one may
 * be laid over the other. It knows nothing of campaigns: give it `first` and `second`, or the id of a JSON script
 * (`source`) with both. Which stands left is the owner's to say; `beside-swap` asks for the other order.
 */

import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { type Canvas, textIn } from "../core/contract.ts";
import type { Box } from "../core/geometry.ts";
import { lookOf, seenBy, surrounded } from "../core/linking.ts";
import { textsFor } from "../core/locale/index.ts";
import type { StageShape } from "../viewer/stage.ts";
import { type Icon, icon } from "./icons.ts";
import { jsonScript } from "./jsonscript.ts";
import { Keyboard } from "./keyboard.ts";
import { LightElement } from "./light.ts";
import { VERMILION } from "./pigments.ts";
import type { RubricatorStage } from "./rubricator-stage.ts";
import "./rubricator-stage.ts";

/** One of the two: a canvas, and the part of it that is meant; null for all of it. */
export interface Side {
  readonly canvas: Canvas;
  readonly region: Box | null;
}

type Place = "left" | "right";
const OTHER = { left: "right", right: "left" } as const;
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

  @state() private linked = true;
  @state() private over = false;
  @state() private opacity = 0.5;
  @state() private said = "";
  @query('[data-side="left"] rubricator-stage') private leftStage!: RubricatorStage | null;
  @query('[data-side="right"] rubricator-stage') private rightStage!: RubricatorStage | null;
  @query(".rw-beside") private surface!: HTMLElement | null;
  /** The one that is moved by hand or key; the other follows. */
  #leader: Place = "left";
  #resizing: ResizeObserver | null = null;
  #following = false;

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
    this.#resizing = new ResizeObserver(() => this.#settle());
    this.#resizing.observe(this.surface);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizing?.disconnect();
  }

  override updated(changed: PropertyValues): void {
    if (changed.has("opacity")) this.style.setProperty("--beside-opacity", `${this.opacity}`);
    if (changed.has("over")) this.#settle();
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
      ${this.#tools()}
      <p class="rw-unseen" role="status" data-testid="beside-said">${this.said}</p>
    </div>`;
  }

  #one(place: Place, side: Side | null, ahead: Side | undefined) {
    const { comparing } = this.texts;
    const { canvas = null, region = null } = side ?? {};
    const lead = () => {
      this.#leader = place;
    };
    // What lies on top is the one that hands reach.
    return html`<div
      class="rw-beside-one"
      data-side=${place}
      @pointerdown=${lead}
      @wheel=${lead}
      @focusin=${lead}
    >
      <rubricator-stage
        .canvas=${canvas}
        .region=${region}
        .around=${region && canvas ? surrounded(region, [canvas.width, canvas.height]) : null}
        .ahead=${ahead?.canvas ?? null}
        .shapes=${framed(region)}
        .texts=${this.texts}
        .name=${comparing[place](textIn(canvas?.label, this.lang))}
        .follows=${() => this.#follow(place)}
        tool="move"
        readonly
        @rubricator-image-shown=${() => this.#follow(this.#leader)}
      ></rubricator-stage>
    </div>`;
  }

  #tools() {
    const { comparing } = this.texts;
    return html`<div class="rw-beside-tools" role="group" aria-label=${comparing.tools}>
      ${this.#button("swap", comparing.swap, "X", null, this.#swap)}
      ${this.over ? nothing : this.#button("link", comparing.link, "K", this.linked, this.#link)}
      ${this.#button("over", comparing.overlay, "O", this.over, this.#overlay)}
      ${
        this.over
          ? html`<input
              type="range"
              min="0"
              max="1"
              step="0.05"
              .value=${String(this.opacity)}
              aria-label=${comparing.opacity}
              data-testid="beside-opacity"
              @input=${({ target }: Event) => {
                this.opacity = Number((target as HTMLInputElement).value);
              }}
            />`
          : nothing
      }
    </div>`;
  }

  #button(sign: Icon, name: string, key: string, pressed: boolean | null, act: () => void) {
    return html`<button
      type="button"
      class="rw-beside-tool"
      data-testid="beside-${sign}"
      aria-pressed=${pressed === null ? nothing : String(pressed)}
      aria-keyshortcuts=${key}
      title="${name} (${key})"
      @click=${act}
    >
      ${icon(sign)}<span>${name}</span>
    </button>`;
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
    this.#follow(this.#leader);
  };

  readonly #overlay = (): void => {
    this.over = !this.over;
    this.#leader = this.over ? "right" : "left";
    this.said = this.over ? this.texts.comparing.overlaid : this.texts.comparing.sideBySide;
  };

  /** The other one looks where the leader looks; of the two only the leader is ever followed. */
  #follow(place: Place): void {
    if (place !== this.#leader || this.#following || !(this.linked || this.over)) return;
    const [led, other] = [this.#stage(place)?.drawing, this.#stage(OTHER[place])?.drawing];
    if (!led?.placed || !other?.placed) return;
    this.#following = true;
    other.look(seenBy(lookOf(led.seen(), led.home()), other.home()));
    this.#following = false;
  }

  /** With another size on the screen both begin anew; the viewers learn of it a frame later. */
  #settle(): void {
    requestAnimationFrame(() => requestAnimationFrame(() => this.fit()));
  }

  #stage(place: Place): RubricatorStage | null {
    return place === "left" ? this.leftStage : this.rightStage;
  }

  get #led(): RubricatorStage | null {
    return this.#stage(this.#leader);
  }

  /** Whether both are on the screen. */
  get isSeen(): boolean {
    return Boolean(this.leftStage?.isSeen && this.rightStage?.isSeen);
  }

  zoom(factor: number): void {
    this.#led?.zoom(factor);
  }

  fit(): void {
    this.leftStage?.fit();
    this.rightStage?.fit();
  }

  reveal(): void {
    this.fit();
  }

  override focus(): void {
    this.#led?.focus();
  }

  carry(carrying: boolean): void {
    this.leftStage?.carry(carrying);
    this.rightStage?.carry(carrying);
  }

  /** Nothing is drawn on a pair. */
  mark(): boolean {
    return false;
  }

  takeBack(): boolean {
    return false;
  }

  /** Does what a key asks of the pair; answers whether it was meant for it. */
  key(event: KeyboardEvent): boolean {
    const act = this.#keys[event.ctrlKey || event.metaKey || event.altKey ? "" : event.key.toLowerCase()];
    if (!act) return this.#led?.key(event) ?? false;
    event.preventDefault();
    act();
    return true;
  }

  readonly #keys: Readonly<Record<string, () => void>> = {
    x: () => this.#swap(),
    k: () => this.over || this.#link(),
    o: () => this.#overlay(),
    "<": () => this.#fade(-STEP),
    ">": () => this.#fade(STEP),
  };

  #fade(by: number): void {
    if (this.over) this.opacity = Math.round(Math.min(1, Math.max(0, this.opacity + by)) * 100) / 100;
  }
}

/** The frame around what is meant. */
function framed(region: Box | null): readonly StageShape[] {
  return region ? [{ id: "pair", box: region, colour: VERMILION.colour, label: "", locked: true }] : NONE;
}
const NONE: readonly StageShape[] = [];

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-beside": RubricatorBeside;
  }
}
