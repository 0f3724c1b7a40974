/** Paints resting shapes on a 2D canvas: only those in view, each in a pigment, a line pattern and with its label. */

import { type Box, overlaps, type Size } from "../core/geometry.ts";
import { isPoint } from "../core/outline.ts";
import { LABEL_FROM_PX, LABEL_HEIGHT, type Labelled, PAD, type PlacedLabel, placeLabels } from "./labels.ts";
import { RING_PX, type StrokeContext, type Stroked, strokeAll } from "./strokes.ts";
import { corners, onScreen, placeOnScreen, seen, toScreen, type View } from "./view.ts";

export interface PaintedShape extends Stroked {
  readonly id: string;
  readonly label?: string | undefined;
  /** What comes first where labels have no room for all. */
  readonly weight?: number | undefined;
}

type Context = StrokeContext &
  Pick<
    CanvasRenderingContext2D,
    "fill" | "fillText" | "strokeRect" | "measureText" | "clearRect" | "rect" | "setTransform"
  > & {
    font: string;
    textBaseline: CanvasTextBaseline;
  };

export interface Painting {
  readonly shapes: readonly PaintedShape[];
  /** The canvas, in its own units. */
  readonly size: Size;
  readonly ratio?: number;
  readonly region?: Box | null;
  /** The one whose lines something else shows: it is not stroked. */
  readonly hidden?: string | null;
  /** Those that something else shows just now: neither lines nor labels. */
  readonly away?: ReadonlySet<string>;
  /** Whether its label is painted all the same, before all others. */
  readonly named?: boolean;
}

const LABEL_FONT = "600 12px system-ui, sans-serif";
const PALE = "#fffcf4";
/** With more shapes than these the places of labels are found among those in view only, as long as somebody zooms. */
const MANY = 600;

/** What the places of labels were found for: they hold while nothing of it changes. */
interface Laid {
  readonly shapes: readonly PaintedShape[];
  readonly scale: readonly number[];
  readonly hidden: string | null;
  readonly named: boolean;
  /** Among those in view only, while the scale keeps changing. */
  readonly isRough: boolean;
  readonly labels: readonly (PlacedLabel & { readonly shape: PaintedShape })[];
}

export class Painter {
  readonly #widths = new Map<string, number>();
  #laid: Laid | null = null;

  /** Clears and paints; answers how many shapes were in view. */
  paint(context: Context, view: View, painting: Painting): number {
    const { shapes, ratio = 1, region = null, hidden = null, away } = painting;
    const [width, height] = view.stage;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    if (region) shade(context, view, region);
    const window = seen(view);
    const visible = shapes.filter(({ id, box }) => id !== hidden && !away?.has(id) && overlaps(box, window));
    const hurried = this.#isZooming(view, painting);
    strokeAll(context, view, visible, { hurried });
    this.#paintLabels(context, view, painting, visible);
    return visible.length;
  }

  /** Whether the scale is another than in the frame before, with the same shapes and many of them. */
  #isZooming(view: View, { shapes }: Painting): boolean {
    const before = this.#laid;
    if (before?.shapes !== shapes || shapes.length <= MANY) return false;
    return !sameScale(before.scale, [...view.right, ...view.down]);
  }

  /** Whether all wants to be painted once more when the view has come to rest. */
  get isRough(): boolean {
    return this.#laid?.isRough ?? false;
  }

  #paintLabels(context: Context, view: View, painting: Painting, visible: readonly PaintedShape[]): void {
    context.font = LABEL_FONT;
    context.textBaseline = "middle";
    const stage: Box = [0, 0, ...view.stage];
    for (const { shape, text, box } of this.#lay(context, view, painting, visible)) {
      if (painting.away?.has(shape.id)) continue;
      const [x, y] = [Math.round(box[0] + view.origin[0]), Math.round(box[1] + view.origin[1])];
      if (overlaps([x, y, box[2], box[3]], stage)) write(context, text, [x, y, box[2], box[3]], shape);
    }
    context.globalAlpha = 1;
  }

  /** The places of all labels, found anew only when the scale or the shapes have changed. */
  #lay(context: Context, view: View, painting: Painting, visible: readonly PaintedShape[]): Laid["labels"] {
    const { shapes, size, hidden = null, named = false } = painting;
    const scale = [...view.right, ...view.down];
    const before = this.#laid;
    const isAlike = before?.shapes === shapes && before.hidden === hidden && before.named === named;
    const isStill = before !== null && sameScale(before.scale, scale);
    if (before && isAlike && isStill && !before.isRough) return before.labels;
    const isRough = isAlike && this.#isZooming(view, painting);
    const still = { ...view, origin: [0, 0] as const };
    const wanted = new Map<string, PaintedShape>();
    const labelled: Labelled[] = [];
    for (const shape of isRough ? visible : shapes) {
      const picked = shape.id === hidden;
      if (!shape.label || (picked && !named)) continue;
      wanted.set(shape.id, shape);
      labelled.push({
        id: shape.id,
        text: shape.label,
        box: place(still, shape),
        weight: shape.weight ?? 0,
        picked,
      });
    }
    const placed = placeLabels(labelled, onScreen(still, [0, 0, ...size]), (text) =>
      this.#width(context, text),
    );
    const labels = placed.flatMap((label) => {
      const shape = wanted.get(label.id);
      return shape ? [{ ...label, shape }] : [];
    });
    this.#laid = { shapes, scale, hidden, named, isRough, labels };
    return labels;
  }

  #width(context: Context, text: string): number {
    const known = this.#widths.get(text);
    if (known !== undefined) return known;
    // Labels repeat; what does not must not gather for ever.
    if (this.#widths.size > 20_000) this.#widths.clear();
    const { width } = context.measureText(text);
    this.#widths.set(text, width);
    return width;
  }
}

const sameScale = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((value, index) => Math.abs(value - (b[index] ?? 0)) <= 1e-6 * Math.abs(value));

/** What a label stands beside: the box; of a point its mark. */
function place(view: View, shape: PaintedShape): Box {
  const [point] = shape.points ?? [];
  if (!point || !isPoint(shape)) return placeOnScreen(view, shape.box);
  const [x, y] = toScreen(view, point);
  return [x - LABEL_FROM_PX / 2, y - RING_PX - 3, LABEL_FROM_PX, 2 * (RING_PX + 3)];
}

/** Pale letters on the shape's pigment, with a pale edge that parts it from the image and from its neighbours. */
function write(context: Context, text: string, [x, y, w]: Box, shape: PaintedShape): void {
  context.globalAlpha = (shape.faint ? 0.85 : 1) * (shape.opacity ?? 1);
  context.fillStyle = shape.colour;
  context.fillRect(x, y, w, LABEL_HEIGHT);
  context.strokeStyle = "rgb(255 252 244 / 0.75)";
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, w - 1, LABEL_HEIGHT - 1);
  context.fillStyle = PALE;
  context.fillText(text, x + PAD, y + LABEL_HEIGHT / 2 + 0.5);
}

/** Dims what lies outside the region in question. */
function shade(context: Context, view: View, region: Box): void {
  const [width, height] = view.stage;
  context.beginPath();
  context.rect(0, 0, width, height);
  const [a, b, c, d] = corners(view, region);
  // Wound the other way round, so that the region is a hole.
  for (const [index, point] of [a, d, c, b].entries()) {
    if (index) context.lineTo(...(point as [number, number]));
    else context.moveTo(...(point as [number, number]));
  }
  context.closePath();
  context.globalAlpha = 0.55;
  context.fillStyle = "#1c1712";
  context.fill("evenodd");
  context.globalAlpha = 1;
}
