/** A line that is drawn to measure and never becomes anything else: by hand from end to end, by keys with a crosshair. */

import type { Point, Size } from "../core/geometry.ts";
import { lengthOf } from "../core/measuring.ts";
import { onCanvas } from "../core/outline.ts";
import { type Hand, REACH_PX } from "./grips.ts";
import { toCanvas, toScreen, type View } from "./view.ts";

const SVG = "http://www.w3.org/2000/svg";

/** Both ends in canvas space; while it is drawn by keys the second is the crosshair. */
export interface Line {
  readonly a: Point;
  readonly b: Point;
}

export interface RulerEvents {
  /** What a length of so many canvas units is called. */
  say(units: number): string;
  /** A length is measured: said once the hand lets go. */
  measured(units: number): void;
}

export class Ruler {
  readonly svg = document.createElementNS(SVG, "svg");
  readonly #lines = [path("rw-ruler-halo"), path("rw-ruler-line")] as const;
  readonly #text = document.createElementNS(SVG, "text");
  #line: Line | null = null;
  #held: { id: number; end: "a" | "b"; still: boolean } | null = null;
  #aim: Point | null = null;
  /** By keys: the first end is set. */
  #begun = false;

  constructor(
    parent: HTMLElement,
    private readonly events: RulerEvents,
  ) {
    this.svg.setAttribute("class", "rw-ruler");
    this.svg.setAttribute("aria-hidden", "true");
    this.svg.append(...this.#lines, this.#text);
    parent.append(this.svg);
  }

  get line(): Line | null {
    return this.#line;
  }

  get busy(): boolean {
    return this.#held !== null;
  }

  press(id: number, at: Point, hand: Hand, view: View, canvas: Size): void {
    const far = (end: Point) => {
      const [x, y] = toScreen(view, end);
      return Math.hypot(x - at[0], y - at[1]);
    };
    const reach = Math.max(REACH_PX[hand], 10);
    this.#aim = null;
    this.#begun = false;
    if (this.#line && far(this.#line.b) <= reach) this.#held = { id, end: "b", still: false };
    else if (this.#line && far(this.#line.a) <= reach) this.#held = { id, end: "a", still: false };
    else {
      const point = onCanvas(toCanvas(view, at), canvas);
      this.#line = { a: point, b: point };
      this.#held = { id, end: "b", still: true };
    }
    this.show(view);
  }

  move(id: number, at: Point, view: View, canvas: Size): void {
    if (this.#held?.id !== id || !this.#line) return;
    this.#line = { ...this.#line, [this.#held.end]: onCanvas(toCanvas(view, at), canvas) };
    this.#held = { ...this.#held, still: false };
    this.show(view);
  }

  release(id: number, view: View): void {
    if (this.#held?.id !== id) return;
    const { still } = this.#held;
    this.#held = null;
    // A click measures nothing.
    if (still) this.#line = null;
    else this.#tell();
    this.show(view);
  }

  /** A second finger has come: the first was none of ours. */
  cancel(view: View): void {
    if (this.#held) this.#line = null;
    this.#held = null;
    this.show(view);
  }

  /** By keys: the crosshair goes by so much, from the middle of the view at first. */
  step([dx, dy]: Point, view: View, canvas: Size): void {
    const middle = toCanvas(view, [view.stage[0] / 2, view.stage[1] / 2]);
    const [x, y] = this.#aim ?? middle;
    this.#aim = onCanvas(this.#aim ? [x + dx, y + dy] : [x, y], canvas);
    if (this.#begun && this.#line) this.#line = { ...this.#line, b: this.#aim };
    this.show(view);
  }

  /** By keys: sets the first end where the crosshair stands, then the other. */
  set(view: View, canvas: Size): void {
    if (!this.#aim) this.step([0, 0], view, canvas);
    const at = this.#aim ?? [0, 0];
    if (this.#begun) this.#tell();
    else this.#line = { a: at, b: at };
    this.#begun = !this.#begun;
    this.show(view);
  }

  get aim(): Point | null {
    return this.#aim;
  }

  clear(): void {
    this.#line = this.#aim = this.#held = null;
    this.#begun = false;
  }

  show(view: View): void {
    const [halo, line] = this.#lines;
    const ends = this.#line && ([toScreen(view, this.#line.a), toScreen(view, this.#line.b)] as const);
    const cross = this.#aim && toScreen(view, this.#aim);
    const drawn = (ends ? ruled(...ends) : "") + (cross ? crosshair(cross) : "");
    for (const one of [halo, line]) one.setAttribute("d", drawn);
    const units = this.#line ? lengthOf(this.#line.a, this.#line.b) : 0;
    this.#text.textContent = units ? this.events.say(units) : "";
    if (!ends) return;
    const [x, y] = beside(...ends, this.#text.textContent.length);
    this.#text.setAttribute("x", `${x}`);
    this.#text.setAttribute("y", `${y}`);
  }

  close(): void {
    this.svg.remove();
  }

  #tell(): void {
    if (this.#line) this.events.measured(lengthOf(this.#line.a, this.#line.b));
  }
}

/** Where so many characters stand above the middle of a line without touching it, however steep it is. */
function beside([ax, ay]: Point, [bx, by]: Point, characters: number): Point {
  const length = Math.hypot(bx - ax, by - ay) || 1;
  const up = bx >= ax ? -1 : 1;
  const [nx, ny] = [(-up * (by - ay)) / length, (up * (bx - ax)) / length];
  const away = 14 + Math.abs(nx) * characters * 4;
  return [(ax + bx) / 2 + nx * away, (ay + by) / 2 + ny * away + 5];
}

/** A line with a stroke across each end. */
function ruled([ax, ay]: Point, [bx, by]: Point): string {
  const length = Math.hypot(bx - ax, by - ay) || 1;
  const [nx, ny] = [(-7 * (by - ay)) / length, (7 * (bx - ax)) / length];
  const end = (x: number, y: number) => `M${x - nx} ${y - ny}L${x + nx} ${y + ny}`;
  return `M${ax} ${ay}L${bx} ${by}${end(ax, ay)}${end(bx, by)}`;
}

const crosshair = ([x, y]: Point): string =>
  `M${x - 16} ${y}h11M${x + 5} ${y}h11M${x} ${y - 16}v11M${x} ${y + 5}v11`;

function path(name: string): SVGPathElement {
  const found = document.createElementNS(SVG, "path");
  found.setAttribute("class", name);
  return found;
}
