/** Several shapes under the hand: a frame that picks them, and all of them carried or copied together. Knows no DOM. */

import { type Box, boxBetween, contains, type Point, type Size } from "../core/geometry.ts";
import { encloses, isOutline, isPoint, type Place } from "../core/outline.ts";
import { among, around, displaced, travel } from "../core/several.ts";
import { type Guide, linesOf, snapMoved } from "../core/snapping.ts";
import { type Hand, REACH_PX } from "./grips.ts";
import { onScreen, scale, toCanvas, toScreen, type View } from "./view.ts";

/** Nearer than this to a line, in CSS pixels, an edge comes to lie on it. */
export const SNAP_PX = 6;

export interface BunchEffects {
  /** A shape is to be picked beside the others, or let go. */
  pick(id: string): void;
  /** The frame that is drawn to pick what it touches, or null when that ended. */
  framing(box: Box | null): void;
  framed(box: Box): void;
  /** What is picked as it would stand now, or null when that ended; `copying`: what is picked stays where it is. */
  carrying(places: readonly (Place & { id: string })[] | null, copying: boolean): void;
  /** All that is picked is to go this far, in canvas units. */
  carried(dx: number, dy: number): void;
  /** Copies of all that is picked are wanted this far away. */
  copied(dx: number, dy: number): void;
  /** The lines that something has come to lie on. */
  guides(lines: readonly Guide[]): void;
}

export interface BunchScene {
  readonly canvas: Size;
  readonly selected: string | null;
  readonly shapes: readonly (Place & {
    readonly id: string;
    readonly locked?: boolean | undefined;
    readonly ghost?: boolean | undefined;
  })[];
  /** What is picked beside the selected one. */
  readonly also?: readonly string[] | undefined;
}

export interface Dragged {
  readonly anchor: Point;
  readonly last: Point;
  /** Alt is held: nothing snaps. */
  readonly loose: boolean;
  readonly copying: boolean;
}

export class Bunch {
  constructor(
    private readonly view: () => View,
    private readonly scene: () => BunchScene,
    private readonly effects: BunchEffects,
  ) {}

  /** All that is picked and may be changed. */
  get shapes() {
    const { shapes, selected, also = [] } = this.scene();
    return among(shapes, selected ? [...also, selected] : also).filter(({ locked }) => !locked);
  }

  /** Whether several are picked and one of them lies under the hand: a drag carries them all. */
  holds(at: Point, hand: Hand): boolean {
    if (!this.scene().also?.length) return false;
    return this.shapes.some((shape) => this.#isUnder(shape, at, hand));
  }

  frame({ anchor, last }: Pick<Dragged, "anchor" | "last">): Box | null {
    return boxBetween(anchor, toCanvas(this.view(), last), this.scene().canvas);
  }

  /** How far all would go, an edge of theirs coming to lie on a line near by. */
  way({ anchor, last, loose, copying }: Dragged): readonly [number, number] {
    const { canvas } = this.scene();
    const { shapes } = this;
    const [x, y] = toCanvas(this.view(), last);
    const by = travel(shapes, x - anchor[0], y - anchor[1], canvas);
    const box = around(shapes);
    if (!box || loose || shapes.every(isPoint)) {
      this.effects.guides([]);
      return by;
    }
    const here: Box = [box[0] + by[0], box[1] + by[1], box[2], box[3]];
    const ids = copying ? [] : shapes.map(({ id }) => id);
    const snapped = snapMoved(here, linesOf(this.neighbours(ids), canvas), this.reach);
    this.effects.guides(snapped.guides);
    return travel(shapes, snapped.box[0] - box[0], snapped.box[1] - box[1], canvas);
  }

  preview(dragged: Dragged): void {
    const { canvas } = this.scene();
    const [dx, dy] = this.way(dragged);
    const places = this.shapes.map((shape) => ({ id: shape.id, ...displaced(shape, dx, dy, canvas) }));
    this.effects.carrying(places, dragged.copying);
  }

  finish(dragged: Dragged): void {
    const [dx, dy] = this.way(dragged);
    this.end();
    if (dragged.copying) this.effects.copied(dx, dy);
    else this.effects.carried(dx, dy);
  }

  /** Ends a drag without a trace. */
  end(): void {
    this.effects.carrying(null, false);
    this.effects.guides([]);
  }

  /** The boxes in view that edges may come to lie on. */
  neighbours(except: readonly string[]): readonly Box[] {
    const { shapes } = this.scene();
    const [width, height] = this.view().stage;
    return shapes
      .filter((shape) => !shape.ghost && !isPoint(shape) && !except.includes(shape.id))
      .map(({ box }) => box)
      .filter((box) => {
        const [x, y, w, h] = onScreen(this.view(), box);
        return x < width && y < height && x + w > 0 && y + h > 0;
      });
  }

  /** How near is near, in canvas units. */
  get reach(): number {
    return SNAP_PX / (scale(this.view()) || 1);
  }

  #isUnder(shape: Place, at: Point, hand: Hand): boolean {
    const here = toCanvas(this.view(), at);
    if (isPoint(shape)) {
      const [x, y] = toScreen(this.view(), shape.points?.[0] ?? here);
      return Math.hypot(x - at[0], y - at[1]) <= REACH_PX[hand];
    }
    return isOutline(shape) ? encloses(shape.points ?? [], here) : contains(shape.box, here);
  }
}
