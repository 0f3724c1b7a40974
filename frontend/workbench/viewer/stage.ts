/** Puts image, painted shapes, frame and gestures together on one element: what the custom elements hold on to. */

import type { Canvas } from "../core/contract.ts";
import type { Box, Point, Size } from "../core/geometry.ts";
import { filterOf, type Light, type Turn } from "../core/imaging.ts";
import type { Showing } from "../core/layering.ts";
import { type Place, placeOf, type ShapeKind } from "../core/outline.ts";
import type { Guide } from "../core/snapping.ts";
import { Aids, type AidsEvents } from "./aids.ts";
import type { BunchEffects } from "./bunch.ts";
import { DeepZoom } from "./deepzoom.ts";
import { BORDER_PX, EdgeScroll, innerOf } from "./edgescroll.ts";
import { Frame, type Framed } from "./frame.ts";
import { Gestures, type Tool, type Touchable } from "./gestures.ts";
import type { Hand } from "./grips.ts";
import { Grouping } from "./grouping.ts";
import type { Outliner, Sketch } from "./outliner.ts";
import { type PaintedShape, Painter } from "./painter.ts";
import { RulerHand } from "./rulerhand.ts";
import { onScreen, scale, seen, UNSEEN, type View } from "./view.ts";

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

export interface StageEvents
  extends AidsEvents,
    Pick<BunchEffects, "pick" | "framed" | "carried" | "copied"> {
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
  /** The corners of the outline in the making; none when there is none. */
  sketched(corners: readonly Point[]): void;
  /** The box under the hand, while it changes. */
  preview(id: string | null, box: Box | null): void;
  shown(): void;
  failed(): void;
  /** One of several images could not be loaded. */
  missing(image: number, choice: number): void;
  /** Another part of the canvas is in view. */
  moved?(): void;
}

/** What is picked while it is carried, and the frame that picks. */
interface Carried {
  readonly places: readonly (Place & { id: string })[] | null;
  /** What is picked stays where it is. */
  readonly copying: boolean;
  readonly frame: Box | null;
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
  readonly aids: Aids;
  readonly #ruling: RulerHand;
  readonly #grouping = new Grouping();
  readonly #edges: EdgeScroll;
  #group: Carried = {
    places: null,
    copying: false,
    frame: null,
  };
  #guides: readonly Guide[] = [];
  #hand: Hand = "mouse";
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
    element.append(picture, this.#paper, this.#grouping.svg, this.#frame.svg);
    this.#zoom = new DeepZoom(picture, {
      moved: () => this.#moved(),
      placed: () => {
        this.#placed = true;
        this.#moved();
      },
      shown: () => events.shown(),
      failed: () => events.failed(),
      layered: () => this.aids.layered(),
      missing: (image, choice) => events.missing(image, choice),
    });
    this.aids = new Aids(element, this.#zoom, events);
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
        pick: (id) => events.pick(id),
        framing: (frame) => this.#regroup({ frame }),
        framed: (box) => events.framed(box),
        carrying: (places, copying) => this.#regroup({ places, copying }),
        carried: (dx, dy) => events.carried(dx, dy),
        copied: (dx, dy) => events.copied(dx, dy),
        guides: (lines) => {
          if (lines.length || this.#guides.length) this.#plan();
          this.#guides = lines;
        },
      },
    );
    this.#ruling = new RulerHand(
      this.aids,
      this.#gestures,
      () => this.#view,
      () => this.#size,
    );
    this.#edges = new EdgeScroll({
      state: () => this.#atEdge(),
      pan: (dx, dy) => this.#zoom.pan(dx, dy),
    });
    this.#listen();
  }

  get size(): Size {
    return this.#size;
  }

  get placed(): boolean {
    return this.#placed;
  }

  open(canvas: Canvas, region: Box | null, showing: Showing | null = null): Promise<void> {
    this.#gestures.cancel();
    this.#gestures.outliner.giveUp();
    this.#placed = false;
    this.#size = [canvas.width, canvas.height];
    this.aids.open(this.#size, canvas.scale ?? null);
    return this.#zoom.open(canvas, region, showing);
  }

  warm(canvas: Canvas): Promise<void> {
    return this.#zoom.warm(canvas);
  }

  /** Which of the canvas's images are shown. */
  show(showing: Showing): void {
    this.#zoom.show(showing);
  }

  turn(turn: Turn, { immediately = false } = {}): void {
    this.#zoom.turn(turn, { immediately });
  }

  light(light: Light): void {
    this.element.style.setProperty("--rw-filter", filterOf(light));
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

  /** Whether all of what is asked about can be seen. */
  get whole(): boolean {
    return this.#placed && this.#zoom.whole;
  }

  fit(): void {
    this.#zoom.fit();
  }

  reveal(box: Box, share = 1 / 60): void {
    this.#zoom.reveal(box, share);
  }

  /** What `fit` shows, and a way to show another part at once: for a second stage that moves along. */
  home(): Box {
    return this.#zoom.home();
  }

  look(box: Box): void {
    this.#zoom.look(box);
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
    this.#edges.stop();
    cancelAnimationFrame(this.#framePlanned);
    this.aids.close();
    clearTimeout(this.#resting);
    this.#zoom.close();
    this.element.replaceChildren();
  }

  #moved(): void {
    this.#view = this.#zoom.view();
    this.#gestures.refresh();
    this.#render();
    this.aids.moved(this.#view);
    this.events.moved?.();
  }

  #sketching(sketch: Sketch | null): void {
    const before = this.#sketch?.corners ?? [];
    this.#sketch = sketch;
    const corners = sketch?.corners ?? [];
    if (corners.length !== before.length) this.events.sketched(corners);
    this.#plan();
  }

  #preview(change: { drawing?: Box | null; editing?: ({ id: string } & Place) | null }): void {
    if (change.drawing !== undefined) this.#drawing = change.drawing;
    if (change.editing !== undefined) this.#editing = change.editing;
    this.events.preview(this.#editing?.id ?? null, this.#editing?.box ?? this.#drawing);
    this.#plan();
  }

  #regroup(change: Partial<Carried>): void {
    this.#group = { ...this.#group, ...change };
    this.#plan();
  }

  /** Where the hand is that draws or carries something, and how far the view may go for it. */
  #atEdge() {
    const at = this.#gestures.stroke;
    if (!at) return null;
    const inner = innerOf(this.#view.stage, this.#zoom.insets());
    const canvas = onScreen(this.#view, [0, 0, ...this.#size]);
    return { at, inner, canvas, border: BORDER_PX[this.#hand] };
  }

  #plan(): void {
    this.#framePlanned ||= requestAnimationFrame(() => this.#render());
  }

  #render(): void {
    cancelAnimationFrame(this.#framePlanned);
    this.#framePlanned = 0;
    const { shapes, region } = this.#scene;
    const framed = this.#framed();
    const { places, copying, frame } = this.#group;
    const away = new Set(copying ? [] : (places ?? []).map(({ id }) => id));
    const context = this.#sized();
    const { hides: hidden, show } = framed;
    // What is only read keeps its label; grips would lie on that of what is changed.
    const painting = { shapes, region, hidden, away, named: show?.kind === "locked", size: this.#size };
    if (context) this.#painter.paint(context, this.#view, { ...painting, ratio: devicePixelRatio });
    clearTimeout(this.#resting);
    if (this.#painter.isRough) this.#resting = window.setTimeout(() => this.#plan(), REST_MS);
    this.#frame.show(this.#view, framed.show);
    const { also = [], selected } = this.#scene;
    const picked = also.length ? shapes.filter(({ id }) => id === selected || also.includes(id)) : [];
    this.#grouping.show(this.#view, {
      places: places ?? picked,
      frame,
      guides: this.#guides,
      canvas: this.#size,
    });
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
    // Several are shown alike, none of them with grips.
    if (this.#scene.also?.length) return { show: null, hides: null };
    if (this.#group.places) return { show: null, hides: null };
    const shape = shapes.find(({ id }) => id === (this.#editing?.id ?? selected));
    if (!shape) return { show: null, hides: null };
    const kind = shape.locked || readonly ? "locked" : "selected";
    const { box, points } = this.#editing ?? shape;
    return { show: { box, points, kind, corner, hand: null, by: this.#hand }, hides: shape.id };
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
      gathers: event.shiftKey,
      alt: event.altKey,
    });
    const point = (event: PointerEvent) => {
      element.style.cursor = this.#ruling.cursor ?? this.#gestures.cursor(at(event), handOf(event));
      this.aids.point(at(event), handOf(event));
    };
    const on = <K extends keyof HTMLElementEventMap>(name: K, act: (event: HTMLElementEventMap[K]) => void) =>
      element.addEventListener(name, act, { signal, passive: false });
    on("pointerdown", (event) => {
      if (event.button > 1) return;
      event.preventDefault();
      element.focus({ preventScroll: true });
      if (!this.#placed) return;
      element.setPointerCapture(event.pointerId);
      this.#hand = handOf(event);
      if (!this.#ruling.press(press(event))) this.#gestures.press(press(event));
      point(event);
    });
    on("pointermove", (event) => {
      if (!this.#ruling.move(press(event))) this.#gestures.move(press(event));
      if (this.#gestures.stroke) this.#edges.wake();
      point(event);
    });
    on("pointerup", (event) => {
      if (!this.#ruling.release(press(event))) this.#gestures.release(press(event));
      point(event);
    });
    // The browser's own gestures (fling, double tap) would swallow the next tap beside the image.
    on("touchstart", (event) => event.preventDefault());
    on("pointercancel", (event) => {
      if (!this.#ruling.release(press(event))) this.#gestures.lose(press(event));
    });
    on("pointerleave", (event) => this.aids.point(null, handOf(event)));
    on("wheel", (event) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1;
      this.#gestures.wheel((event.deltaY || event.deltaX) * lines, at(event));
    });
  }
}

const handOf = ({ pointerType }: PointerEvent): Hand =>
  pointerType === "touch" || pointerType === "pen" ? pointerType : "mouse";
