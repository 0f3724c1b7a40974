/** Puts image, painted shapes, frame and gestures together on one element: what the custom elements hold on to. */

import type { Canvas } from "../core/contract.ts";
import type { Box, Point, Size } from "../core/geometry.ts";
import { filterOf, type Light, type Turn } from "../core/imaging.ts";
import type { Showing } from "../core/layering.ts";
import { placeOf } from "../core/outline.ts";
import { Aids, type AidsEvents } from "./aids.ts";
import type { BunchEffects } from "./bunch.ts";
import { DeepZoom } from "./deepzoom.ts";
import { BORDER_PX, EdgeScroll, innerOf } from "./edgescroll.ts";
import { Gestures } from "./gestures.ts";
import type { Hand } from "./grips.ts";
import type { Outliner, Sketch } from "./outliner.ts";
import { hearPointers } from "./pointers.ts";
import { RulerHand } from "./rulerhand.ts";
import { type InHand, Scenery, type StageScene, type StageShape } from "./scenery.ts";
import { onScreen, scale, seen, UNSEEN, type View } from "./view.ts";

export type { StageScene, StageShape };

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
  /** Two fingers turn the view by so many degrees since they came down; null: they have gone. */
  twisted?(degrees: number | null, about: Point): void;
  shown(): void;
  failed(): void;
  /** One of several images could not be loaded. */
  missing(image: number, choice: number): void;
  /** Another part of the canvas is in view. */
  moved?(): void;
}

export class Stage {
  readonly #zoom: DeepZoom;
  readonly #scenery = new Scenery();
  readonly #gestures: Gestures;
  readonly aids: Aids;
  readonly #ruling: RulerHand;
  readonly #edges: EdgeScroll;
  readonly #listening = new AbortController();
  #size: Size = [1, 1];
  #view: View = UNSEEN;
  /** Whether the canvas has its place on the screen: a stroke before would land anywhere. */
  #placed = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly events: StageEvents,
  ) {
    const picture = document.createElement("div");
    picture.className = "rw-picture";
    element.append(picture, ...this.#scenery.layers);
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
      () => ({ ...this.#scenery.scene, canvas: this.#size }),
      {
        pan: (dx, dy) => this.#zoom.pan(dx, dy),
        zoom: (factor, at) => this.#zoom.zoom(factor, at, { immediately: this.#gestures.busy }),
        twist: (degrees, about) => events.twisted?.(degrees, about),
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
        framing: (frame) => this.#scenery.take({ frame }),
        framed: (box) => events.framed(box),
        carrying: (places, copying) => this.#scenery.take({ places, copying }),
        carried: (dx, dy) => events.carried(dx, dy),
        copied: (dx, dy) => events.copied(dx, dy),
        guides: (guides) => {
          if (guides.length || this.#scenery.hand.guides.length) this.#scenery.take({ guides });
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
    this.#scenery.open(this.#size);
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

  /** Turned about the middle of the stage, or about a place under the hand. */
  turn(turn: Turn, { immediately = false, about }: { immediately?: boolean; about?: Point } = {}): void {
    if (about) this.#zoom.turnAbout(turn, about);
    else this.#zoom.turn(turn, { immediately });
  }

  light(light: Light): void {
    this.element.style.setProperty("--rw-filter", filterOf(light));
  }

  update(scene: StageScene): void {
    this.#scenery.update(scene);
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
    this.#scenery.close();
    this.aids.close();
    this.#zoom.close();
    this.element.replaceChildren();
  }

  #moved(): void {
    this.#view = this.#zoom.view();
    this.#gestures.refresh();
    this.#scenery.moved(this.#view);
    this.aids.moved(this.#view);
    this.events.moved?.();
  }

  #sketching(sketch: Sketch | null): void {
    const before = this.#scenery.hand.sketch?.corners ?? [];
    const corners = sketch?.corners ?? [];
    this.#scenery.take({ sketch });
    if (corners.length !== before.length) this.events.sketched(corners);
  }

  #preview(change: Partial<Pick<InHand, "drawing" | "editing">>): void {
    this.#scenery.take(change);
    const { drawing, editing } = this.#scenery.hand;
    this.events.preview(editing?.id ?? null, editing?.box ?? drawing);
  }

  /** Where the hand is that draws or carries something, and how far the view may go for it. */
  #atEdge() {
    const at = this.#gestures.stroke;
    if (!at) return null;
    const inner = innerOf(this.#view.stage, this.#zoom.insets());
    const canvas = onScreen(this.#view, [0, 0, ...this.#size]);
    return { at, inner, canvas, border: BORDER_PX[this.#scenery.hand.by] };
  }

  #point(at: Point | null, hand: Hand): void {
    if (at) this.element.style.cursor = this.#ruling.cursor ?? this.#gestures.cursor(at, hand);
    this.aids.point(at, hand);
  }

  /** What is pressed measures where the ruler is out; else it draws, picks or moves. */
  #listen(): void {
    const [ruling, gestures] = [this.#ruling, this.#gestures];
    hearPointers(
      this.element,
      {
        ready: () => this.#placed,
        press: (press) => {
          this.#scenery.take({ by: press.hand });
          if (!ruling.press(press)) gestures.press(press);
        },
        move: (press) => {
          if (!ruling.move(press)) gestures.move(press);
          if (gestures.stroke) this.#edges.wake();
        },
        release: (press) => ruling.release(press) || gestures.release(press),
        lose: (press) => ruling.release(press) || gestures.lose(press),
        point: (at, hand) => this.#point(at, hand),
        wheel: (delta, at) => gestures.wheel(delta, at),
      },
      this.#listening.signal,
    );
  }
}
