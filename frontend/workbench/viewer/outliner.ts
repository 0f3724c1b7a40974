/** Draws outlines corner by corner, sets points, and reshapes what is picked. Knows no DOM; `Gestures` gives it presses. */

import type { Point, Size } from "../core/geometry.ts";
import {
  flaw,
  MOST_CORNERS,
  onCanvas,
  type ShapeKind,
  shifted,
  withCorner,
  withInserted,
} from "../core/outline.ts";
import { type Handle, handleAt } from "./corners.ts";
import { type Hand, REACH_PX } from "./grips.ts";
import { toCanvas, toScreen, type View } from "./view.ts";

/** What is being drawn: the corners set so far, and where the hand would set the next. */
export interface Sketch {
  readonly corners: readonly Point[];
  readonly hand: Point | null;
}

export interface OutlineEffects {
  /** An outline in the making, or null when that ended. */
  sketching(sketch: Sketch | null): void;
  /** An outline, or a point, is drawn. */
  traced(points: readonly Point[]): void;
  /** A shape's points while they are dragged, or null when that ended without a change. */
  reshaping(id: string, points: readonly Point[] | null): void;
  reshaped(id: string, points: readonly Point[]): void;
  /** A corner of the picked shape is pointed at. */
  corner(index: number): void;
  /** What was asked for would cross itself, so nothing was done. */
  crossed(): void;
}

export interface OutlineScene {
  readonly canvas: Size;
  /** What the draw tool draws. */
  readonly draws?: ShapeKind | undefined;
}

interface Reshape {
  readonly id: string;
  readonly points: readonly Point[];
  readonly handle: Handle;
}

export class Outliner {
  #corners: Point[] = [];
  #hand: Point | null = null;

  constructor(
    private readonly view: () => View,
    private readonly scene: () => OutlineScene,
    private readonly effects: OutlineEffects,
  ) {}

  get corners(): readonly Point[] {
    return this.#corners;
  }

  /** Whether an outline has been begun. */
  get busy(): boolean {
    return this.#corners.length > 0;
  }

  /** A click or tap: the next corner, or the end on the first or the last one. */
  click(at: Point, hand: Hand): void {
    const point = this.#onCanvas(at);
    if (this.scene().draws === "point") {
      this.effects.traced([point]);
      return;
    }
    const reach = Math.max(REACH_PX[hand], 10);
    const isAt = (corner: Point | undefined) => {
      if (!corner) return false;
      const [x, y] = toScreen(this.view(), corner);
      return Math.hypot(x - at[0], y - at[1]) <= reach;
    };
    const enough = this.#corners.length >= 3;
    if (enough && (isAt(this.#corners[0]) || isAt(this.#corners.at(-1)))) this.close();
    else this.add(point);
  }

  /** A drag: of a new outline the first edge, else the next corner where the hand lets go. */
  drag(from: Point, to: Point): void {
    if (this.scene().draws === "polygon" && !this.busy) this.add(this.#onCanvas(from));
    if (this.scene().draws === "point") this.effects.traced([this.#onCanvas(to)]);
    else this.add(this.#onCanvas(to));
  }

  /** The next corner; one on the place of another is none. */
  add(point: Point): void {
    if (this.#corners.length >= MOST_CORNERS) return;
    if (this.#corners.some(([x, y]) => x === point[0] && y === point[1])) return;
    this.#corners = [...this.#corners, point];
    this.#hand = null;
    this.#tell();
  }

  /** Where the hand hovers, on screen. */
  hover(at: Point | null): void {
    if (!this.busy) return;
    this.#hand = at && this.#onCanvas(at);
    this.#tell();
  }

  /** A point, where a crosshair stands. */
  set(point: Point): void {
    this.effects.traced([point]);
  }

  /** Takes the last corner back; answers whether there was one. */
  back(): boolean {
    if (!this.busy) return false;
    this.#corners = this.#corners.slice(0, -1);
    this.#tell();
    return true;
  }

  giveUp(): boolean {
    const was = this.busy;
    this.#corners = [];
    this.#hand = null;
    if (was) this.effects.sketching(null);
    return was;
  }

  /** Ends the outline, if it is one; what crosses itself goes on being drawn. Answers whether it ended. */
  close(): boolean {
    const found = flaw(this.#corners);
    if (found === "crossing") this.effects.crossed();
    if (found) return false;
    const points = this.#corners;
    this.giveUp();
    this.effects.traced(points);
    return true;
  }

  // --- what is picked ------------------------------------------------------------------------------

  handle(points: readonly Point[], at: Point, hand: Hand, everywhere: boolean): Handle | null {
    return handleAt(this.view(), points, at, hand, { everywhere });
  }

  /** The points as the drag from `anchor` (canvas) to a place on screen leaves them. */
  reshaped({ points, handle }: Reshape, anchor: Point, to: Point): Point[] {
    const { canvas } = this.scene();
    const here = toCanvas(this.view(), to);
    const by: Point = [here[0] - anchor[0], here[1] - anchor[1]];
    if (handle.kind === "inside") return shifted(points, ...by, canvas);
    if (handle.kind === "edge") return withInserted(points, handle.index, onCanvas(here, canvas));
    const [x, y] = points[handle.index] ?? here;
    return withCorner(points, handle.index, onCanvas([x + by[0], y + by[1]], canvas));
  }

  preview(what: Reshape, anchor: Point, to: Point): void {
    this.effects.reshaping(what.id, this.reshaped(what, anchor, to));
  }

  /** The end of a drag; what would cross itself stays as it was. */
  finish(what: Reshape, anchor: Point, to: Point): void {
    const points = this.reshaped(what, anchor, to);
    if (points.length > 1 && flaw(points)) {
      this.effects.reshaping(what.id, null);
      this.effects.crossed();
      return;
    }
    this.effects.reshaped(what.id, points);
    if (what.handle.kind === "corner") this.effects.corner(what.handle.index);
    if (what.handle.kind === "edge") this.effects.corner(what.handle.index + 1);
  }

  #onCanvas(at: Point): Point {
    return onCanvas(toCanvas(this.view(), at), this.scene().canvas);
  }

  #tell(): void {
    const { corners } = this;
    this.effects.sketching(corners.length ? { corners, hand: this.#hand } : null);
  }
}
