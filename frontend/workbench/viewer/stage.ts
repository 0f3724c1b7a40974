/** Puts image, painted shapes, frame and gestures together on one element: what the custom elements hold on to. */

import type { Canvas } from "../core/contract.ts";
import type { Box, Point, Size } from "../core/geometry.ts";
import { type Place, placeOf, type ShapeKind } from "../core/outline.ts";
import { DeepZoom } from "./deepzoom.ts";
import { Frame, type Framed } from "./frame.ts";
import { Gestures, type Tool, type Touchable } from "./gestures.ts";
import type { Hand } from "./grips.ts";
import type { Outliner, Sketch } from "./outliner.ts";
import { type PaintedShape, Painter } from "./painter.ts";
import { scale, seen, UNSEEN, type View } from "./view.ts";

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
}

export interface StageEvents {
  drawn(box: Box): void;
  edited(id: string, box: Box): void;
  select(id: string | null): void;
  /** An outline or a point is drawn, or changed. */
  traced(points: readonly Point[]): void;
  reshaped(id: string, points: readonly Point[]): void;
  /** A corner of the picked outline is pointed at. */
  corner(index: number): void;
  /** What was asked for would cross itself. */
  crossed(): void;
  /** How many corners the outline in the making has; 0 when there is none. */
  sketched(corners: number): void;
  /** The box under the hand, while it changes. */
  preview(id: string | null, box: Box | null): void;
  shown(): void;
  failed(): void;
}

/** So long after the last step of a zoom all labels find their places. */
const REST_MS = 120;

const EMPTY: StageScene = {
  tool: "move",
  shapes: [],
  selected: null,
  readonly: true,
  region: null,
  placing: null,
};

export class Stage {
  readonly #zoom: DeepZoom;
  readonly #paper = document.createElement("canvas");
  readonly #painter = new Painter();
  readonly #frame = new Frame();
  readonly #gestures: Gestures;
  readonly #listening = new AbortController();
  #scene: StageScene = EMPTY;
  #size: Size = [1, 1];
  #view: View = UNSEEN;
  #drawing: Box | null = null;
  #editing: ({ id: string } & Place) | null = null;
  #sketch: Sketch | null = null;
  #framePlanned = 0;
  #resting = 0;
  /** Whether the canvas has its place on the screen: a stroke before would land anywhere. */
  #placed = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly events: StageEvents,
  ) {
    const picture = document.createElement("div");
    picture.className = "rw-picture";
    this.#paper.className = "rw-paper";
    this.#paper.setAttribute("aria-hidden", "true");
    element.append(picture, this.#paper, this.#frame.svg);
    this.#zoom = new DeepZoom(picture, {
      moved: () => this.#moved(),
      placed: () => {
        this.#placed = true;
        this.#moved();
      },
      shown: () => events.shown(),
      failed: () => events.failed(),
    });
    this.#gestures = new Gestures(
      () => this.#view,
      () => ({ ...this.#scene, canvas: this.#size }),
      {
        pan: (dx, dy) => this.#zoom.pan(dx, dy),
        zoom: (factor, at) => this.#zoom.zoom(factor, at, { immediately: this.#gestures.busy }),
        drawing: (box) => this.#preview({ drawing: box }),
        drawn: (box) => events.drawn(box),
        editing: (id, box) => this.#preview({ editing: box && { id, box } }),
        edited: (id, box) => {
          this.#preview({ editing: null });
          events.edited(id, box);
        },
        select: (id) => events.select(id),
        sketching: (sketch) => this.#sketching(sketch),
        traced: (points) => events.traced(points),
        reshaping: (id, points) =>
          this.#preview({ editing: points && { id, ...placeOf(points, this.#size) } }),
        reshaped: (id, points) => {
          this.#preview({ editing: null });
          events.reshaped(id, points);
        },
        corner: (index) => events.corner(index),
        crossed: () => events.crossed(),
      },
    );
    this.#listen();
  }

  get size(): Size {
    return this.#size;
  }

  get placed(): boolean {
    return this.#placed;
  }

  open(canvas: Canvas, region: Box | null): Promise<void> {
    this.#gestures.cancel();
    this.#gestures.outliner.giveUp();
    this.#placed = false;
    this.#size = [canvas.width, canvas.height];
    return this.#zoom.open(canvas, region);
  }

  warm(canvas: Canvas): Promise<void> {
    return this.#zoom.warm(canvas);
  }

  update(scene: StageScene): void {
    this.#scene = scene;
    this.#plan();
  }

  /** Held space: dragging moves the view, whatever the tool. */
  carry(carrying: boolean): void {
    this.#gestures.carrying = carrying;
    this.element.style.cursor = carrying ? "grab" : "";
  }

  /** Ends a stroke, or an outline in the making, without a trace; answers whether there was one. */
  cancel(): boolean {
    return this.#gestures.cancel() || this.#gestures.outliner.giveUp();
  }

  /** What draws outlines: for keys. */
  get outliner(): Outliner {
    return this.#gestures.outliner;
  }

  zoom(factor: number): void {
    this.#zoom.zoom(factor);
  }

  pan(dx: number, dy: number): void {
    this.#zoom.pan(dx, dy);
  }

  fit(): void {
    this.#zoom.fit();
  }

  reveal(box: Box, share = 1 / 60): void {
    this.#zoom.reveal(box, share);
  }

  /** The part of the canvas in view. */
  seen(): Box {
    return seen(this.#view);
  }

  view(): View {
    return this.#view;
  }

  /** CSS pixels per canvas unit. */
  get scale(): number {
    return scale(this.#view);
  }

  close(): void {
    this.#listening.abort();
    cancelAnimationFrame(this.#framePlanned);
    clearTimeout(this.#resting);
    this.#zoom.close();
    this.element.replaceChildren();
  }

  #moved(): void {
    this.#view = this.#zoom.view();
    this.#gestures.refresh();
    this.#render();
  }

  #sketching(sketch: Sketch | null): void {
    const before = this.#sketch?.corners.length ?? 0;
    this.#sketch = sketch;
    const corners = sketch?.corners.length ?? 0;
    if (corners !== before) this.events.sketched(corners);
    this.#plan();
  }

  #preview(change: { drawing?: Box | null; editing?: ({ id: string } & Place) | null }): void {
    if (change.drawing !== undefined) this.#drawing = change.drawing;
    if (change.editing !== undefined) this.#editing = change.editing;
    this.events.preview(this.#editing?.id ?? null, this.#editing?.box ?? this.#drawing);
    this.#plan();
  }

  #plan(): void {
    this.#framePlanned ||= requestAnimationFrame(() => this.#render());
  }

  #render(): void {
    cancelAnimationFrame(this.#framePlanned);
    this.#framePlanned = 0;
    const { shapes, region } = this.#scene;
    const framed = this.#framed();
    const context = this.#sized();
    const { hides: hidden, show } = framed;
    // What is only read keeps its label; grips would lie on that of what is changed.
    const painting = { shapes, region, hidden, named: show?.kind === "locked", size: this.#size };
    if (context) this.#painter.paint(context, this.#view, { ...painting, ratio: devicePixelRatio });
    clearTimeout(this.#resting);
    if (this.#painter.isRough) this.#resting = window.setTimeout(() => this.#plan(), REST_MS);
    this.#frame.show(this.#view, framed.show);
  }

  #framed(): { show: Framed | null; hides: string | null } {
    const { shapes, selected, placing, readonly, corner, aim } = this.#scene;
    if (this.#sketch?.corners.length || aim) {
      const { corners = [], hand = null } = this.#sketch ?? {};
      const sketch = { points: corners, hand: aim ?? hand, aim: Boolean(aim) };
      return { show: { box: [0, 0, 0, 0], kind: "sketch", ...sketch }, hides: null };
    }
    if (this.#drawing) return { show: { box: this.#drawing, kind: "drawing" }, hides: null };
    if (placing) return { show: { box: placing, kind: "placing" }, hides: null };
    const shape = shapes.find(({ id }) => id === (this.#editing?.id ?? selected));
    if (!shape) return { show: null, hides: null };
    const kind = shape.locked || readonly ? "locked" : "selected";
    const { box, points } = this.#editing ?? shape;
    return { show: { box, points, kind, corner }, hides: shape.id };
  }

  #sized(): CanvasRenderingContext2D | null {
    const [width, height] = this.#view.stage.map((side) => Math.round(side * devicePixelRatio));
    if (!width || !height) return null;
    if (this.#paper.width !== width) this.#paper.width = width;
    if (this.#paper.height !== height) this.#paper.height = height;
    return this.#paper.getContext("2d");
  }

  #listen(): void {
    const { element } = this;
    const { signal } = this.#listening;
    const at = (event: MouseEvent): [number, number] => {
      const { left, top } = element.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top];
    };
    const press = (event: PointerEvent) => ({
      id: event.pointerId,
      at: at(event),
      hand: handOf(event),
      aside: event.button > 0,
    });
    const point = (event: PointerEvent) => {
      element.style.cursor = this.#gestures.cursor(at(event), handOf(event));
    };
    const on = <K extends keyof HTMLElementEventMap>(name: K, act: (event: HTMLElementEventMap[K]) => void) =>
      element.addEventListener(name, act, { signal, passive: false });
    on("pointerdown", (event) => {
      if (event.button > 1) return;
      event.preventDefault();
      element.focus({ preventScroll: true });
      if (!this.#placed) return;
      element.setPointerCapture(event.pointerId);
      this.#gestures.press(press(event));
      point(event);
    });
    on("pointermove", (event) => {
      this.#gestures.move(press(event));
      point(event);
    });
    on("pointerup", (event) => {
      this.#gestures.release(press(event));
      point(event);
    });
    // The browser's own gestures (fling, double tap) would swallow the next tap beside the image.
    on("touchstart", (event) => event.preventDefault());
    on("pointercancel", (event) => this.#gestures.lose(press(event)));
    on("wheel", (event) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1;
      this.#gestures.wheel((event.deltaY || event.deltaX) * lines, at(event));
    });
  }
}

const handOf = ({ pointerType }: PointerEvent): Hand =>
  pointerType === "touch" || pointerType === "pen" ? pointerType : "mouse";
