/** What the panel of layers says. */

import type { ColourBy, LayerKind, Measure } from "../layers.ts";
import type { Texts } from "./texts.ts";

export interface LayeringTexts {
  show(layer: string): string;
  /** How many of a layer's annotations are shown. */
  shown(shown: number, all: number): string;
  /** The same, of all layers, for who does not see the image. */
  shownNow(shown: number, all: number): string;
  only: string;
  onlyThis(layer: string): string;
  colourBy: string;
  ways: Record<ColourBy, string>;
  least: Record<Measure, string>;
  /** How much a layer hides of what is below it. */
  opacity: string;
  from(percent: number): string;
  everything: string;
  legend(layer: string): string;
  range(from: number, to: number): string;
  silent: Record<Exclude<ColourBy, "layer">, string>;
  hideAll: string;
  showAll: string;
  allHidden: string;
  none: string;
  noneShown: string;
  more(count: number): string;
  agreed(support: number, seen: number): string;
  agreedShare(percent: number): string;
  by(person: string): string;
  kinds: Record<LayerKind, string>;
  neighbours: string;
  suggestions: string;
  key: Texts["keyMap"][number][1][number];
}
