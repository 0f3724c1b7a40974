/** Shows the images of a canvas by OpenSeadragon, each on its place, moves about in them, and keeps the next one warm. */

import OpenSeadragon from "openseadragon";
import type { Canvas } from "../core/contract.ts";
import type { Box, Point } from "../core/geometry.ts";
import { type Turn, UPRIGHT } from "../core/imaging.ts";
import { isProtected, type Showing } from "../core/layering.ts";
import { turnedSize } from "../core/placing.ts";
import { PaintedPictures } from "./pictures.ts";
import { type Camera, inWorld, viewOf, worldAt } from "./turning.ts";
import { onScreen, type View } from "./view.ts";

export interface DeepZoomEvents {
  /** The picture has its place: from now on the view says where the canvas lies. */
  placed(): void;
  /** The view has changed; called in the frame in which the image is drawn. */
  moved(): void;
  /** All of the picture that can be seen is there. */
  shown(): void;
  failed(): void;
  /** Other images are shown, or the same ones otherwise. */
  layered(): void;
  /** A painted image could not be loaded as chosen. */
  missing(image: number, choice: number): void;
}

/** Room left around the image when it is fitted, as a share of its size. */
const MARGIN = 0.03;
const DEEPEST_ZOOM = 12;

export class DeepZoom {
  readonly #viewer: OpenSeadragon.Viewer;
  #current: PaintedPictures | null = null;
  #warm: PaintedPictures | null = null;
  #region: Box | null = null;
  #turn: Turn = UPRIGHT;

  constructor(
    element: HTMLElement,
    private readonly events: DeepZoomEvents,
  ) {
    forestallStyleElement();
    this.#viewer = OpenSeadragon({
      element,
      // 2D canvas: works without WebGL, and draws images from hosts that send no CORS header.
      drawer: "canvas",
      crossOriginPolicy: false,
      showNavigationControl: false,
      mouseNavEnabled: false,
      keyboardNavEnabled: false,
      tabIndex: -1,
      animationTime: reducedMotion() ? 0 : 0.25,
      springStiffness: 10,
      visibilityRatio: 0.4,
      minZoomImageRatio: 0.5,
      maxZoomPixelRatio: DEEPEST_ZOOM,
      preserveImageSizeOnResize: false,
      maxImageCacheCount: 400,
      timeout: 30_000,
    } as OpenSeadragon.Options);
    this.#viewer.addHandler("update-viewport", () => events.moved());
    this.#viewer.addHandler("resize", () => events.moved());
  }

  /** Shows a canvas, at once if it was kept warm, fitted to the region if there is one. */
  async open(canvas: Canvas, region: Box | null, showing: Showing | null = null): Promise<void> {
    const before = this.#current;
    this.#region = region;
    const warm = this.#warm?.canvas.id === canvas.id && !isProtected(canvas) ? this.#warm : null;
    if (warm) this.#warm = null;
    const pictures = warm ?? new PaintedPictures(this.#viewer, canvas, { warm: false });
    this.#current = pictures;
    try {
      const item = await pictures.base;
      if (this.#current !== pictures) {
        pictures.remove();
        return;
      }
      before?.remove();
      pictures.onChange = () => this.#current === pictures && this.events.layered();
      pictures.onMissing = (image, choice) =>
        this.#current === pictures && this.events.missing(image, choice);
      pictures.show(showing);
      this.fit({ immediately: true });
      this.events.placed();
      this.#announce(pictures, item);
    } catch {
      if (this.#current === pictures) this.events.failed();
    }
  }

  /** Fetches a canvas's first tiles without showing it. */
  async warm(canvas: Canvas): Promise<void> {
    if (this.#warm?.canvas.id === canvas.id) return;
    const stale = this.#warm;
    const warm = new PaintedPictures(this.#viewer, canvas, { warm: true });
    this.#warm = warm;
    warm.base.catch(() => {
      if (this.#warm === warm) this.#warm = null;
    });
    if (stale && stale !== this.#current) stale.remove();
  }

  /** Which of the images are shown, and how much of each. */
  show(showing: Showing): void {
    this.#current?.show(showing);
  }

  /** The images that are shown, as they lie in the world. */
  get items(): readonly OpenSeadragon.TiledImage[] {
    return this.#current?.shown ?? [];
  }

  /** Turns and mirrors about the middle of what is in view. */
  turn(turn: Turn, { immediately = false } = {}): void {
    if (turn.rotation === this.#turn.rotation && turn.flipped === this.#turn.flipped) return;
    const wasWhole = this.whole;
    // A mirrored picture is turned the other way: animated it would go the long way round.
    const isFlipped = turn.flipped !== this.#turn.flipped;
    this.#turn = turn;
    this.#viewer.viewport.setFlip(turn.flipped);
    this.#viewer.viewport.setRotation(turn.rotation, immediately || isFlipped || reducedMotion());
    if (wasWhole) this.fit({ immediately: true });
    else this.#viewer.viewport.applyConstraints(true);
    this.events.moved();
  }

  /** Turns with the hand, at once: what is at a place of the screen stays there. */
  turnAbout(turn: Turn, about: Point): void {
    const { viewport } = this.#viewer;
    const held = worldAt(this.camera({ target: true }), about);
    this.#turn = turn;
    viewport.setFlip(turn.flipped);
    viewport.setRotation(turn.rotation, true);
    const now = worldAt(this.camera({ target: true }), about);
    viewport.panBy(new OpenSeadragon.Point(held[0] - now[0], held[1] - now[1]), true);
    viewport.applyConstraints(true);
    this.events.moved();
  }

  /** Whether all of what is asked about, or of the canvas, can be seen. */
  get whole(): boolean {
    if (!this.#current) return true;
    const { width, height } = this.#current.canvas;
    const camera = this.camera({ target: true });
    const [x, y, w, h] = onScreen(viewOf(camera), this.#region ?? [0, 0, width, height]);
    return x >= -1 && y >= -1 && x + w <= camera.stage[0] + 1 && y + h <= camera.stage[1] + 1;
  }

  fit({ immediately = false } = {}): void {
    if (!this.#current) return;
    const { place, scale } = this.#home();
    this.#look(place, scale, immediately);
  }

  /** What `fit` brings into view, as a box with the sides of the stage; of a view that is not turned. */
  home(): Box {
    const { place, scale } = this.#home();
    const [kx, ky] = this.#current?.unit ?? [1, 1];
    const { stage } = this.camera({ target: true });
    const [w, h] = [stage[0] / scale / kx, stage[1] / scale / ky];
    return [place[0] / kx - w / 2, place[1] / ky - h / 2, w, h];
  }

  /** Shows this part of the canvas at once. */
  look([x, y, w, h]: Box): void {
    if (!this.#current) return;
    const [kx, ky] = this.#current.unit;
    const { stage } = this.camera({ target: true });
    this.#look(
      [(x + w / 2) * kx, (y + h / 2) * ky],
      Math.min(stage[0] / (w * kx), stage[1] / (h * ky)),
      true,
    );
  }

  /** The place that `fit` brings to the middle, and how near: CSS pixels per world unit. */
  #home(): { place: Point; scale: number } {
    const canvas = this.#current?.canvas ?? { width: 1, height: 1 };
    const [x, y, w, h] = this.#region ?? [0, 0, canvas.width, canvas.height];
    const [kx, ky] = this.#current?.unit ?? [1, 1];
    const [bw, bh] = turnedSize([w * kx, h * ky], this.#turn.rotation);
    const camera = this.camera({ target: true });
    const { stage } = camera;
    // Of a stage that is hardly larger than what covers it, half is taken all the same.
    const [left, bottom, right] = this.insets();
    const [across, below] = [Math.min(left + right, stage[0] / 2), Math.min(bottom, stage[1] / 2)];
    const room = [stage[0] - across, stage[1] - below] as const;
    const scale = Math.min(...[room[0] / bw, room[1] / bh].map((value) => value / (1 + 2 * MARGIN)));
    // The middle of the region comes to the middle of what tools leave free.
    const [ox, oy] = inWorld({ ...camera, scale }, [(right > left ? -across : across) / 2, -below / 2]);
    return { place: [(x + w / 2) * kx - ox, (y + h / 2) * ky - oy], scale };
  }

  /** Brings a box into view if it is out of it, or fills less than `share` of it. */
  reveal(box: Box, share: number): void {
    const { viewport } = this.#viewer;
    const camera = this.camera({ target: true });
    const [width, height] = camera.stage;
    const [x, y, w, h] = onScreen(viewOf(camera), box);
    const inside = x >= 0 && y >= 0 && x + w <= width && y + h <= height;
    const near = Math.max(w / width, h / height) >= share;
    if (inside && near) return;
    const centre: Point = [(box[0] + box[2] / 2) * camera.unit[0], (box[1] + box[3] / 2) * camera.unit[1]];
    if (near) viewport.panTo(new OpenSeadragon.Point(...centre));
    else {
      const room = Math.max(2 * share, 1 / 12);
      const scale = camera.scale * room * Math.min(width / Math.max(w, 1e-6), height / Math.max(h, 1e-6));
      const most = viewport.getMaxZoom() * width;
      this.#look(centre, Math.min(scale, most), false);
    }
    viewport.applyConstraints();
  }

  pan(dx: number, dy: number): void {
    const [x, y] = inWorld(this.camera({ target: true }), [-dx, -dy]);
    this.#viewer.viewport.panBy(new OpenSeadragon.Point(x, y), true);
    this.#viewer.viewport.applyConstraints(true);
  }

  /** Brings a place of the canvas to the middle. */
  centreOn([x, y]: Point): void {
    const [kx, ky] = this.#current?.unit ?? [1, 1];
    this.#viewer.viewport.panTo(new OpenSeadragon.Point(x * kx, y * ky), true);
    this.#viewer.viewport.applyConstraints(true);
  }

  zoom(factor: number, at?: Point, { immediately = false } = {}): void {
    const { viewport } = this.#viewer;
    const point = at && new OpenSeadragon.Point(...worldAt(this.camera(), at));
    viewport.zoomBy(factor, point, immediately);
    viewport.applyConstraints(immediately);
  }

  view(): View {
    return viewOf(this.camera());
  }

  /** Where one looks from right now, or where the view is on its way to. */
  camera({ target = false } = {}): Camera {
    const { viewport, container } = this.#viewer;
    const { x, y } = viewport.getCenter(!target);
    const stage = [container.clientWidth, container.clientHeight] as const;
    return {
      centre: [x, y],
      scale: viewport.getZoom(!target) * viewport.getContainerSize().x,
      rotation: viewport.getRotation(!target),
      flipped: viewport.getFlip(),
      stage,
      unit: this.#current?.unit ?? [1, 1],
    };
  }

  close(): void {
    this.#current = null;
    this.#viewer.destroy();
  }

  /** So many CSS pixels per world unit, with a place in the middle. */
  #look([x, y]: Point, scale: number, immediately: boolean): void {
    const [width, height] = this.camera({ target: true }).stage.map((side) => Math.max(side, 1) / scale);
    if (!width || !height) return;
    const rectangle = new OpenSeadragon.Rect(x - width / 2, y - height / 2, width, height);
    this.#viewer.viewport.fitBounds(rectangle.rotate(-this.#turn.rotation), immediately);
  }

  /** CSS pixels of the stage that tools cover at its left, bottom and right: they stand where lines begin. */
  insets(): readonly [left: number, bottom: number, right: number] {
    const style = getComputedStyle(this.#viewer.element.parentElement ?? this.#viewer.element);
    const inset = (name: string) => Number.parseFloat(style.getPropertyValue(name)) || 0;
    const [start, bottom] = [inset("--stage-inset-left"), inset("--stage-inset-bottom")];
    return style.direction === "rtl" ? [0, bottom, start] : [start, bottom, 0];
  }

  #announce(pictures: PaintedPictures, item: OpenSeadragon.TiledImage): void {
    const tell = () => this.#current === pictures && this.events.shown();
    if (item.getFullyLoaded()) tell();
    else item.addOnceHandler("fully-loaded-change", tell);
  }
}

/** OpenSeadragon adds a style element of its own, which a strict CSP reports as a violation: one is already there. */
export function forestallStyleElement(): void {
  if (document.querySelector("style[data-openseadragon-mobile-css]")) return;
  // Named so but without a namespace: found by the look-up, and no style sheet to any browser.
  const style = document.createElementNS(null, "style");
  style.setAttribute("data-openseadragon-mobile-css", "true");
  document.head.append(style);
}

const reducedMotion = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
