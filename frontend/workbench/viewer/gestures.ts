/** Turns presses, drags, pinches and wheels into drawing, editing, selecting and moving about. Knows no DOM. */

import { type Box, boxBetween, type Grip, hit, type Point, resized, type Size } from "../core/geometry.ts";
import { CURSORS, gripAt, type Hand } from "./grips.ts";
import { toCanvas, type View } from "./view.ts";

export type Tool = "draw" | "move";

export interface Touchable {
  readonly id: string;
  readonly box: Box;
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
}

export interface Press {
  readonly id: number;
  readonly at: Point;
  readonly hand: Hand;
  /** The middle button, or any other than the first. */
  readonly aside?: boolean;
}

export interface Effects {
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
  | { kind: "pinch" };

export class Gestures {
  #doing: Doing = { kind: "nothing" };
  #touches = new Map<number, Point>();
  /** Held space: whatever is pressed moves the view. */
  carrying = false;

  constructor(
    private readonly view: () => View,
    private readonly scene: () => Scene,
    private readonly effects: Effects,
  ) {}

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

  /** Ends what is going on without a trace; answers whether there was anything. */
  cancel(): boolean {
    const doing = this.#doing;
    this.#doing = { kind: "nothing" };
    if (doing.kind === "draw") this.effects.drawing(null);
    if (doing.kind === "edit") this.effects.editing(doing.shape, null);
    return doing.kind === "draw" || doing.kind === "edit";
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
    if (grip) return CURSORS[grip];
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
    if (tool === "move" || readonly) return { kind: "pan", ...common, click: true };
    return { kind: "draw", ...common, anchor, far: false };
  }

  #gripAt(at: Point, hand: Hand) {
    const { selected, shapes, readonly, tool } = this.scene();
    const shape = readonly ? undefined : shapes.find(({ id }) => id === selected);
    if (!shape || shape.locked) return null;
    const grip = gripAt(this.view(), shape.box, at, hand, { everywhere: tool === "move" });
    return grip && { shape, grip };
  }

  #click(at: Point): void {
    const shapes = this.scene().shapes.filter(({ ghost }) => !ghost);
    this.effects.select(hit(shapes, toCanvas(this.view(), at))?.id ?? null);
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
