/** What helps to look and is no part of an answer: minimap, loupe, ruler, scale bar. The stage tells them what happens. */

import type { Point, Size } from "../core/geometry.ts";
import { type Length, type Scale, scaleBar } from "../core/measuring.ts";
import type { DeepZoom } from "./deepzoom.ts";
import type { Hand } from "./grips.ts";
import { Loupe } from "./loupe.ts";
import { Minimap } from "./minimap.ts";
import { Ruler, type RulerEvents } from "./ruler.ts";
import { scale as pixelsPerUnit, type View } from "./view.ts";

export interface AidsOn {
  readonly minimap: boolean;
  readonly loupe: boolean;
  readonly ruler: boolean;
}

export interface AidsEvents extends RulerEvents {
  sayLength(length: Length): string;
}

const NONE: AidsOn = { minimap: false, loupe: false, ruler: false };
const BAR_PX = 140;

export class Aids {
  #on: AidsOn = NONE;
  #minimap: Minimap | null = null;
  #loupe: Loupe | null = null;
  #ruler: Ruler | null = null;
  #bar: HTMLElement | null = null;
  #scale: Scale | null = null;
  #view: View | null = null;
  #canvas: Size = [1, 1];

  constructor(
    private readonly parent: HTMLElement,
    private readonly zoom: DeepZoom,
    private readonly events: AidsEvents,
  ) {}

  get ruler(): Ruler | null {
    return this.#ruler;
  }

  /** Another canvas: of the old one nothing is left. */
  open(canvas: Size, scale: Scale | null): void {
    this.#canvas = canvas;
    this.#scale = scale;
    this.#ruler?.clear();
  }

  set(on: AidsOn): void {
    this.#on = on;
    this.#minimap = kept(this.#minimap, on.minimap, () => new Minimap(this.parent, this.zoom));
    this.#loupe = kept(this.#loupe, on.loupe, () => new Loupe(this.parent, this.zoom));
    this.#ruler = kept(this.#ruler, on.ruler, () => new Ruler(this.parent, this.events));
    this.layered();
    if (this.#view) this.moved(this.#view);
  }

  /** Other images are shown. */
  layered(): void {
    this.#minimap?.reflect();
    this.#loupe?.reflect();
  }

  moved(view: View): void {
    this.#view = view;
    this.#minimap?.follow(view, this.#canvas);
    this.#loupe?.follow();
    this.#ruler?.show(view);
    this.#showBar(view);
  }

  point(at: Point | null, hand: Hand): void {
    this.#loupe?.point(at, hand);
  }

  close(): void {
    this.set(NONE);
    this.#bar?.remove();
  }

  get on(): AidsOn {
    return this.#on;
  }

  #showBar(view: View): void {
    if (!this.#scale || !Number.isFinite(pixelsPerUnit(view)) || !view.stage[0]) {
      this.#bar?.remove();
      this.#bar = null;
      return;
    }
    if (!this.#bar) {
      this.#bar = document.createElement("p");
      this.#bar.className = "rw-scale-bar";
      this.#bar.dataset.testid = "scale-bar";
      this.parent.append(this.#bar);
    }
    const { length, px } = scaleBar(this.#scale, pixelsPerUnit(view), BAR_PX);
    this.#bar.style.inlineSize = `${px}px`;
    const said = this.events.sayLength(length);
    if (this.#bar.textContent !== said) this.#bar.textContent = said;
  }
}

/** The same one while it is on, a new one when it comes on, none when it is off. */
function kept<T extends { close(): void }>(now: T | null, on: boolean, make: () => T): T | null {
  if (on) return now ?? make();
  now?.close();
  return null;
}
