/** Turns presses, drags, pinches, twists and wheels into drawing, editing, selecting and moving about. Knows no DOM. */

import type { Box, Grip, Point, Size } from "../core/geometry.ts";
import type { Place, ShapeKind } from "../core/outline.ts";
import { Bunch, type BunchEffects, type Dragged } from "./bunch.ts";
import type { Handle } from "./corners.ts";
import { type Carried, Fingers } from "./fingers.ts";
import { cursorOf, type Hand } from "./grips.ts";
import { type OutlineEffects, Outliner } from "./outliner.ts";
import { Stretching } from "./stretching.ts";
import { UnderHand } from "./underhand.ts";
import { toCanvas, type View } from "./view.ts";

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
  /** What is picked beside the selected one. */
  readonly also?: readonly string[] | undefined;
  /** As if Shift were held: clicks and strokes pick. */
  readonly gathers?: boolean | undefined;
}

export interface Press {
  readonly id: number;
  readonly at: Point;
  readonly hand: Hand;
  /** The middle button, or any other than the first. */
  readonly aside?: boolean;
  /** Shift is held: a click or a stroke picks. */
  readonly gathers?: boolean;
  /** Alt is held: what is picked is copied, and no edge snaps. */
  readonly alt?: boolean;
}

export interface Effects extends OutlineEffects, BunchEffects, Carried {
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
/** From so much on a stroke is meant: a second finger moves the view under it, and does not end it. */
const MEANT_PX = 24;

type Doing =
  | { kind: "nothing" }
  | { kind: "frame"; id: number; from: Point; anchor: Point; last: Point; far: boolean; tap: string | null }
  | ({ kind: "bunch"; id: number; from: Point; last: Point; far: boolean } & Pick<
      Dragged,
      "anchor" | "copying"
    >)
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
    };

export class Gestures {
  #doing: Doing = { kind: "nothing" };
  /** No edge snaps while Alt is held. */
  #loose = false;
  /** The fingers of a pinch are lifted one by one: the last of them must not begin to draw. */
  #resting = false;
  readonly #fingers: Fingers;
  readonly #stretching: Stretching;
  readonly #under: UnderHand;
  /** Held space: whatever is pressed moves the view. */
  carrying = false;
  readonly outliner: Outliner;
  readonly bunch: Bunch;

  constructor(
    private readonly view: () => View,
    private readonly scene: () => Scene,
    private readonly effects: Effects,
  ) {
    this.outliner = new Outliner(view, scene, effects);
    this.#under = new UnderHand(view, scene, this.outliner);
    this.bunch = new Bunch(view, scene, effects);
    this.#fingers = new Fingers(effects);
    this.#stretching = new Stretching(() => ({
      canvas: scene().canvas,
      reach: this.bunch.reach,
      neighbours: (except) => this.bunch.neighbours(except),
      guides: (lines) => effects.guides(lines),
    }));
  }

  get busy(): boolean {
    return this.#doing.kind !== "nothing" || this.#fingers.pinching;
  }

  /** Where a hand draws or carries something right now, on screen; null while none does. */
  get stroke(): Point | null {
    const doing = this.#doing;
    if (doing.kind === "nothing" || doing.kind === "pan" || !doing.far) return null;
    return this.#fingers.pinching || this.carrying ? null : doing.last;
  }

  press(press: Press): void {
    if (press.hand === "touch") {
      this.#fingers.press(press.id, press.at);
      if (this.#fingers.count >= 2) {
        // A stroke that has hardly begun was the first finger of a pinch.
        if (!this.#isMeant()) this.cancel();
        this.#resting ||= this.#doing.kind === "nothing";
        return;
      }
    }
    if (this.busy) return;
    this.#loose = press.alt ?? false;
    this.#doing = this.#begin(press);
  }

  move({ id, at, alt = this.#loose }: Pick<Press, "id" | "at" | "alt">): void {
    this.#fingers.move(id, at);
    this.#loose = alt;
    const doing = this.#doing;
    if (doing.kind === "nothing") this.outliner.hover(at);
    if (doing.kind === "nothing" || doing.id !== id) return;
    if (!this.#fingers.pinching && (doing.kind === "pan" || this.carrying)) {
      this.effects.pan(at[0] - doing.last[0], at[1] - doing.last[1]);
    }
    doing.last = at;
    const still = Math.hypot(at[0] - doing.from[0], at[1] - doing.from[1]) < STILL_PX;
    if (doing.kind === "pan") doing.click &&= still;
    else doing.far ||= !still;
    this.refresh();
  }

  #isMeant(): boolean {
    const doing = this.#doing;
    if (doing.kind === "nothing" || doing.kind === "pan") return false;
    const { from, last } = doing;
    return doing.far && Math.hypot(last[0] - from[0], last[1] - from[1]) >= MEANT_PX;
  }

  /** Follows the view when it changes under a resting pointer: by wheel or keys in the middle of a stroke. */
  refresh(): void {
    const doing = this.#doing;
    if (doing.kind === "draw" && doing.far) this.effects.drawing(this.#drawnBox(doing));
    if (doing.kind === "edit" && doing.far) this.effects.editing(doing.shape, this.#editedBox(doing));
    if (doing.kind === "frame" && doing.far) this.effects.framing(this.bunch.frame(doing));
    if (doing.kind === "bunch" && doing.far) this.bunch.preview({ ...doing, loose: this.#loose });
    if (doing.kind === "mark") this.outliner.hover(doing.last);
    if (doing.kind === "reshape" && doing.far) {
      this.outliner.preview(doing.shape, doing.anchor, doing.last);
    }
  }

  release({ id }: Pick<Press, "id">): void {
    this.#lift(id);
    const doing = this.#doing;
    if (doing.kind === "nothing" || doing.id !== id) return;
    this.#doing = { kind: "nothing" };
    this.#resting = this.#fingers.count > 0;
    if (doing.kind === "pan") {
      if (doing.click) this.#click(doing.from);
    } else if (doing.kind === "mark" || doing.kind === "reshape") {
      this.#finish(doing);
    } else if (doing.kind === "frame") {
      this.#gather(doing);
    } else if (!doing.far) {
      this.#click(doing.from);
    } else if (doing.kind === "bunch") {
      this.bunch.finish({ ...doing, loose: this.#loose });
    } else if (doing.kind === "draw") {
      this.effects.drawing(null);
      const box = this.#drawnBox(doing);
      this.effects.guides([]);
      if (box) this.effects.drawn(box);
    } else {
      const box = this.#editedBox(doing);
      this.effects.guides([]);
      this.effects.edited(doing.shape, box);
    }
  }

  #lift(id: number): void {
    this.#fingers.lift(id);
    if (!this.#fingers.count) this.#resting = false;
  }

  /** The end of a press with Shift: what it touches is picked. */
  #gather(doing: Extract<Doing, { kind: "frame" }>): void {
    if (!doing.far) {
      if (doing.tap) this.effects.pick(doing.tap);
      return;
    }
    this.effects.framing(null);
    const frame = this.bunch.frame(doing);
    if (frame) this.effects.framed(frame);
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
    const found = this.#under.shape(at);
    return found !== null && found.id !== this.scene().selected;
  }

  /** Ends what is going on without a trace; answers whether there was anything. */
  cancel(): boolean {
    const doing = this.#doing;
    this.#doing = { kind: "nothing" };
    if (doing.kind === "draw") this.effects.drawing(null);
    if (doing.kind === "edit") this.effects.editing(doing.shape, null);
    if (doing.kind === "reshape") this.effects.reshaping(doing.shape.id, null);
    if (doing.kind === "frame") this.effects.framing(null);
    if (doing.kind === "bunch") this.bunch.end();
    const isTrace = doing.kind !== "nothing" && doing.kind !== "pan" && doing.kind !== "mark";
    if (isTrace) this.effects.guides([]);
    return isTrace;
  }

  /** Forgets a pointer the browser took away. */
  lose({ id }: Pick<Press, "id">): void {
    this.#lift(id);
    const doing = this.#doing;
    if (doing.kind !== "nothing" && doing.id === id) this.cancel();
  }

  wheel(delta: number, at: Point): void {
    this.effects.zoom(1.0015 ** -Math.max(-400, Math.min(400, delta)), at);
  }

  /** The pointer's look at a place. */
  cursor(at: Point, hand: Hand): string {
    const { tool, readonly } = this.scene();
    if (this.carrying) return this.busy ? "grabbing" : "grab";
    if (this.#doing.kind === "pan") return "grabbing";
    if (this.bunch.holds(at, hand)) return "move";
    const grip = this.#under.grip(at, hand)?.grip;
    if (grip) return cursorOf(this.view(), grip);
    const handle = this.#under.handle(at, hand);
    if (handle) return handle.handle.kind === "edge" ? "copy" : "move";
    return tool === "draw" && !readonly ? "crosshair" : "grab";
  }

  #begin(press: Press): Doing {
    if (this.#resting) return { kind: "nothing" };
    const { id, at, hand, aside } = press;
    const { tool, readonly } = this.scene();
    const common = { id, from: at, last: at };
    if (aside || this.carrying) return { kind: "pan", ...common, click: false };
    const anchor = toCanvas(this.view(), at);
    const picking = this.#beginPicking(press, anchor);
    if (picking) return picking;
    const caught = this.#under.grip(at, hand);
    if (caught) {
      const { id: shape, box } = caught.shape;
      if (press.alt && caught.grip === "move")
        return { kind: "bunch", ...common, anchor, far: false, copying: true };
      return { kind: "edit", ...common, anchor, far: false, shape, box, grip: caught.grip };
    }
    const handle = this.#under.handle(at, hand);
    if (handle) return { kind: "reshape", ...common, anchor, far: false, shape: handle };
    if (tool === "move" || readonly) return { kind: "pan", ...common, click: true };
    if ((this.scene().draws ?? "box") !== "box") return { kind: "mark", ...common, hand, anchor, far: false };
    return { kind: "draw", ...common, anchor, far: false };
  }

  /** A press that picks, or that carries the several that are picked; null for any other. */
  #beginPicking(press: Press, anchor: Point): Doing | null {
    const { id, at, hand, gathers, alt: copying = false } = press;
    const scene = this.scene();
    if (scene.readonly || this.outliner.busy) return null;
    const common = { id, from: at, last: at, anchor, far: false };
    if (gathers || (scene.gathers && !this.bunch.holds(at, hand))) {
      return { kind: "frame", ...common, tap: this.#under.shape(at)?.id ?? null };
    }
    if (!this.bunch.holds(at, hand)) return null;
    return { kind: "bunch", ...common, copying };
  }

  #click(at: Point): void {
    const found = this.#under.shape(at)?.id ?? null;
    if (found && this.scene().gathers) this.effects.pick(found);
    else this.effects.select(found);
  }

  #drawnBox({ anchor, last }: { anchor: Point; last: Point }): Box | null {
    return this.#stretching.drawn(anchor, toCanvas(this.view(), last), this.#loose);
  }

  #editedBox(doing: Extract<Doing, { kind: "edit" }>): Box {
    return this.#stretching.edited(doing, toCanvas(this.view(), doing.last), this.#loose);
  }
}
