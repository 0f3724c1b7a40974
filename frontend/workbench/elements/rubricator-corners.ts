/** `<rubricator-corners>`: the corners of a picked outline, or the place of a point, as numbers to change. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Point, Size } from "../core/geometry.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { flaw, onCanvas, placeOf, withCorner, withInserted, withoutCorner } from "../core/outline.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";

@customElement("rubricator-corners")
export class RubricatorCorners extends LightElement {
  /** The id of the shape. */
  @property({ attribute: false }) shape = "";
  @property({ attribute: false }) points: readonly Point[] = [];
  @property({ attribute: false }) canvas: Size = [1, 1];
  @property({ attribute: false }) texts: Texts = en;

  override render() {
    const { points, texts } = this;
    const many = points.length > 1;
    return html`<details class="rw-position" data-testid="corners">
      <summary>${many ? texts.drawing.corners(points.length) : texts.position}</summary>
      <ol class="rw-corners">
        ${points.map((point, index) => this.#row(point, index, many))}
      </ol>
    </details>`;
  }

  #row(point: Point, index: number, many: boolean) {
    const { texts } = this;
    const { corner, removeCorner, cornerAfter } = texts.drawing;
    const name = many ? `${corner(index + 1)}, ` : "";
    return html`<li>
      ${([0, 1] as const).map(
        (axis) => html`<label
          >${index ? nothing : html`<span aria-hidden="true">${axis ? texts.y : texts.x}</span>`}
          <input
            type="number"
            step="any"
            inputmode="decimal"
            aria-label="${name}${axis ? texts.y : texts.x}"
            .value=${String(point[axis])}
            data-testid="corner-${axis ? "y" : "x"}"
            @change=${(event: Event) => this.#typed(index, axis, event)}
          />
        </label>`,
      )}
      ${
        many
          ? html`<button type="button" class="rw-tool rw-tool-quiet" aria-label=${cornerAfter(index + 1)} title=${cornerAfter(index + 1)} data-testid="corner-add" @click=${() => this.#change(withInserted(this.points, index))}>
                ${icon("point")}
              </button>
              <button type="button" class="rw-tool rw-tool-quiet" aria-label=${removeCorner(index + 1)} title=${removeCorner(index + 1)} data-testid="corner-delete" aria-disabled=${String(this.points.length <= 3)} @click=${() => this.#change(withoutCorner(this.points, index))}>
                ${icon("remove")}
              </button>`
          : nothing
      }
    </li>`;
  }

  #typed(index: number, axis: 0 | 1, event: Event): void {
    const field = event.target as HTMLInputElement;
    const before = this.points[index];
    if (!before) return;
    const typed = field.valueAsNumber;
    const to: Point = axis ? [before[0], typed] : [typed, before[1]];
    const points = Number.isFinite(typed) && withCorner(this.points, index, onCanvas(to, this.canvas));
    if (!points || !this.#change(points)) field.value = String(before[axis]);
  }

  /** Whether it is still an outline that way, or a point. */
  #change(points: readonly Point[] | null): boolean {
    if (!points || (points.length > 1 && flaw(points))) return false;
    this.tell("stage-edit", { id: this.shape, ...placeOf(points, this.canvas) });
    return true;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-corners": RubricatorCorners;
  }
}
