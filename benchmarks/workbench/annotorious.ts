/** Annotorious on OpenSeadragon as its manual sets it up, for the same stint as our stage. */

import { createOSDAnnotator } from "@annotorious/openseadragon";
import OpenSeadragon from "openseadragon";
import { type Box, offer, place } from "./stint.ts";

const viewer = OpenSeadragon({
  element: place(),
  tileSources: { type: "image", url: "/leaf.jpg" },
  // The image as on ours, by a 2D canvas: what is compared are the boxes.
  drawer: "canvas",
  showNavigationControl: false,
  gestureSettingsMouse: { clickToZoom: false },
  // What is asked for is shown in the next frame, as on ours.
  animationTime: 0,
});
// At a desk two clicks draw unless it is told otherwise; the hand of the stint draws in one pull, on both.
const annotator = createOSDAnnotator(viewer, { drawingEnabled: true, drawingMode: "drag" });
annotator.setDrawingTool("rectangle");

const annotationOf = ([x, y, w, h]: Box, index: number) => ({
  id: `s${index}`,
  bodies: [],
  target: {
    annotation: `s${index}`,
    selector: {
      type: "RECTANGLE",
      geometry: { x, y, w, h, bounds: { minX: x, minY: y, maxX: x + w, maxY: y + h } },
    },
  },
});

let count = 0;
annotator.on("createAnnotation", () => {
  count += 1;
});

const ready = () =>
  offer({
    add: (boxes) => {
      annotator.setAnnotations(boxes.map(annotationOf));
      count = annotator.getAnnotations().length;
    },
    pan: (dx, dy) =>
      viewer.viewport.panBy(viewer.viewport.deltaPointsFromPixels(new OpenSeadragon.Point(-dx, -dy)), true),
    zoom: (factor) => viewer.viewport.zoomBy(factor, undefined, true),
    count: () => count,
  });
viewer.addOnceHandler("open", () => {
  const image = viewer.world.getItemAt(0);
  if (image.getFullyLoaded()) ready();
  else image.addOnceHandler("fully-loaded-change", ready);
});
