/** Keeps what a person has chosen about layers: paints by it, remembers it in this browser, and hears the panel. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import {
  type Chosen,
  change,
  type Layer,
  type LayerSettings,
  type Painted,
  paintedOf,
  passing,
  remembered,
  Signs,
  settingsOf,
  written,
} from "../core/layers.ts";

const SHELF = "rubricator/layers/";

export class Layering implements ReactiveController {
  #signs = new Signs([]);
  #chosen: Chosen;
  #hidden = false;
  #painted: readonly Painted[] | null = null;
  #shown: readonly Layer[] | null = null;

  /** `place`: a word for where choices hold; they are not remembered where it is empty. */
  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly place = "",
  ) {
    this.#chosen = remembered(read(place));
    host.addController(this);
  }

  hostConnected(): void {
    this.host.addEventListener("layers-choose", this.#choose);
    this.host.addEventListener("layers-set", this.#set);
    this.host.addEventListener("layers-hide", this.toggle);
  }

  hostDisconnected(): void {
    this.host.removeEventListener("layers-choose", this.#choose);
    this.host.removeEventListener("layers-set", this.#set);
    this.host.removeEventListener("layers-hide", this.toggle);
    // What is put back begins anew: a hidden layer that nobody remembers hiding would look like none.
    this.#hidden = false;
    this.#painted = this.#shown = null;
  }

  get signs(): Signs {
    return this.#signs;
  }

  get layers(): readonly Layer[] {
    return this.#signs.layers;
  }

  get chosen(): Chosen {
    return this.#chosen;
  }

  /** The share from which shapes of a layer are shown; 0 where there is no such layer. */
  leastOf(id: string): number {
    const layer = this.layers.find((one) => one.id === id);
    return layer ? settingsOf(layer, this.#chosen, this.layers).least : 0;
  }

  /** All layers at once, whatever is chosen of each. */
  get hidden(): boolean {
    return this.#hidden;
  }

  /** The shapes to paint; the same list as long as nothing has changed. */
  get painted(): readonly Painted[] {
    this.#painted ??= this.#hidden ? [] : paintedOf(this.#signs, this.#chosen);
    return this.#painted;
  }

  /** The layers with the shapes that are shown; none that is switched off. */
  get shown(): readonly Layer[] {
    this.#shown ??= this.#hidden
      ? []
      : this.layers.flatMap((layer) => {
          const settings = settingsOf(layer, this.#chosen, this.layers);
          return settings.shown ? [{ ...layer, shapes: passing(layer, settings) }] : [];
        });
    return this.#shown;
  }

  /** Other layers stand on the image now; choices hold for those that were there before. */
  take(layers: readonly Layer[], people: readonly string[] = []): void {
    if (layers === this.layers) return;
    this.#signs = new Signs(layers, people);
    this.#changed();
  }

  readonly toggle = (): void => {
    this.#hidden = !this.#hidden;
    this.#changed();
  };

  readonly #choose = (event: Event): void => {
    this.#become((event as CustomEvent<{ chosen: Chosen }>).detail.chosen);
  };

  /** One thing about one layer, from wherever on the page it is chosen. */
  readonly #set = (event: Event): void => {
    const { id, ...what } = (event as CustomEvent<Partial<LayerSettings> & { id: string }>).detail;
    this.#become(change(this.#chosen, id, what));
  };

  #become(chosen: Chosen): void {
    this.#chosen = chosen;
    // Who changes something about a layer wants to see it.
    this.#hidden = false;
    keep(this.place, this.#chosen);
    this.#changed();
  }

  #changed(): void {
    this.#painted = this.#shown = null;
    this.host.requestUpdate();
  }
}

function read(place: string): string | null {
  try {
    return place ? localStorage.getItem(SHELF + place) : null;
  } catch {
    // A browser that keeps nothing for us shows everything.
    return null;
  }
}

function keep(place: string, chosen: Chosen): void {
  try {
    if (place) localStorage.setItem(SHELF + place, written(chosen));
  } catch {
    // It holds until the page is left.
  }
}
