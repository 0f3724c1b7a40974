/**
 * `<rubricator-layers>`: the panel of layers. Each can be shown, hidden, shown alone, coloured by what its shapes say,
 * thinned out by a threshold, and made fainter. Tells `layers-choose` with all that is chosen, and `layers-hide` for all at once.
 */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { titleIn } from "../core/contract.ts";
import {
  type Chosen,
  type ColourBy,
  change,
  FAINTEST,
  isOnly,
  type Layer,
  type LayerSettings,
  type LegendEntry,
  legendOf,
  type Measure,
  measureOf,
  only,
  passing,
  type Sign,
  Signs,
  settingsOf,
  waysOf,
} from "../core/layers.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { foreignIn } from "../core/reading.ts";
import { LightElement } from "./light.ts";

/** So many entries of a legend are read at a glance; the rest is counted. */
const GLANCE = 12;

/** A share that is set by a slider: from where it begins, how it stands, and that in words. */
interface Share {
  readonly from: number;
  readonly value: number;
  readonly said: string;
  readonly set: (share: number) => void;
}

const asPercent = (share: number): number => Math.round(share * 100);

/** A swatch with the line of what it stands for, and its letter. */
export const swatch = ({ ink, line, letter }: Sign, lettered = true) => html`<i
  class="rw-swatch rw-layer-swatch rw-pigment-${ink}"
  data-line=${line}
  aria-hidden="true"
  >${lettered ? letter : nothing}</i
>`;

@customElement("rubricator-layers")
export class RubricatorLayers extends LightElement {
  @property({ attribute: false }) signs = new Signs([]);
  @property({ attribute: false }) chosen: Chosen = {};
  /** Whether all are hidden for the moment. */
  @property({ type: Boolean }) veiled = false;
  @property({ attribute: false }) texts: Texts = en;

  override render() {
    const { layers } = this.signs;
    const { layering } = this.texts;
    if (!layers.length) return html`<p class="rw-empty" data-testid="no-layers">${layering.none}</p>`;
    return html`<section class="rw-layers" aria-label=${this.texts.layers}>
      <header class="rw-section-head">
        <h2 class="rw-section-title">${this.texts.layers}</h2>
        <button
          type="button"
          class="rw-button rw-button-small"
          data-testid="layers-hide"
          aria-pressed=${String(this.veiled)}
          @click=${() => this.tell("layers-hide", {})}
        >
          ${this.veiled ? layering.showAll : layering.hideAll} <kbd aria-hidden="true">H</kbd>
        </button>
      </header>
      <ul class="rw-layer-list" data-veiled=${String(this.veiled)}>
        ${layers.map((layer) => this.#layer(layer))}
      </ul>
      <p class="rw-unseen" role="status" data-testid="layers-status">${this.#status()}</p>
    </section>`;
  }

  #status(): string {
    const { layering } = this.texts;
    if (this.veiled) return layering.allHidden;
    const { layers } = this.signs;
    const all = layers.reduce((sum, { shapes }) => sum + shapes.length, 0);
    return layering.shownNow(
      layers.reduce((sum, layer) => sum + this.#count(layer), 0),
      all,
    );
  }

  #count(layer: Layer): number {
    const settings = this.#settings(layer);
    return settings.shown ? passing(layer, settings).length : 0;
  }

  #settings(layer: Layer): LayerSettings {
    return settingsOf(layer, this.chosen, this.signs.layers);
  }

  #name({ title, kind }: Layer): string {
    return titleIn(title, this.texts.lang) || (kind ? this.texts.layering.kinds[kind] : "–");
  }

  #layer(layer: Layer) {
    const { layering } = this.texts;
    const settings = this.#settings(layer);
    const name = this.#name(layer);
    const several = this.signs.layers.length > 1;
    return html`<li class="rw-layer-item" data-layer=${layer.id}>
      <div class="rw-layer-row">
        <label class="rw-layer">
          <input
            type="checkbox"
            role="switch"
            data-testid="layer-shown"
            .checked=${settings.shown}
            @change=${() => this.#set(layer, { shown: !settings.shown })}
          />
          ${swatch(this.signs.of(layer, null, "layer"), several)}
          <span class="rw-layer-name" lang=${foreignIn(layer.title, this.texts.lang) ?? nothing}>${name}</span>
          <span class="rw-count" data-testid="layer-count">${layering.shown(this.#count(layer), layer.shapes.length)}</span>
        </label>
        ${several ? this.#only(layer, name) : nothing}
      </div>
      ${settings.shown ? this.#controls(layer, settings, name) : nothing}
    </li>`;
  }

  #only(layer: Layer, name: string) {
    const { layering } = this.texts;
    const { layers } = this.signs;
    return html`<button
      type="button"
      class="rw-button rw-button-small rw-layer-only"
      data-testid="layer-only"
      aria-label=${layering.onlyThis(name)}
      aria-pressed=${String(isOnly(this.chosen, layers, layer.id))}
      @click=${() => this.tell("layers-choose", { chosen: only(this.chosen, layers, layer.id) })}
    >
      ${layering.only}
    </button>`;
  }

  #controls(layer: Layer, settings: LayerSettings, name: string) {
    const ways = waysOf(layer);
    const measure = measureOf(layer);
    return html`<div class="rw-layer-controls">
      ${ways.length > 1 ? this.#ways(layer, settings, ways, name) : nothing}
      ${measure ? this.#least(layer, settings, name, measure) : nothing} ${this.#opacity(layer, settings, name)}
      ${this.#legend(layer, settings, name)}
    </div>`;
  }

  #ways(layer: Layer, { by }: LayerSettings, ways: readonly ColourBy[], name: string) {
    const { layering } = this.texts;
    return html`<label class="rw-layer-field">
      <span>${layering.colourBy}</span>
      <select
        data-testid="layer-by"
        aria-label="${layering.colourBy} (${name})"
        @change=${(event: Event) => this.#set(layer, { by: (event.target as HTMLSelectElement).value as ColourBy })}
      >
        ${ways.map((way) => html`<option value=${way} ?selected=${way === by}>${layering.ways[way]}</option>`)}
      </select>
    </label>`;
  }

  #least(layer: Layer, { least }: LayerSettings, name: string, measure: Measure) {
    const { layering } = this.texts;
    return this.#share("least", layering.least[measure], name, {
      from: 0,
      value: least,
      said: least ? layering.from(asPercent(least)) : layering.everything,
      set: (share) => this.#set(layer, { least: share }),
    });
  }

  #opacity(layer: Layer, { opacity }: LayerSettings, name: string) {
    const { layering } = this.texts;
    return this.#share("opacity", layering.opacity, name, {
      from: FAINTEST,
      value: opacity,
      said: layering.from(asPercent(opacity)),
      set: (share) => this.#set(layer, { opacity: share }),
    });
  }

  #share(id: string, title: string, name: string, { from, value, said, set }: Share) {
    return html`<label class="rw-layer-field">
      <span>${title}</span>
      <span class="rw-layer-range">
        <input
          type="range"
          min=${asPercent(from)}
          max="100"
          step="5"
          data-testid="layer-${id}"
          aria-label="${title} (${name})"
          aria-valuetext=${said}
          .value=${String(asPercent(value))}
          @input=${(event: Event) => set(Number((event.target as HTMLInputElement).value) / 100)}
        />
        <output aria-hidden="true">${said}</output>
      </span>
    </label>`;
  }

  #legend(layer: Layer, settings: LayerSettings, name: string) {
    const entries = legendOf(this.signs, layer, settings);
    if (!entries.length) return nothing;
    return html`<ul class="rw-layer-legend" data-testid="layer-legend" aria-label=${this.texts.layering.legend(name)}>
      ${entries.slice(0, GLANCE).map((entry) => this.#entry(entry, settings.by))}
      ${entries.length > GLANCE ? html`<li class="rw-count">+ ${entries.length - GLANCE}</li>` : nothing}
    </ul>`;
  }

  #entry({ sign, name, range, count }: LegendEntry, by: ColourBy) {
    const { layering } = this.texts;
    const silent = by === "layer" ? "" : layering.silent[by];
    const [from, to] = (range ?? []).map((share) => Math.round(share * 100));
    const said = range ? layering.range(from ?? 0, to ?? 0) : name || silent;
    return html`<li>
      ${swatch(sign, by === "person")} <span>${said}</span> <span class="rw-count">${count}</span>
    </li>`;
  }

  #set(layer: Layer, what: Partial<LayerSettings>): void {
    this.tell("layers-choose", { chosen: change(this.chosen, layer.id, what) });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-layers": RubricatorLayers;
  }
}
