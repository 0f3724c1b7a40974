/** Annotorious on OpenSeadragon as its manual sets it up, for the same stint as our stage. */

import { createOSDAnnotator } from "@annotorious/openseadragon";
import OpenSeadragon from "openseadragon";
import { type Box, offer, place } from "./stint.ts";

const viewer = OpenSeadragon({
  element: place(),
  tileSources: { type: "image", url: "/leaf.jpg" },
  showNavigationControl: false,
  gestureSettingsMouse: { clickToZoom: false },
  // What is asked for is shown in the next frame, as on ours.
  animationTime: 0,
});
const annotator = createOSDAnnotator(viewer, { drawingEnabled: true });
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

viewer.addOnceHandler("tile-drawn", () =>
  offer({
    add: (boxes) => {
      annotator.setAnnotations(boxes.map(annotationOf));
      count = annotator.getAnnotations().length;
    },
    pan: (dx, dy) =>
      viewer.viewport.panBy(viewer.viewport.deltaPointsFromPixels(new OpenSeadragon.Point(-dx, -dy)), true),
    zoom: (factor) => viewer.viewport.zoomBy(factor, undefined, true),
    count: () => count,
  }),
);
