/** The only importer of OpenSeadragon: shows one IIIF or plain image, moves about in it, and keeps the next one warm. */

import OpenSeadragon from "openseadragon";
import type { Canvas } from "../core/contract.ts";
import type { Box, Point } from "../core/geometry.ts";
import type { View } from "./view.ts";

export interface DeepZoomEvents {
  /** The picture has its place: from now on the view says where the canvas lies. */
  placed(): void;
  /** The view has changed; called in the frame in which the image is drawn. */
  moved(): void;
  /** All of the picture that can be seen is there. */
  shown(): void;
  failed(): void;
}

/** Room left around the image when it is fitted, as a share of its size. */
const MARGIN = 0.03;
const DEEPEST_ZOOM = 12;

interface Loaded {
  readonly canvas: Canvas;
  readonly item: Promise<OpenSeadragon.TiledImage>;
}

export class DeepZoom {
  readonly #viewer: OpenSeadragon.Viewer;
  #current: Loaded | null = null;
  #item: OpenSeadragon.TiledImage | null = null;
  #warm: Loaded | null = null;
  #region: Box | null = null;

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
  async open(canvas: Canvas, region: Box | null): Promise<void> {
    const before = this.#item;
    this.#region = region;
    const warm = this.#warm?.canvas.id === canvas.id && !canvas.image.auth ? this.#warm : null;
    if (warm) this.#warm = null;
    const loaded = warm ?? this.#load(canvas, { warm: false });
    this.#current = loaded;
    try {
      const item = await loaded.item;
      if (this.#current !== loaded) {
        this.#viewer.world.removeItem(item);
        return;
      }
      if (before) this.#viewer.world.removeItem(before);
      this.#item = item;
      item.setPreload(false);
      item.setOpacity(1);
      this.fit({ immediately: true });
      this.events.placed();
      this.#announce(item);
    } catch {
      if (this.#current === loaded) this.events.failed();
    }
  }

  /** Fetches a canvas's first tiles without showing it. */
  async warm(canvas: Canvas): Promise<void> {
    if (this.#warm?.canvas.id === canvas.id) return;
    const stale = this.#warm;
    this.#warm = this.#load(canvas, { warm: true });
    this.#warm.item.catch(() => {
      this.#warm = null;
    });
    const item = await stale?.item.catch(() => null);
    if (item && stale !== this.#current) this.#viewer.world.removeItem(item);
  }

  fit({ immediately = false } = {}): void {
    if (!this.#item || !this.#current) return;
    this.#viewer.viewport.fitBounds(this.#rectangle(this.#home()), immediately);
  }

  /** What `fit` brings into view, as a box with the sides of the stage. */
  home(): Box {
    const [x, y, w, h] = this.#home();
    const { clientWidth, clientHeight } = this.#viewer.container;
    const scale = Math.max(w / Math.max(clientWidth, 1), h / Math.max(clientHeight, 1));
    const [width, height] = [clientWidth * scale, clientHeight * scale];
    return [x + (w - width) / 2, y + (h - height) / 2, width, height];
  }

  /** Shows this part of the canvas at once. */
  look(box: Box): void {
    if (this.#item) this.#viewer.viewport.fitBounds(this.#rectangle(box), true);
  }

  #home(): Box {
    const { canvas } = this.#current ?? {};
    const [x, y, w, h] = this.#region ?? [0, 0, canvas?.width ?? 1, canvas?.height ?? 1];
    const [mx, my] = [w * MARGIN, h * MARGIN];
    const [left, bottom] = this.#covered();
    return [x - mx - w * left, y - my, w + 2 * mx + w * left, h + 2 * my + h * bottom];
  }

  #rectangle([x, y, w, h]: Box): OpenSeadragon.Rect {
    const [kx, ky] = this.#unit();
    return new OpenSeadragon.Rect(x * kx, y * ky, w * kx, h * ky);
  }

  /** Brings a box into view if it is out of it, or fills less than `share` of it. */
  reveal([x, y, w, h]: Box, share: number): void {
    const { viewport } = this.#viewer;
    const [kx, ky] = this.#unit();
    const bounds = viewport.getBounds();
    const box = new OpenSeadragon.Rect(x * kx, y * ky, w * kx, h * ky);
    const inside = bounds.containsPoint(box.getTopLeft()) && bounds.containsPoint(box.getBottomRight());
    const near = Math.max(box.width / bounds.width, box.height / bounds.height) >= share;
    if (inside && near) return;
    if (near) viewport.panTo(box.getCenter());
    else {
      const { x: cx, y: cy } = box.getCenter();
      const room = Math.max(2 * share, 1 / 12);
      const [rw, rh] = [box.width / room, box.height / room];
      viewport.fitBoundsWithConstraints(new OpenSeadragon.Rect(cx - rw / 2, cy - rh / 2, rw, rh));
    }
    viewport.applyConstraints();
  }

  pan(dx: number, dy: number): void {
    const { viewport } = this.#viewer;
    viewport.panBy(viewport.deltaPointsFromPixels(new OpenSeadragon.Point(-dx, -dy)), true);
    viewport.applyConstraints(true);
  }

  zoom(factor: number, at?: Point, { immediately = false } = {}): void {
    const { viewport } = this.#viewer;
    const point = at && viewport.pointFromPixel(new OpenSeadragon.Point(...at), true);
    viewport.zoomBy(factor, point, immediately);
    viewport.applyConstraints(immediately);
  }

  view(): View {
    const [kx, ky] = this.#unit();
    const { viewport, container } = this.#viewer;
    const at = (x: number, y: number): Point => {
      const point = viewport.pixelFromPoint(new OpenSeadragon.Point(x, y), true);
      return [point.x, point.y];
    };
    const origin = at(0, 0);
    const [right, down] = [at(1, 0), at(0, 1)];
    return {
      origin,
      right: [(right[0] - origin[0]) * kx, (right[1] - origin[1]) * kx],
      down: [(down[0] - origin[0]) * ky, (down[1] - origin[1]) * ky],
      stage: [container.clientWidth, container.clientHeight],
    };
  }

  close(): void {
    this.#current = null;
    this.#viewer.destroy();
  }

  /** What tools cover of the stage at its left and bottom, as a share of what they leave free. */
  #covered(): Point {
    const { clientWidth, clientHeight } = this.#viewer.container;
    const style = getComputedStyle(this.#viewer.element);
    const inset = (name: string) => Number.parseFloat(style.getPropertyValue(name)) || 0;
    const [left, bottom] = [inset("--stage-inset-left"), inset("--stage-inset-bottom")];
    return [left / Math.max(clientWidth - left, 1), bottom / Math.max(clientHeight - bottom, 1)];
  }

  /** OpenSeadragon units (1 = the image's width) per canvas unit, along each axis. */
  #unit(): Point {
    const canvas = this.#current?.canvas;
    if (!canvas) return [1, 1];
    const size = this.#item?.getContentSize();
    const shape = size ? size.y / size.x : canvas.height / canvas.width;
    return [1 / canvas.width, shape / canvas.height];
  }

  #load(canvas: Canvas, { warm }: { warm: boolean }): Loaded {
    const item = firstThatLoads(sourcesOf(canvas), (source) => this.#add(source, warm));
    return { canvas, item };
  }

  #add(tileSource: unknown, warm: boolean): Promise<OpenSeadragon.TiledImage> {
    return new Promise((resolve, reject) => {
      this.#viewer.addTiledImage({
        tileSource: tileSource as string,
        width: 1,
        opacity: warm ? 0 : 1,
        preload: warm,
        success: (event: unknown) => resolve((event as { item: OpenSeadragon.TiledImage }).item),
        error: () => reject(new Error("The image did not load.")),
      } as unknown as Parameters<OpenSeadragon.Viewer["addTiledImage"]>[0]);
    });
  }

  #announce(item: OpenSeadragon.TiledImage): void {
    const tell = () => this.#item === item && this.events.shown();
    if (item.getFullyLoaded()) tell();
    else item.addOnceHandler("fully-loaded-change", tell);
  }
}

/** What to try, in order: the image service, then a plain image. */
export function sourcesOf({ image }: Canvas): unknown[] {
  const sources: unknown[] = [];
  const service = image.service?.replace(/\/(info\.json)?$/, "");
  if (image.info) sources.push(image.info);
  else if (service) sources.push(`${service}/info.json`);
  if (image.url) sources.push({ type: "image", url: image.url });
  if (service) sources.push({ type: "image", url: `${service}/full/!2000,2000/0/default.jpg` });
  return sources;
}

async function firstThatLoads<T>(
  sources: readonly unknown[],
  load: (source: unknown) => Promise<T>,
): Promise<T> {
  for (const source of sources) {
    try {
      return await load(source);
    } catch {
      // The next one may work.
    }
  }
  throw new Error("The image did not load.");
}

/** OpenSeadragon adds a style element of its own, which a strict CSP reports as a violation: one is already there. */
function forestallStyleElement(): void {
  if (document.querySelector("style[data-openseadragon-mobile-css]")) return;
  // Named so but without a namespace: found by the look-up, and no style sheet to any browser.
  const style = document.createElementNS(null, "style");
  style.setAttribute("data-openseadragon-mobile-css", "true");
  document.head.append(style);
}

const reducedMotion = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
