/** Outlines and points by keyboard: a crosshair that sets corners, and the corner of a picked outline that keys act on. */

import type { ReactiveControllerHost } from "lit";
import { centre, type Point } from "../core/geometry.ts";
import {
  flaw,
  onCanvas,
  type ShapeKind,
  shifted,
  withCorner,
  withInserted,
  withoutCorner,
} from "../core/outline.ts";
import type { Command } from "../viewer/keys.ts";
import type { Stage, StageShape } from "../viewer/stage.ts";
import { stepOnCanvas } from "../viewer/turning.ts";

interface OutlineHost extends ReactiveControllerHost {
  readonly drawing: Stage | null;
  readonly draws: ShapeKind;
  readonly readonly: boolean;
  readonly shapes: readonly StageShape[];
  readonly selected: string | null;
  reshape(id: string, points: readonly Point[]): void;
}

/** Without a modifier the crosshair moves by this many pixels on screen, with Shift by ten times that. */
const AIM_PX = 2;

export class OutlineKeys {
  #aim: Point | null = null;
  #corner: number | null = null;

  constructor(private readonly host: OutlineHost) {}

  /** Where the crosshair stands. */
  get aim(): Point | null {
    return this.#aim;
  }

  get aiming(): boolean {
    return this.#aim !== null;
  }

  /** The corner that keys act on; null when they act on all of the shape. */
  get corner(): number | null {
    return this.#corner;
  }

  /** Shows the crosshair in the middle of what is in view. */
  begin(): void {
    const stage = this.host.drawing;
    if (stage) this.#aimAt(centre(stage.seen()));
  }

  /** Gives up what is being drawn. */
  end(): void {
    this.#aim = null;
    this.host.drawing?.outliner.giveUp();
    this.host.requestUpdate();
  }

  pick(corner: number | null): void {
    this.#corner = corner;
    this.host.requestUpdate();
  }

  /** Another shape is picked: its corners have not been pointed at. */
  let(): void {
    this.#corner = null;
  }

  mark(): boolean {
    const outliner = this.host.drawing?.outliner;
    if (!this.#aim || !outliner) return false;
    if (this.host.draws === "point") this.#set(this.#aim);
    else outliner.add(this.#aim);
    return true;
  }

  /** Does what a key means while an outline is made or a corner is picked; answers whether it meant anything. */
  key(command: Command): boolean {
    const outliner = this.host.drawing?.outliner;
    if (!outliner) return false;
    if (this.#aim || outliner.busy) return this.#sketch(command, outliner);
    const { shape } = this;
    return shape ? this.#onCorner(command, shape) : false;
  }

  /** Arrows on a picked outline or point: its picked corner, or all of it. */
  move(shape: StageShape, step: { dx: number; dy: number }): boolean {
    const stage = this.host.drawing;
    if (!stage || !shape.points) return false;
    const [dx, dy] = stepOnCanvas(stage.view(), [step.dx, step.dy]);
    const at = this.#corner === null ? undefined : shape.points[this.#corner];
    const points = at
      ? withCorner(shape.points, this.#corner ?? 0, onCanvas([at[0] + dx, at[1] + dy], stage.size))
      : shifted(shape.points, dx, dy, stage.size);
    if (points.length === 1 || !flaw(points)) this.host.reshape(shape.id, points);
    return true;
  }

  get shape(): StageShape | undefined {
    const { readonly, shapes, selected } = this.host;
    return readonly ? undefined : shapes.find(({ id, locked }) => id === selected && !locked);
  }

  #sketch(command: Command, outliner: Stage["outliner"]): boolean {
    switch (command.kind) {
      case "nudge":
      case "grow":
        if (this.#aim) this.#step(command.dx, command.dy);
        return Boolean(this.#aim);
      case "confirm":
        if (this.host.draws === "point" && this.#aim) this.#set(this.#aim);
        else outliner.close();
        return true;
      case "delete":
      case "undo":
        if (!outliner.back()) this.end();
        return true;
      case "cancel":
        this.end();
        return true;
      default:
        return command.kind === "new";
    }
  }

  #onCorner(command: Command, shape: StageShape): boolean {
    const points = shape.points ?? [];
    if (points.length < 3) return false;
    if (command.kind === "corner") {
      const from = this.#corner ?? (command.step > 0 ? -1 : 0);
      this.pick((from + command.step + points.length) % points.length);
      return true;
    }
    if (command.kind === "insert") {
      const after = this.#corner ?? points.length - 1;
      this.host.reshape(shape.id, withInserted(points, after));
      this.pick(after + 1);
      return true;
    }
    if (this.#corner === null) return false;
    if (command.kind === "cancel") {
      this.pick(null);
      return true;
    }
    if (command.kind !== "delete") return false;
    const fewer = withoutCorner(points, this.#corner);
    if (!fewer || flaw(fewer)) return Boolean(fewer);
    this.host.reshape(shape.id, fewer);
    this.pick(Math.min(this.#corner, fewer.length - 1));
    return true;
  }

  #set(point: Point): void {
    this.host.drawing?.outliner.set(point);
  }

  /** By pixels on screen, so that the crosshair is as quick however near one looks. */
  #step(dx: number, dy: number): void {
    const stage = this.host.drawing;
    if (!stage || !this.#aim) return;
    const unit = AIM_PX / stage.scale;
    const [x, y] = stepOnCanvas(stage.view(), [dx, dy]);
    this.#aimAt([this.#aim[0] + x * unit, this.#aim[1] + y * unit]);
    stage.reveal([this.#aim[0], this.#aim[1], 1, 1], 0);
  }

  #aimAt(point: Point): void {
    const stage = this.host.drawing;
    if (!stage) return;
    this.#aim = onCanvas(point, stage.size);
    this.host.requestUpdate();
  }
}
