/** The images of one canvas within OpenSeadragon's world: fetched as they are chosen, each on its place and as opaque as asked. */

import OpenSeadragon from "openseadragon";
import type { Canvas, ImageChoice, ImageSource } from "../core/contract.ts";
import type { Point, Size } from "../core/geometry.ts";
import { baseOf, opacityOf, paintedOn, type Showing, shownAtFirst } from "../core/layering.ts";
import { type Placed, placementOf, unitOf } from "../core/placing.ts";

type Item = OpenSeadragon.TiledImage;

interface Picture {
  /** Which painted image, and which of its choices: also the order in which they lie upon each other. */
  readonly image: number;
  readonly choice: number;
  readonly item: Promise<Item>;
  there: Item | null;
}

export class PaintedPictures {
  /** The image that stands for the canvas; without it there is nothing to draw on. */
  readonly base: Promise<Item>;
  /** What is shown, or how, has changed. */
  onChange: () => void = () => undefined;
  /** An image other than the one that stands for the canvas could not be loaded. */
  onMissing: (image: number, choice: number) => void = () => undefined;
  readonly #images;
  readonly #pictures: Picture[] = [];
  readonly #baseIndex: number;
  /** Painted images of which the chosen one could not be loaded. */
  readonly #lost = new Set<number>();
  #showing: Showing;
  #unit: Point;
  #gone = false;

  constructor(
    private readonly viewer: OpenSeadragon.Viewer,
    readonly canvas: Canvas,
    { warm }: { warm: boolean },
  ) {
    this.#images = paintedOn(canvas);
    this.#baseIndex = baseOf(canvas);
    this.#showing = shownAtFirst(this.#images);
    this.#unit = [1 / canvas.width, 1 / canvas.width];
    this.base = this.#fetch(this.#baseIndex, 0, { warm }).item;
    this.base.then(
      (item) => {
        this.#unit = unitOf(this.#size, placed(this.#choice(this.#baseIndex, 0), this.#place(), item));
        this.#lay();
      },
      () => undefined,
    );
  }

  /** World units per canvas unit, along each axis. */
  get unit(): Point {
    return this.#unit;
  }

  /** What can be seen, from below upwards. */
  get shown(): Item[] {
    return this.#pictures.flatMap(({ there }) => (there && there.getOpacity() > 0 ? [there] : []));
  }

  /** Shows so much of each; what is not there yet is fetched, and what was shown stays until then. */
  show(showing: Showing | null): void {
    const before = this.#showing;
    this.#showing = showing?.choices.length === this.#images.length ? showing : before;
    for (const [image, { choices }] of this.#images.entries()) {
      if (before.choices[image] !== this.#showing.choices[image]) this.#lost.delete(image);
      if (this.#lost.has(image)) continue;
      for (const choice of choices.keys()) {
        if (opacityOf(this.#showing, image, choice) > 0 && !this.#find(image, choice))
          this.#add(image, choice);
      }
    }
    this.#light();
  }

  remove(): void {
    this.#gone = true;
    for (const { item } of this.#pictures) {
      item.then(
        (there) => this.viewer.world?.removeItem(there),
        () => undefined,
      );
    }
  }

  get #size(): Size {
    return [this.canvas.width, this.canvas.height];
  }

  #place(image = this.#baseIndex) {
    return this.#images[image]?.place ?? null;
  }

  #choice(image: number, choice: number): ImageChoice {
    const found = this.#images[image]?.choices[choice];
    return found ?? { ...this.canvas.image, label: {}, part: null, rotation: null };
  }

  #find(image: number, choice: number): Picture | undefined {
    return this.#pictures.find((one) => one.image === image && one.choice === choice);
  }

  #add(image: number, choice: number): void {
    const picture = this.#fetch(image, choice, { warm: false });
    picture.item.then(
      () => {
        this.#lay();
        this.#light();
      },
      () => {
        // It may be there when it is chosen again, and is not asked for at every other change.
        this.#pictures.splice(this.#pictures.indexOf(picture), 1);
        this.#lost.add(image);
        if (!this.#gone) this.onMissing(image, choice);
      },
    );
  }

  #fetch(image: number, choice: number, { warm }: { warm: boolean }): Picture {
    const sources = sourcesOf(this.#choice(image, choice));
    const picture: Picture = {
      image,
      choice,
      item: firstThatLoads(sources, (source) => this.#open(source, warm)),
      there: null,
    };
    this.#pictures.push(picture);
    this.#pictures.sort((a, b) => a.image - b.image || a.choice - b.choice);
    picture.item.then(
      (item) => {
        picture.there = item;
        if (this.#gone) this.viewer.world?.removeItem(item);
      },
      () => undefined,
    );
    return picture;
  }

  #open(tileSource: unknown, warm: boolean): Promise<Item> {
    return new Promise((resolve, reject) => {
      this.viewer.addTiledImage({
        tileSource: tileSource as string,
        width: 1,
        opacity: 0,
        preload: warm,
        success: (event: unknown) => resolve((event as { item: Item }).item),
        error: () => reject(new Error("The image did not load.")),
      } as unknown as Parameters<OpenSeadragon.Viewer["addTiledImage"]>[0]);
    });
  }

  /** Lays every image that is there on its place, in order. */
  #lay(): void {
    if (this.#gone) return;
    for (const { image, choice, there } of this.#pictures) {
      if (!there) continue;
      lay(there, placed(this.#choice(image, choice), this.#place(image), there), this.#size, this.#unit);
      this.viewer.world.setItemIndex(there, this.viewer.world.getItemCount() - 1);
    }
  }

  /** Gives each its opacity; while the chosen one of several is on its way, those that were shown stay. */
  #light(): void {
    if (this.#gone) return;
    for (const [image] of this.#images.entries()) {
      const chosen = this.#find(image, this.#showing.choices[image] ?? 0);
      if (!chosen?.there) continue;
      const isThin = !chosen.there.getFullyLoaded();
      if (isThin) chosen.there.addOnceHandler("fully-loaded-change", () => this.#light());
      for (const { choice, there } of this.#pictures.filter((one) => one.image === image)) {
        const opacity = opacityOf(this.#showing, image, choice);
        there?.setPreload(false);
        // What lies below goes once there is nothing to be seen of it any more.
        if (opacity > 0 || !isThin || choice > chosen.choice) there?.setOpacity(opacity);
      }
    }
    this.onChange();
  }
}

const placed = ({ part, rotation }: ImageChoice, place: Placed["place"], item: Item): Placed => {
  const { x, y } = item.getContentSize();
  return { place, part, rotation, size: [x, y] };
};

function lay(item: Item, image: Placed, canvas: Size, unit: Point): void {
  const { x, y, width, degrees, clip } = placementOf(image, canvas, unit);
  item.setWidth(width, true);
  item.setPosition(new OpenSeadragon.Point(x, y), true);
  item.setRotation(degrees, true);
  if (clip) item.setClip(new OpenSeadragon.Rect(...clip));
}

/** What to try, in order: the image service, then a plain image. */
export function sourcesOf(image: ImageSource): unknown[] {
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
