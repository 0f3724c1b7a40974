/** Draws what lies on the image: shapes at rest on a canvas, what is in hand as SVG, each frame at most once. */

import type { Box, Point, Size } from "../core/geometry.ts";
import type { Place, ShapeKind } from "../core/outline.ts";
import { among } from "../core/several.ts";
import type { Guide } from "../core/snapping.ts";
import { Frame, type Framed } from "./frame.ts";
import type { Tool, Touchable } from "./gestures.ts";
import type { Hand } from "./grips.ts";
import { Grouping } from "./grouping.ts";
import type { Sketch } from "./outliner.ts";
import { type PaintedShape, Painter } from "./painter.ts";
import { UNSEEN, type View } from "./view.ts";

export type StageShape = PaintedShape & Touchable;

export interface StageScene {
  readonly tool: Tool;
  readonly shapes: readonly StageShape[];
  readonly selected: string | null;
  readonly readonly: boolean;
  readonly region: Box | null;
  /** A box being placed by keyboard, not yet a shape. */
  readonly placing: Box | null;
  /** What the draw tool draws; boxes where it is not said. */
  readonly draws?: ShapeKind;
  /** The corner of the picked outline that keys act on. */
  readonly corner?: number | null;
  /** Where the keyboard's crosshair stands. */
  readonly aim?: Point | null;
  /** What is picked beside the selected one. */
  readonly also?: readonly string[];
  /** As if Shift were held: clicks and strokes pick. */
  readonly gathers?: boolean;
}

const EMPTY: StageScene = {
  tool: "move",
  shapes: [],
  selected: null,
  readonly: true,
  region: null,
  placing: null,
};

/** What the hand does right now, before it is told. */
export interface InHand {
  /** A box being drawn. */
  readonly drawing: Box | null;
  /** A shape while it is dragged. */
  readonly editing: ({ readonly id: string } & Place) | null;
  /** The outline in the making. */
  readonly sketch: Sketch | null;
  /** What is picked while it is carried. */
  readonly places: readonly (Place & { id: string })[] | null;
  /** What is picked stays where it is. */
  readonly copying: boolean;
  /** The frame that picks. */
  readonly frame: Box | null;
  readonly guides: readonly Guide[];
  readonly by: Hand;
}

const EMPTY_HAND: InHand = {
  drawing: null,
  editing: null,
  sketch: null,
  places: null,
  copying: false,
  frame: null,
  guides: [],
  by: "mouse",
};

/** So long after the last step of a zoom all labels find their places. */
const REST_MS = 120;

export class Scenery {
  readonly #paper = document.createElement("canvas");
  readonly #painter = new Painter();
  readonly #frame = new Frame();
  readonly #grouping = new Grouping();
  #scene: StageScene = EMPTY;
  #hand: InHand = EMPTY_HAND;
  #size: Size = [1, 1];
  #view: View = UNSEEN;
  #framePlanned = 0;
  #resting = 0;

  /** What is put on the stage, from the bottom up. */
  get layers(): readonly (HTMLElement | SVGElement)[] {
    this.#paper.className = "rw-paper";
    this.#paper.setAttribute("aria-hidden", "true");
    return [this.#paper, this.#grouping.svg, this.#frame.svg];
  }

  get scene(): StageScene {
    return this.#scene;
  }

  get hand(): InHand {
    return this.#hand;
  }

  /** Another canvas is shown, of this size. */
  open(size: Size): void {
    this.#size = size;
  }

  update(scene: StageScene): void {
    this.#scene = scene;
    this.#plan();
  }

  take(change: Partial<InHand>): void {
    this.#hand = { ...this.#hand, ...change };
    this.#plan();
  }

  /** The view has changed: drawn at once, in the frame in which the image is. */
  moved(view: View): void {
    this.#view = view;
    this.#render();
  }

  close(): void {
    cancelAnimationFrame(this.#framePlanned);
    clearTimeout(this.#resting);
  }

  #plan(): void {
    this.#framePlanned ||= requestAnimationFrame(() => this.#render());
  }

  #render(): void {
    cancelAnimationFrame(this.#framePlanned);
    this.#framePlanned = 0;
    const { shapes, region, also = [], selected } = this.#scene;
    const { places, copying, frame, guides } = this.#hand;
    const away = new Set(copying ? [] : (places ?? []).map(({ id }) => id));
    const context = this.#sized();
    const { hides: hidden, show } = this.#framed();
    // What is only read keeps its label; grips would lie on that of what is changed.
    const painting = { shapes, region, hidden, away, named: show?.kind === "locked", size: this.#size };
    if (context) this.#painter.paint(context, this.#view, { ...painting, ratio: devicePixelRatio });
    clearTimeout(this.#resting);
    if (this.#painter.isRough) this.#resting = window.setTimeout(() => this.#plan(), REST_MS);
    this.#frame.show(this.#view, show);
    const picked = also.length ? among(shapes, [...also, selected ?? ""]) : [];
    this.#grouping.show(this.#view, { places: places ?? picked, frame, guides, canvas: this.#size });
  }

  /** What has grips or a frame of its own, and which resting shape that takes the place of. */
  #framed(): { show: Framed | null; hides: string | null } {
    const { shapes, selected, placing, readonly, corner, aim, also } = this.#scene;
    const { drawing, editing, sketch, places, by } = this.#hand;
    if (sketch?.corners.length || aim) {
      const { corners = [], hand = null } = sketch ?? {};
      const line = { points: corners, hand: aim ?? hand, aim: Boolean(aim) };
      return { show: { box: [0, 0, 0, 0], kind: "sketch", ...line }, hides: null };
    }
    if (drawing) return { show: { box: drawing, kind: "drawing" }, hides: null };
    if (placing) return { show: { box: placing, kind: "placing" }, hides: null };
    // Several are shown alike, none of them with grips.
    if (also?.length || places) return { show: null, hides: null };
    const shape = shapes.find(({ id }) => id === (editing?.id ?? selected));
    if (!shape) return { show: null, hides: null };
    const kind = shape.locked || readonly ? "locked" : "selected";
    const { box, points } = editing ?? shape;
    return { show: { box, points, kind, corner, hand: null, by }, hides: shape.id };
  }

  #sized(): CanvasRenderingContext2D | null {
    const [width, height] = this.#view.stage.map((side) => Math.round(side * devicePixelRatio));
    if (!width || !height) return null;
    if (this.#paper.width !== width) this.#paper.width = width;
    if (this.#paper.height !== height) this.#paper.height = height;
    return this.#paper.getContext("2d");
  }
}
