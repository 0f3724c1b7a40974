/** The stage of the workbench, for the same stint as Annotorious. */

import type { Box as StageBox } from "../../frontend/workbench/core/geometry.ts";
import { Stage, type StageShape } from "../../frontend/workbench/viewer/stage.ts";
import { type Box, offer, place, SIZE } from "./stint.ts";

let shapes: readonly StageShape[] = [];
let selected: string | null = null;

const shapeOf = (box: Box | StageBox, index: number): StageShape => ({
  id: `s${index}`,
  box: [box[0], box[1], box[2], box[3]],
  colour: "#1f459e",
  line: "solid",
  label: "",
  weight: 1,
});

const idle = () => undefined;
const stage: Stage = new Stage(place(), {
  drawn: (box) => {
    const drawn = shapeOf(box, shapes.length);
    shapes = [...shapes, drawn];
    selected = drawn.id;
    show();
  },
  edited: idle, select: idle, traced: idle, reshaped: idle, corner: idle, crossed: idle, sketched: idle,
  preview: idle, failed: idle, missing: idle, pick: idle, framed: idle, carried: idle, copied: idle,
  say: idle, sayLength: () => "", measured: idle,
  shown: () =>
    offer({
      add: (boxes) => {
        shapes = boxes.map(shapeOf);
        show();
      },
      pan: (dx, dy) => stage.pan(dx, dy),
      zoom: (factor) => stage.zoom(factor),
      count: () => shapes.length,
    }),
}); // biome-ignore format: nothing else is told

function show(): void {
  stage.update({ tool: "draw", shapes, selected, readonly: false, region: null, placing: null, draws: "box" });
}

const picture = { service: null, version: null, url: "/leaf.jpg", width: SIZE[0], height: SIZE[1] };
void stage.open({ id: "c", uri: "c", label: {}, width: SIZE[0], height: SIZE[1], image: picture }, null);
show();
