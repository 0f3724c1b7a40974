/**
 * `<rubricator-look>`: suggestions as pictures, to be looked at one by one before they are accepted together. The button
 * waits until each has been on the screen: whoever accepts what they have not seen only repeats the program.
 */

import { html, nothing, svg } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { cropOf } from "../api/pixels.ts";
import type { Canvas, Prediction } from "../core/contract.ts";
import type { Box, Size } from "../core/geometry.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";
import { labelOf } from "./rubricator-shapes.ts";

const AROUND = 0.35;
const PICTURE_PX = 320;
/** So long a picture is on the screen before it counts as seen. */
const GLANCE_MS = 350;

@customElement("rubricator-look")
export class RubricatorLook extends LightElement {
  @property({ attribute: false }) canvas: Canvas | null = null;
  @property({ attribute: false }) texts: Texts = en;
  @state() private shown: readonly Prediction[] = [];
  @state() private wrong: ReadonlySet<string> = new Set();
  @state() private seen: ReadonlySet<string> = new Set();
  @query("dialog") private dialog!: HTMLDialogElement;
  #watch: IntersectionObserver | null = null;
  readonly #glances = new Map<string, ReturnType<typeof setTimeout>>();

  /** Opens with these, in this order. */
  async show(predictions: readonly Prediction[]): Promise<void> {
    if (this.dialog.open || !predictions.length) return;
    Object.assign(this, { shown: predictions, wrong: new Set(), seen: new Set() });
    await this.updateComplete;
    this.dialog.showModal();
    this.#observe();
    this.#cards[0]?.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unobserve();
  }

  override render() {
    const { texts, shown, wrong, seen } = this;
    const { assist } = texts;
    const waits = seen.size < shown.length;
    return html`<dialog
      class="rw-dialog rw-look"
      aria-labelledby="rw-look-title"
      data-testid="look"
      @close=${() => this.#unobserve()}
      @keydown=${this.#key}
    >
      <div class="rw-dialog-body">
        <header>
          <h2 id="rw-look-title">${assist.lookTitle(shown.length)}</h2>
          <button type="button" class="rw-tool" aria-label=${texts.close} @click=${() => this.dialog.close()}>
            ${icon("cross")}
          </button>
        </header>
        <p class="rw-hint">${assist.lookHint}</p>
        <ul class="rw-look-cards">
          ${repeat(
            shown,
            ({ id }) => id,
            (prediction, index) => this.#card(prediction, index),
          )}
        </ul>
        <footer>
          <span class="rw-lesson-count" role="status">${assist.lookSeen(seen.size, shown.length)}</span>
          <button
            type="button"
            class="rw-button rw-button-primary"
            data-testid="look-take"
            aria-disabled=${String(waits)}
            @click=${() => waits || this.#take()}
          >
            ${assist.lookTake(shown.length - wrong.size, wrong.size)}
          </button>
        </footer>
      </div>
    </dialog>`;
  }

  #card(prediction: Prediction, index: number) {
    const { texts, canvas } = this;
    const right = !this.wrong.has(prediction.id);
    const label = labelOf(texts, prediction.concepts);
    const sure = prediction.confidence === null ? "" : texts.sure(prediction.confidence);
    const said = right ? texts.assist.lookRight : texts.assist.lookWrong;
    return html`<li>
      <button
        type="button"
        class="rw-look-card"
        aria-pressed=${String(right)}
        aria-label="${index + 1}. ${[label, sure].filter(Boolean).join(", ")}"
        data-id=${prediction.id}
        data-testid="look-card"
        @click=${() => this.#say(prediction.id, !right)}
        @focus=${() => this.#glance(prediction.id)}
      >
        ${canvas && prediction.box ? picture(canvas, prediction.box) : nothing}
        <span class="rw-look-caption">
          <span class="rw-look-sign">${icon(right ? "check" : "cross")}</span>
          <span>${label}</span><small>${[said, sure].filter(Boolean).join(" · ")}</small>
        </span>
      </button>
    </li>`;
  }

  get #cards(): HTMLButtonElement[] {
    return [...this.querySelectorAll<HTMLButtonElement>(".rw-look-card")];
  }

  #say(id: string, right: boolean): void {
    const wrong = new Set(this.wrong);
    if (right) wrong.delete(id);
    else wrong.add(id);
    this.wrong = wrong;
  }

  #take(): void {
    const { shown, wrong } = this;
    this.dialog.close();
    this.tell("suggestions-looked", {
      accepted: shown.filter(({ id }) => !wrong.has(id)),
      rejected: [...wrong],
    });
  }

  /** Enter says right, Delete wrong, both go on to the next; arrows walk by rows. */
  readonly #key = (event: KeyboardEvent): void => {
    const cards = this.#cards;
    const at = cards.indexOf(document.activeElement as HTMLButtonElement);
    const id = cards[at]?.dataset.id;
    if (at < 0 || !id || event.altKey || event.ctrlKey || event.metaKey) return;
    const says = { Enter: true, a: true, Delete: false, Backspace: false, r: false }[event.key];
    if (says !== undefined) {
      event.preventDefault();
      if (event.repeat) return;
      this.#say(id, says);
      (cards[at + 1] ?? this.querySelector<HTMLElement>("[data-testid=look-take]"))?.focus();
      return;
    }
    const row = Math.max(1, cards.filter(({ offsetTop }) => offsetTop === cards[0]?.offsetTop).length);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row }[event.key];
    if (!step) return;
    event.preventDefault();
    cards[Math.min(Math.max(at + step, 0), cards.length - 1)]?.focus();
  };

  #observe(): void {
    if (typeof IntersectionObserver === "undefined") {
      for (const { id } of this.shown) this.#glance(id);
      return;
    }
    this.#watch = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const id = (target as HTMLElement).dataset.id ?? "";
          clearTimeout(this.#glances.get(id));
          if (isIntersecting)
            this.#glances.set(
              id,
              setTimeout(() => this.#glance(id), GLANCE_MS),
            );
        }
      },
      { threshold: 0.6 },
    );
    for (const card of this.#cards) this.#watch.observe(card);
  }

  #unobserve(): void {
    this.#watch?.disconnect();
    this.#watch = null;
    for (const timer of this.#glances.values()) clearTimeout(timer);
    this.#glances.clear();
  }

  #glance(id: string): void {
    if (!this.seen.has(id)) this.seen = new Set([...this.seen, id]);
  }
}

/** The box with some of the image around it, and its edges. */
function picture(canvas: Canvas, box: Box) {
  const size: Size = [canvas.width, canvas.height];
  const air = Math.max(box[2], box[3]) * AROUND;
  const left = Math.max(0, box[0] - air);
  const top = Math.max(0, box[1] - air);
  const wide = Math.min(size[0], box[0] + box[2] + air) - left;
  const high = Math.min(size[1], box[1] + box[3] + air) - top;
  const [sx, sy] = [(canvas.image.width ?? size[0]) / size[0], (canvas.image.height ?? size[1]) / size[1]];
  const region: Box = [
    Math.floor(left * sx),
    Math.floor(top * sy),
    Math.max(1, Math.floor(wide * sx)),
    Math.max(1, Math.floor(high * sy)),
  ];
  const scale = Math.min(1, PICTURE_PX / Math.max(region[2], region[3]));
  const address = cropOf(
    canvas,
    region,
    Math.max(1, Math.round(region[2] * scale)),
    Math.max(1, Math.round(region[3] * scale)),
  );
  const [x, y, w, h] = address ? [left, top, wide, high] : [0, 0, ...size];
  return html`<svg viewBox="${left} ${top} ${wide} ${high}" preserveAspectRatio="xMidYMid meet" aria-hidden="true">
    ${svg`<image href=${address ?? canvas.image.url ?? ""} x=${x} y=${y} width=${w} height=${h} preserveAspectRatio="none" />
    <rect x=${box[0]} y=${box[1]} width=${box[2]} height=${box[3]} />`}
  </svg>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-look": RubricatorLook;
  }
}
