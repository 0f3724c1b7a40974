/** Turns presses, drags, pinches and wheels into drawing, editing, selecting and moving about. Knows no DOM. */

import { type Box, boxBetween, type Grip, hit, type Point, resized, type Size } from "../core/geometry.ts";
import { encloses, isOutline, isPoint, type Place, type ShapeKind } from "../core/outline.ts";
import type { Handle } from "./corners.ts";
import { cursorOf, gripAt, type Hand, REACH_PX } from "./grips.ts";
import { type OutlineEffects, Outliner } from "./outliner.ts";
import { toCanvas, toScreen, type View } from "./view.ts";

export type Tool = "draw" | "move";

export interface Touchable extends Place {
  readonly id: string;
  /** May be selected but not changed. */
  readonly locked?: boolean | undefined;
  /** To be seen only: a click goes through it. */
  readonly ghost?: boolean | undefined;
}

export interface Scene {
  readonly tool: Tool;
  readonly canvas: Size;
  readonly shapes: readonly Touchable[];
  readonly selected: string | null;
  /** Nothing may be drawn or changed. */
  readonly readonly: boolean;
  /** What the draw tool draws; boxes where it is not said. */
  readonly draws?: ShapeKind | undefined;
}

export interface Press {
  readonly id: number;
  readonly at: Point;
  readonly hand: Hand;
  /** The middle button, or any other than the first. */
  readonly aside?: boolean;
}

export interface Effects extends OutlineEffects {
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: Point): void;
  /** A box being drawn, or null when that ended. */
  drawing(box: Box | null): void;
  drawn(box: Box): void;
  /** A shape's box while it is dragged, or null when that ended without a change. */
  editing(id: string, box: Box | null): void;
  edited(id: string, box: Box): void;
  select(id: string | null): void;
}

/** Less than this many CSS pixels of travel is a click. */
const STILL_PX = 4;

type Doing =
  | { kind: "nothing" }
  | { kind: "pan"; id: number; from: Point; last: Point; click: boolean }
  | { kind: "draw"; id: number; from: Point; anchor: Point; last: Point; far: boolean }
  | {
      kind: "edit";
      id: number;
      from: Point;
      anchor: Point;
      last: Point;
      far: boolean;
      shape: string;
      box: Box;
      grip: Grip;
    }
  | { kind: "mark"; id: number; hand: Hand; from: Point; anchor: Point; last: Point; far: boolean }
  | {
      kind: "reshape";
      id: number;
      from: Point;
      anchor: Point;
      last: Point;
      far: boolean;
      shape: { id: string; points: readonly Point[]; handle: Handle };
    }
  | { kind: "pinch" };

export class Gestures {
  #doing: Doing = { kind: "nothing" };
  #touches = new Map<number, Point>();
  /** Held space: whatever is pressed moves the view. */
  carrying = false;
  readonly outliner: Outliner;

  constructor(
    private readonly view: () => View,
    private readonly scene: () => Scene,
    private readonly effects: Effects,
  ) {
    this.outliner = new Outliner(view, scene, effects);
  }

  get busy(): boolean {
    return this.#doing.kind !== "nothing";
  }

  press(press: Press): void {
    if (press.hand === "touch") {
      this.#touches.set(press.id, press.at);
      if (this.#touches.size === 2) {
        this.cancel();
        this.#doing = { kind: "pinch" };
      }
      if (this.#touches.size >= 2) return;
    }
    if (this.busy) return;
    this.#doing = this.#begin(press);
  }

  move({ id, at }: Pick<Press, "id" | "at">): void {
    if (this.#touches.has(id)) {
      if (this.#doing.kind === "pinch") this.#pinch(id, at);
      this.#touches.set(id, at);
    }
    const doing = this.#doing;
    if (doing.kind === "nothing") this.outliner.hover(at);
    if (doing.kind === "nothing" || doing.kind === "pinch" || doing.id !== id) return;
    if (doing.kind === "pan" || this.carrying) {
      this.effects.pan(at[0] - doing.last[0], at[1] - doing.last[1]);
    }
    doing.last = at;
    const still = Math.hypot(at[0] - doing.from[0], at[1] - doing.from[1]) < STILL_PX;
    if (doing.kind === "pan") doing.click &&= still;
    else doing.far ||= !still;
    this.refresh();
  }

  /** Follows the view when it changes under a resting pointer: by wheel or keys in the middle of a stroke. */
  refresh(): void {
    const doing = this.#doing;
    if (doing.kind === "draw" && doing.far) this.effects.drawing(this.#drawnBox(doing));
    if (doing.kind === "edit" && doing.far) this.effects.editing(doing.shape, this.#editedBox(doing));
    if (doing.kind === "mark") this.outliner.hover(doing.last);
    if (doing.kind === "reshape" && doing.far) {
      this.outliner.preview(doing.shape, doing.anchor, doing.last);
    }
  }

  release({ id }: Pick<Press, "id">): void {
    this.#touches.delete(id);
    const doing = this.#doing;
    if (doing.kind === "pinch") {
      // The finger left over after a pinch must not begin to draw.
      if (this.#touches.size === 0) this.#doing = { kind: "nothing" };
      return;
    }
    if (doing.kind === "nothing" || doing.id !== id) return;
    this.#doing = { kind: "nothing" };
    if (doing.kind === "pan") {
      if (doing.click) this.#click(doing.from);
    } else if (doing.kind === "mark" || doing.kind === "reshape") {
      this.#finish(doing);
    } else if (!doing.far) {
      this.#click(doing.from);
    } else if (doing.kind === "draw") {
      this.effects.drawing(null);
      const box = this.#drawnBox(doing);
      if (box) this.effects.drawn(box);
    } else {
      this.effects.edited(doing.shape, this.#editedBox(doing));
    }
  }

  /** The end of a press that draws or changes an outline or a point. */
  #finish(doing: Extract<Doing, { kind: "mark" | "reshape" }>): void {
    const { outliner } = this;
    if (doing.kind === "reshape") {
      const { shape, anchor, last } = doing;
      if (doing.far) outliner.finish(shape, anchor, last);
      else if (shape.handle.kind === "corner") this.effects.corner(shape.handle.index);
      // A handle in the middle of an edge is a corner as soon as it is pressed.
      else if (shape.handle.kind === "edge") outliner.finish(shape, anchor, doing.from);
      else this.#click(doing.from);
      return;
    }
    if (doing.far) outliner.drag(doing.from, doing.last);
    else if (outliner.busy || !this.#selectable(doing.from)) outliner.click(doing.from, doing.hand);
    else this.#click(doing.from);
  }

  /** Whether a click here would pick another shape than the one that is picked. */
  #selectable(at: Point): boolean {
    const found = this.#hit(at);
    return found !== null && found.id !== this.scene().selected;
  }

  /** Ends what is going on without a trace; answers whether there was anything. */
  cancel(): boolean {
    const doing = this.#doing;
    this.#doing = { kind: "nothing" };
    if (doing.kind === "draw") this.effects.drawing(null);
    if (doing.kind === "edit") this.effects.editing(doing.shape, null);
    if (doing.kind === "reshape") this.effects.reshaping(doing.shape.id, null);
    return doing.kind === "draw" || doing.kind === "edit" || doing.kind === "reshape";
  }

  /** Forgets a pointer the browser took away. */
  lose({ id }: Pick<Press, "id">): void {
    this.#touches.delete(id);
    if (this.#doing.kind === "pinch") {
      if (this.#touches.size === 0) this.#doing = { kind: "nothing" };
    } else this.cancel();
  }

  wheel(delta: number, at: Point): void {
    this.effects.zoom(1.0015 ** -Math.max(-400, Math.min(400, delta)), at);
  }

  /** The pointer's look at a place. */
  cursor(at: Point, hand: Hand): string {
    const { tool, readonly } = this.scene();
    if (this.carrying) return this.busy ? "grabbing" : "grab";
    if (this.#doing.kind === "pan") return "grabbing";
    const grip = this.#gripAt(at, hand)?.grip;
    if (grip) return cursorOf(this.view(), grip);
    const handle = this.#handleAt(at, hand);
    if (handle) return handle.handle.kind === "edge" ? "copy" : "move";
    return tool === "draw" && !readonly ? "crosshair" : "grab";
  }

  #begin({ id, at, hand, aside }: Press): Doing {
    const { tool, readonly } = this.scene();
    const common = { id, from: at, last: at };
    const caught = aside || this.carrying ? null : this.#gripAt(at, hand);
    const anchor = toCanvas(this.view(), at);
    if (caught) {
      const { id: shape, box } = caught.shape;
      return { kind: "edit", ...common, anchor, far: false, shape, box, grip: caught.grip };
    }
    if (aside || this.carrying) return { kind: "pan", ...common, click: false };
    const handle = this.#handleAt(at, hand);
    if (handle) return { kind: "reshape", ...common, anchor, far: false, shape: handle };
    if (tool === "move" || readonly) return { kind: "pan", ...common, click: true };
    if ((this.scene().draws ?? "box") !== "box") return { kind: "mark", ...common, hand, anchor, far: false };
    return { kind: "draw", ...common, anchor, far: false };
  }

  #gripAt(at: Point, hand: Hand) {
    const { selected, shapes, readonly, tool } = this.scene();
    const shape = readonly ? undefined : shapes.find(({ id }) => id === selected);
    if (!shape || shape.locked || shape.points?.length) return null;
    const grip = gripAt(this.view(), shape.box, at, hand, { everywhere: tool === "move" });
    return grip && { shape, grip };
  }

  /** A handle of the picked outline or point; none while another outline is drawn over it. */
  #handleAt(at: Point, hand: Hand) {
    const { selected, shapes, readonly, tool } = this.scene();
    const shape = readonly || this.outliner.busy ? undefined : shapes.find(({ id }) => id === selected);
    if (!shape?.points?.length || shape.locked) return null;
    const handle = this.outliner.handle(shape.points, at, hand, tool === "move");
    return handle && { id: shape.id, points: shape.points, handle };
  }

  #click(at: Point): void {
    this.effects.select(this.#hit(at)?.id ?? null);
  }

  /** A box or outline under the hand, the smallest; or a point near it, the nearest, which comes before these. */
  #hit(at: Point): Touchable | null {
    const shapes = this.scene().shapes.filter(({ ghost }) => !ghost);
    const here = toCanvas(this.view(), at);
    const away = (shape: Touchable) => {
      const [x, y] = toScreen(this.view(), shape.points?.[0] ?? [0, 0]);
      return Math.hypot(x - at[0], y - at[1]);
    };
    const near = shapes.filter((shape) => isPoint(shape) && away(shape) <= REACH_PX.pen);
    const [nearest] = near.sort((a, b) => away(a) - away(b));
    const under = shapes.filter(
      (shape) => !isPoint(shape) && (!isOutline(shape) || encloses(shape.points ?? [], here)),
    );
    return nearest ?? hit(under, here);
  }

  #drawnBox({ anchor, last }: { anchor: Point; last: Point }): Box | null {
    return boxBetween(anchor, toCanvas(this.view(), last), this.scene().canvas);
  }

  #editedBox({ anchor, last, box, grip }: { anchor: Point; last: Point; box: Box; grip: Grip }): Box {
    const [x, y] = toCanvas(this.view(), last);
    return resized(box, grip, x - anchor[0], y - anchor[1], this.scene().canvas);
  }

  #pinch(id: number, at: Point): void {
    const [first, second] = [...this.#touches.entries()];
    if (!first || !second || (id !== first[0] && id !== second[0])) return;
    const fixed = id === first[0] ? second[1] : first[1];
    const was = this.#touches.get(id) ?? at;
    const middle: Point = [(fixed[0] + at[0]) / 2, (fixed[1] + at[1]) / 2];
    this.effects.pan((at[0] - was[0]) / 2, (at[1] - was[1]) / 2);
    const before = Math.hypot(was[0] - fixed[0], was[1] - fixed[1]);
    const after = Math.hypot(at[0] - fixed[0], at[1] - fixed[1]);
    if (before > 0 && after > 0) this.effects.zoom(after / before, middle);
  }
}
