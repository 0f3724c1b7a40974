/** `<rubricator-image>`: the panel with everything about how the image is shown. Tells `image-…` what is asked for. */

import { html, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { type PaintedImage, textIn } from "../core/contract.ts";
import { angle, RANGES, SHARES, type Share, seenAngle } from "../core/imaging.ts";
import { isLayered, withChoice, withOpacity } from "../core/layering.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { type Icon, icon } from "./icons.ts";
import { type ImageState, isChanged, PLAIN } from "./imagestate.ts";
import { LightElement } from "./light.ts";

const AIDS = [
  ["minimap", "minimap"],
  ["loupe", "loupe"],
  ["ruler", "measure"],
] as const;

@customElement("rubricator-image")
export class RubricatorImage extends LightElement {
  @property({ attribute: false }) texts: Texts = en;
  @property({ attribute: false }) images: readonly PaintedImage[] = [];
  @property({ attribute: false }) state: ImageState = PLAIN;
  /** Nothing but light and colour can be set here. */
  @property({ type: Boolean, attribute: "only-light" }) onlyLight = false;
  /** What else stands in the panel, where light alone is its own. */
  @property({ attribute: false }) more: unknown = nothing;
  /** Something of that is other than it comes. */
  @property({ type: Boolean, attribute: "more-changed" }) moreChanged = false;
  @query(".rw-image-panel") private panel!: HTMLElement;

  override firstUpdated(): void {
    this.panel.focus({ preventScroll: true });
  }

  override render() {
    const { title, light, turning, layers, aids } = this.texts.imaging;
    return html`<section
      class="rw-image-panel"
      role="dialog"
      aria-labelledby="rw-image-title"
      tabindex="-1"
      data-testid="image-panel"
      @keydown=${this.#key}
    >
      <header>
        <h2 id="rw-image-title">${title}</h2>
        <button type="button" class="rw-tool" aria-label=${this.texts.close} data-testid="image-close" @click=${() => this.tell("image-close", {})}>
          ${icon("cross")}
        </button>
      </header>
      ${
        isLayered(this.images)
          ? this.#group(
              layers,
              this.images.map((image, index) => this.#image(image, index)),
            )
          : nothing
      }
      ${this.#group(light, this.#light())}
      ${this.onlyLight ? this.more : [this.#group(turning, this.#turning()), this.#group(aids, this.#aids())]}
      ${this.#reset()}
    </section>`;
  }

  #group(name: string, content: unknown) {
    return html`<fieldset class="rw-image-group">
      <legend>${name}</legend>
      ${content}
    </fieldset>`;
  }

  /** One painted image: which it is, where there are several, and how much of it is seen. */
  #image({ choices }: PaintedImage, index: number) {
    const { texts, state } = this;
    const chosen = state.showing.choices[index] ?? 0;
    const opacity = state.showing.opacities[index] ?? 1;
    const name = textIn(choices[0]?.label, texts.lang) || texts.imaging.imageNamed(index + 1);
    const shown = textIn(choices[chosen]?.label, texts.lang) || texts.imaging.choice(chosen + 1);
    const several = choices.length > 1;
    // The first choice alone has nothing below it to shine through.
    const fades = this.images.length > 1 || chosen > 0;
    const slider = this.#slider(
      `opacity-${index}`,
      texts.imaging.opacity(several ? shown : name),
      [0, 1, 0.05, opacity],
      texts.imaging.percent(opacity),
      (value) => this.tell("image-set", { showing: withOpacity(state.showing, index, value) }),
    );
    if (!several) return html`<div class="rw-image-layer">${slider}</div>`;
    return html`<div class="rw-image-layer" role="radiogroup" aria-label=${texts.imaging.imageNamed(index + 1)}>
      ${choices.map(
        ({ label }, choice) => html`<label class="rw-image-choice">
          <input
            type="radio"
            name="rw-image-choice-${index}"
            data-testid="image-choice-${index}-${choice}"
            .checked=${choice === chosen}
            @change=${() => this.tell("image-set", { showing: withChoice(state.showing, index, choice) })}
          />
          <span>${textIn(label, texts.lang) || texts.imaging.choice(choice + 1)}</span>
        </label>`,
      )}
      ${fades ? slider : nothing}
    </div>`;
  }

  #light() {
    const { texts, state } = this;
    const { light } = state;
    const set = (change: Partial<ImageState["light"]>) =>
      this.tell("image-set", { light: { ...light, ...change } });
    const slider = (share: Share) =>
      this.#slider(
        share,
        texts.imaging.shares[share],
        [...RANGES[share], 0.05, light[share]],
        texts.imaging.percent(light[share]),
        (value) => set({ [share]: value }),
      );
    return html`${SHARES.map(slider)}
      <div class="rw-row">
        ${this.#switch("grey", texts.imaging.grey, light.saturation === 0, (on) => set({ saturation: on ? 0 : 1 }))}
        ${this.#switch("invert", texts.imaging.invert, light.inverted, (inverted) => set({ inverted }))}
      </div>`;
  }

  #turning() {
    const { texts, state } = this;
    const { turn } = state;
    const seen = seenAngle(turn);
    return html`<div class="rw-row">
        ${this.#button("turn-left", "turnLeft", texts.imaging.turnLeft, () => this.tell("image-turn", { degrees: -90 }))}
        ${this.#button("turn-right", "turnRight", texts.imaging.turnRight, () => this.tell("image-turn", { degrees: 90 }))}
        ${this.#button("mirror", "mirror", texts.imaging.mirror, () => this.tell("image-mirror", {}), turn.flipped)}
      </div>
      ${this.#slider(
        "angle",
        texts.imaging.angle,
        [-180, 180, 1, seen],
        texts.imaging.degrees(seen),
        (value) => this.tell("image-turn", { degrees: angle(value - seen) }),
      )}`;
  }

  #aids() {
    const { texts, state } = this;
    return html`<div class="rw-row">
      ${AIDS.map(([key, name]) =>
        this.#switch(name, texts.imaging[name], state.on[key], (on) =>
          this.tell("image-set", { on: { ...state.on, [key]: on } }),
        ),
      )}
    </div>`;
  }

  #reset() {
    const isPlain = !isChanged(this.state) && !this.moreChanged;
    return html`<button
      type="button"
      class="rw-button rw-button-small"
      data-testid="image-reset"
      aria-disabled=${String(isPlain)}
      @click=${() => isPlain || this.tell("image-reset", {})}
    >
      ${this.texts.imaging.reset}
    </button>`;
  }

  #slider(
    name: string,
    label: string,
    [low, high, step, value]: readonly [number, number, number, number],
    said: string,
    set: (value: number) => void,
  ) {
    return html`<label class="rw-slider">
      <span>${label}</span>
      <output>${said}</output>
      <input
        type="range"
        min=${low}
        max=${high}
        step=${step}
        .value=${String(value)}
        aria-valuetext=${said}
        data-testid="image-${name}"
        @input=${(event: Event) => set(Number((event.target as HTMLInputElement).value))}
      />
    </label>`;
  }

  #switch(name: string, label: string, on: boolean, set: (on: boolean) => void) {
    return html`<button
      type="button"
      class="rw-button rw-button-small"
      aria-pressed=${String(on)}
      data-testid="image-${name}"
      @click=${() => set(!on)}
    >
      ${label}
    </button>`;
  }

  #button(name: string, sign: Icon, label: string, act: () => void, pressed?: boolean) {
    return html`<button
      type="button"
      class="rw-tool rw-tool-framed"
      aria-label=${label}
      title=${label}
      aria-pressed=${pressed === undefined ? nothing : String(pressed)}
      data-testid="image-${name}"
      @click=${act}
    >
      ${icon(sign)}
    </button>`;
  }

  /** Escape closes it; keys of its sliders and choices are theirs alone. */
  readonly #key = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.tell("image-close", {});
    } else if (
      event.target instanceof HTMLInputElement &&
      (event.key.startsWith("Arrow") || event.key === " ")
    ) {
      event.stopPropagation();
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-image": RubricatorImage;
  }
}
