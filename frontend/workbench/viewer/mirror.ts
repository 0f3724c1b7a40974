/** The same images once more in a small window of its own: what the minimap and the loupe look through. */

import OpenSeadragon from "openseadragon";
import type { Point } from "../core/geometry.ts";
import type { Turn } from "../core/imaging.ts";
import { forestallStyleElement } from "./deepzoom.ts";

type Item = OpenSeadragon.TiledImage;

export class Mirror {
  readonly #viewer: OpenSeadragon.Viewer;
  #sources: readonly unknown[] = [];

  constructor(element: HTMLElement) {
    forestallStyleElement();
    this.#viewer = OpenSeadragon({
      element,
      drawer: "canvas",
      crossOriginPolicy: false,
      showNavigationControl: false,
      mouseNavEnabled: false,
      keyboardNavEnabled: false,
      tabIndex: -1,
      animationTime: 0,
      minZoomLevel: 1e-6,
      maxZoomLevel: 1e6,
      visibilityRatio: 0,
      maxImageCacheCount: 60,
      timeout: 30_000,
    } as OpenSeadragon.Options);
  }

  /** Shows what another viewer shows; the sources are those already opened there. */
  reflect(items: readonly Item[]): void {
    const { world } = this.#viewer;
    const sources = items.map(({ source }) => source);
    const isSame =
      sources.length === this.#sources.length && sources.every((one, i) => one === this.#sources[i]);
    if (isSame && world.getItemCount() === items.length) {
      for (const [index, item] of items.entries()) follow(world.getItemAt(index), item);
      return;
    }
    this.#sources = sources;
    world.removeAll();
    for (const item of items) {
      this.#viewer.addTiledImage({
        tileSource: item.source,
        width: 1,
        success: (event: unknown) => {
          if (this.#sources === sources) follow((event as { item: Item }).item, item);
        },
      } as unknown as Parameters<OpenSeadragon.Viewer["addTiledImage"]>[0]);
    }
  }

  /** So many CSS pixels per world unit, with a place of the world in the middle. */
  look(centre: Point, scale: number, { rotation, flipped }: Turn): void {
    const { viewport, container } = this.#viewer;
    if (!container.clientWidth) return;
    viewport.setFlip(flipped);
    viewport.setRotation(rotation, true);
    viewport.zoomTo(scale / container.clientWidth, undefined, true);
    viewport.panTo(new OpenSeadragon.Point(...centre), true);
  }

  close(): void {
    this.#viewer.destroy();
  }
}

function follow(mine: Item, theirs: Item): void {
  const { x, y, width } = theirs.getBoundsNoRotate(true);
  mine.setWidth(width, true);
  mine.setPosition(new OpenSeadragon.Point(x, y), true);
  mine.setRotation(theirs.getRotation(true), true);
  mine.setClip(theirs.getClip() as OpenSeadragon.Rect);
  mine.setOpacity(theirs.getOpacity());
}
