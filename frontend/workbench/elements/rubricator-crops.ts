/** `<rubricator-crops>`: the pictures of a grid, by label: walked by arrows, chosen by keys, clicks and a dragged frame. */

import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Assignment, ConceptRef } from "../core/contract.ts";
import type { Standing } from "../core/gridkeeping.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { type Icon, icon } from "./icons.ts";
import { Lasso } from "./lasso.ts";
import { LightElement } from "./light.ts";
import { labelOf } from "./rubricator-shapes.ts";

export interface Crop {
  readonly cell: Assignment;
  readonly standing: Standing;
  /** As they stand: those shown, or those of the correction. */
  readonly concepts: readonly ConceptRef[];
}

const SIGNS: Readonly<Record<Standing, Icon | null>> = {
  open: null,
  accepted: "check",
  edited: "draw",
  rejected: "cross",
  passed: "chevron",
};

@customElement("rubricator-crops")
export class RubricatorCrops extends LightElement {
  @property({ attribute: false }) crops: readonly Crop[] = [];
  @property({ attribute: false }) picked: readonly string[] = [];
  /** Whether a dragging finger chooses. */
  @property({ type: Boolean }) several = false;
  @property({ attribute: false }) texts: Texts = en;
  @state() private at = 0;
  #lasso: Lasso | null = null;

  override firstUpdated(): void {
    this.#lasso ??= new Lasso(this, {
      items: () => this.#buttons.map((button) => [button.dataset.id ?? "", button] as const),
      fingers: () => this.several,
      chosen: (ids, adding) => this.#pick(adding ? [...new Set([...this.picked, ...ids])] : ids),
    });
  }

  /** The picture that keys speak of. */
  get current(): string | null {
    return this.crops[this.at]?.cell.id ?? null;
  }

  override focus(): void {
    this.#buttons[Math.min(this.at, this.crops.length - 1)]?.focus();
  }

  /** To the next or an earlier picture; by rows, with the pictures as they stand on the screen. */
  walk(key: string, choosing: boolean): boolean {
    const buttons = this.#buttons;
    const to = next(key, this.at, buttons);
    if (to === null || !buttons[to]) return false;
    if (choosing) {
      const ids = [this.at, to].map((index) => this.crops[index]?.cell.id ?? "");
      this.#pick([...new Set([...this.picked, ...ids])]);
    }
    this.at = to;
    buttons[to].focus();
    buttons[to].scrollIntoView?.({ block: "nearest" });
    return true;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("crops")) this.at = Math.max(0, Math.min(this.at, this.crops.length - 1));
  }

  override render() {
    const groups = new Map<string, [number, Crop][]>();
    for (const [index, crop] of this.crops.entries()) {
      const label = labelOf(this.texts, crop.cell.predictions[0]?.concepts ?? []);
      groups.set(label, [...(groups.get(label) ?? []), [index, crop]]);
    }
    return html`${[...groups].map(
      ([label, crops]) => html`<section class="rw-crops-group" aria-label=${label}>
        <h2 class="rw-crops-title">${label} <span class="rw-count">${this.texts.grid.pictures(crops.length)}</span></h2>
        <ul class="rw-crops" role="list">
          ${repeat(
            crops,
            ([, { cell }]) => cell.id,
            ([index, crop]) => this.#crop(index, crop),
          )}
        </ul>
      </section>`,
    )}`;
  }

  #crop(index: number, { cell, standing, concepts }: Crop) {
    const { texts } = this;
    const [shown] = cell.predictions;
    const confidence = shown?.confidence ?? null;
    const sure = confidence === null ? "" : texts.sure(confidence);
    const label = labelOf(texts, concepts);
    const sign = SIGNS[standing];
    const name = [texts.grid.crop(index + 1, this.crops.length), label, sure, texts.grid.said[standing]];
    const isPicked = this.picked.includes(cell.id);
    return html`<li>
      <button
        type="button"
        class="rw-crop"
        data-id=${cell.id}
        data-standing=${standing}
        data-testid="crop"
        tabindex=${index === this.at ? 0 : -1}
        aria-pressed=${String(standing === "rejected")}
        aria-label=${[...name, isPicked ? texts.grid.picked : ""].filter(Boolean).join(". ")}
        ?data-picked=${isPicked}
        @focus=${() => this.#goTo(index)}
        @click=${(event: MouseEvent) => this.#click(event, cell.id)}
        @dblclick=${() => this.tell("crop-open", { id: cell.id })}
      >
        <img src=${shown?.crop ?? cell.task.crop ?? ""} alt="" draggable="false" decoding="async" />
        ${sign ? html`<span class="rw-crop-sign" aria-hidden="true">${icon(sign)}</span>` : nothing}
        <span class="rw-crop-foot" aria-hidden="true">${standing === "edited" ? label : sure}</span>
      </button>
      <button
        type="button"
        class="rw-crop-closer"
        tabindex="-1"
        data-testid="closer"
        aria-label=${`${texts.grid.closer}: ${texts.grid.crop(index + 1, this.crops.length)}`}
        title=${texts.grid.closer}
        @click=${() => this.tell("crop-open", { id: cell.id })}
      >
        ${icon("zoomIn")}
      </button>
    </li>`;
  }

  #goTo(index: number): void {
    this.at = index;
  }

  #click(event: MouseEvent, id: string): void {
    // Of a double click the second takes back what the first has said.
    if (event.ctrlKey || event.metaKey || event.shiftKey || this.several) {
      const others = this.picked.filter((one) => one !== id);
      this.#pick(others.length < this.picked.length ? others : [...others, id]);
    } else this.tell("crop-say", { ids: [id], verdict: "rejected" });
  }

  #pick(ids: readonly string[]): void {
    this.tell("crop-pick", { ids });
  }

  get #buttons(): HTMLButtonElement[] {
    return [...this.querySelectorAll<HTMLButtonElement>(".rw-crop")];
  }
}

/** Where an arrow leads: left and right along the reading order, up and down to the nearest of the next row. */
export function next(key: string, at: number, buttons: readonly HTMLElement[]): number | null {
  const rtl = document.dir === "rtl" ? -1 : 1;
  if (key === "ArrowRight") return at + rtl;
  if (key === "ArrowLeft") return at - rtl;
  if (key === "Home") return 0;
  if (key === "End") return buttons.length - 1;
  const down = { ArrowDown: 1, ArrowUp: -1 }[key];
  const here = buttons[at]?.getBoundingClientRect();
  if (!down || !here) return null;
  const rows = buttons
    .map((button, index) => ({ index, box: button.getBoundingClientRect() }))
    .filter(({ box }) => (box.top - here.top) * down > here.height / 2);
  const edge = rows.reduce((best, { box }) => Math.min(best, box.top * down), Number.POSITIVE_INFINITY);
  const [best] = rows
    .filter(({ box }) => box.top * down === edge)
    .sort((a, b) => Math.abs(a.box.left - here.left) - Math.abs(b.box.left - here.left));
  return best?.index ?? null;
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-crops": RubricatorCrops;
  }
}
