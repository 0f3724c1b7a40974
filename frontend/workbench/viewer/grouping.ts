/** The SVG that shows several picked shapes, the frame that picks them, and the lines that edges have snapped to. */

import type { Box, Point, Size } from "../core/geometry.ts";
import type { Place } from "../core/outline.ts";
import type { Guide } from "../core/snapping.ts";
import { cornersOnScreen } from "./corners.ts";
import { corners, toScreen, type View } from "./view.ts";

const SVG = "http://www.w3.org/2000/svg";
const RING_PX = 11;

export interface Grouped {
  /** What is picked, as it stands or would stand now. */
  readonly places: readonly Place[];
  readonly frame: Box | null;
  readonly guides: readonly Guide[];
  readonly canvas: Size;
}

export class Grouping {
  readonly svg = document.createElementNS(SVG, "svg");

  constructor() {
    this.svg.setAttribute("class", "rw-group");
    this.svg.setAttribute("aria-hidden", "true");
  }

  show(view: View, { places, frame, guides, canvas }: Grouped): void {
    const lines = [
      ...places.flatMap((place) => {
        const points = outlineOf(view, place);
        return [polygon(points, "rw-group-halo"), polygon(points, "rw-group-line")];
      }),
      ...(frame ? [polygon(corners(view, frame), "rw-group-frame")] : []),
      ...guides.map((guide) => polygon(across(view, guide, canvas), "rw-group-guide")),
    ];
    if (lines.length || this.svg.childElementCount) this.svg.replaceChildren(...lines);
  }
}

function outlineOf(view: View, { box, points }: Place): readonly Point[] {
  if (!points?.length) return corners(view, box);
  const [first] = points;
  return points.length === 1 && first ? around(toScreen(view, first)) : cornersOnScreen(view, points);
}

const around = ([x, y]: Point): Point[] => [
  [x - RING_PX, y - RING_PX],
  [x + RING_PX, y - RING_PX],
  [x + RING_PX, y + RING_PX],
  [x - RING_PX, y + RING_PX],
];

/** A guide from one edge of the canvas to the other. */
const across = (view: View, { axis, at }: Guide, [width, height]: Size): Point[] =>
  axis === "x"
    ? [toScreen(view, [at, 0]), toScreen(view, [at, height])]
    : [toScreen(view, [0, at]), toScreen(view, [width, at])];

function polygon(points: readonly Point[], name: string): SVGPolygonElement {
  const line = document.createElementNS(SVG, "polygon");
  line.setAttribute("class", name);
  line.setAttribute("points", points.map((point) => point.join(",")).join(" "));
  return line;
}
