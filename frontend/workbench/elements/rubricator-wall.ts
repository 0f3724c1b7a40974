/**
 * `<rubricator-wall>`: crops side by side as a listbox of which several can be selected: by click, tap, keys, and a
 * frame that is dragged. It says what is selected and walks; what is done with it, others do.
 */

import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { textIn } from "../core/contract.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { type CropItem, extended, type Picked, toggled } from "../core/sorting.ts";
import { icon } from "./icons.ts";
import { Lasso } from "./lasso.ts";
import { LightElement } from "./light.ts";
import { next } from "./rubricator-crops.ts";
import { labelOf } from "./rubricator-shapes.ts";

const SIGNS = { accepted: "check", rejected: "cross", corrected: "draw" } as const;

@customElement("rubricator-wall")
export class RubricatorWall extends LightElement {
  @property({ attribute: false }) items: readonly CropItem[] = [];
  @property({ attribute: false }) total = 0;
  @property({ attribute: false }) picked: Picked = new Set();
  /** What they are called, for the name of the list. */
  @property() label = "";
  @property({ attribute: false }) texts: Texts = en;
  @property() override lang = "en";
  @state() private at = 0;
  @query(".rw-wall") private list!: HTMLElement | null;
  #lasso: Lasso | null = null;
  /** Where a range began. */
  #from: number | null = null;

  override firstUpdated(): void {
    this.#lasso ??= new Lasso(this, {
      items: () => this.#tiles.map((tile) => [tile.dataset.id ?? "", tile] as const),
      fingers: () => false,
      rests: true,
      chosen: (ids, adding) => this.#pick(new Set(adding ? [...this.picked, ...ids] : ids)),
    });
  }

  /** The crop that keys speak of. */
  get current(): CropItem | null {
    return this.items[this.at] ?? null;
  }

  override focus(): void {
    this.#tiles[Math.min(this.at, this.items.length - 1)]?.focus({ preventScroll: true });
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("items")) this.at = Math.max(0, Math.min(this.at, this.items.length - 1));
  }

  /** Does what a key means to a list of which several are selected; answers whether it means anything. */
  press(key: string, shift: boolean): boolean {
    if (key === " ") {
      const { current } = this;
      if (current) this.#toggle(this.at);
      return Boolean(current);
    }
    const tiles = this.#tiles;
    const to = next(key, this.at, tiles);
    if (to === null || !tiles[to]) return false;
    if (shift) {
      this.#from ??= this.at;
      this.#pick(extended(this.picked, this.#ids, this.at, to));
    } else this.#from = null;
    this.at = to;
    tiles[to].focus();
    tiles[to].scrollIntoView?.({ block: "nearest" });
    return true;
  }

  override render() {
    const { sorting } = this.texts;
    return html`<ul
      class="rw-wall"
      role="listbox"
      aria-multiselectable="true"
      aria-label=${sorting.wall(this.label, this.total)}
      data-testid="wall"
    >
      ${repeat(
        this.items,
        ({ id }) => id,
        (item, index) => this.#tile(item, index),
      )}
    </ul>`;
  }

  #tile(item: CropItem, index: number) {
    const { sorting } = this.texts;
    const isPicked = this.picked.has(item.id);
    const called = item.concepts.length ? labelOf(this.texts, item.concepts) : sorting.noLabel;
    const verdict = item.verdict ? (sorting.verdicts[item.verdict] ?? item.verdict) : "";
    const kept = item.verdict === "corrected" ? called : verdict;
    const stands = verdict && item.state === "merged" ? sorting.keptAs(kept) : verdict;
    const said = [
      sorting.item(index + 1, this.total),
      called,
      textIn(item.canvas_label, this.lang),
      ...item.reasons.map(({ text }) => text),
      stands,
      item.own ? sorting.own : "",
    ];
    const sign = item.verdict ? SIGNS[item.verdict as keyof typeof SIGNS] : undefined;
    return html`<li
      class="rw-tile"
      role="option"
      data-id=${item.id}
      data-testid="tile"
      data-verdict=${item.verdict ?? nothing}
      aria-selected=${String(isPicked)}
      aria-label=${said.filter(Boolean).join(". ").replaceAll("..", ".")}
      title=${[called, ...item.reasons.map(({ text }) => text), stands].filter(Boolean).join("\n")}
      tabindex=${index === this.at ? 0 : -1}
      @focus=${() => {
        this.at = index;
      }}
      @click=${(event: MouseEvent) => this.#click(event, index)}
      @dblclick=${() => this.tell("wall-open", { item })}
    >
      <img src=${item.crop} alt="" draggable="false" loading="lazy" decoding="async" />
      ${isPicked ? html`<span class="rw-tile-picked" aria-hidden="true">${icon("check")}</span>` : nothing}
      ${sign && stands ? html`<span class="rw-tile-sign" aria-hidden="true">${icon(sign)}</span>` : nothing}
      <span class="rw-tile-foot" aria-hidden="true">
        <span>${item.own ? sorting.own : this.#foot(item, stands)}</span>
      </span>
    </li>`;
  }

  /** Of what waits, what was said of it already; of what is decided, why it stands out: its sign tells the verdict. */
  #foot({ state, reasons }: CropItem, stands: string): string {
    const [reason] = reasons;
    return state === "decided" ? (reason?.text ?? stands) : stands || (reason?.text ?? "");
  }

  #click(event: MouseEvent, index: number): void {
    if (event.shiftKey) {
      this.#pick(extended(this.picked, this.#ids, this.#from ?? this.at, index));
    } else {
      this.#toggle(index);
      this.#from = index;
    }
    this.at = index;
  }

  #toggle(index: number): void {
    const id = this.items[index]?.id;
    if (id) this.#pick(toggled(this.picked, id));
  }

  #pick(picked: Picked): void {
    this.tell("wall-pick", { picked });
  }

  get #ids(): readonly string[] {
    return this.items.map(({ id }) => id);
  }

  get #tiles(): HTMLElement[] {
    return [...(this.list?.querySelectorAll<HTMLElement>(".rw-tile") ?? [])];
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-wall": RubricatorWall;
  }
}
