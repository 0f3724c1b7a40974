/** What `layers.py` runs in a browser: a stage with many shapes that is moved about, and the frames that took. */

import type { Box, Point } from "../../frontend/workbench/core/geometry.ts";
import { onCanvas } from "../../frontend/workbench/core/outline.ts";
import { Painter } from "../../frontend/workbench/viewer/painter.ts";
import { Stage, type StageShape } from "../../frontend/workbench/viewer/stage.ts";
import type { View } from "../../frontend/workbench/viewer/view.ts";

const SIZE = [6000, 8000] as const;
const COLOURS = ["#1f459e", "#0f7269", "#96590c", "#8a2a54"];
const LINES = ["solid", "dashed", "dotted", "dash-dot"] as const;
const FRAMES = 120;

interface Figures {
  readonly shapes: number;
  /** Milliseconds from frame to frame: the middle one, and the one that a twentieth exceeds. */
  readonly [what: string]: number;
}

let state = 7;
const random = (): number => {
  state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
  return state / 4_294_967_296;
};

/** Boxes, and for a third of them outlines of 24 corners. */
function made(count: number): StageShape[] {
  return Array.from({ length: count }, (_, index) => {
    const [w, h] = [30 + random() * 200, 30 + random() * 120];
    const box: Box = [random() * (SIZE[0] - w), random() * (SIZE[1] - h), w, h];
    const style = index % COLOURS.length;
    const colour = COLOURS[style] ?? "";
    const line = LINES[style] ?? "solid";
    const points = index % 3 ? undefined : round(box);
    return { id: `s${index}`, box, points, colour, line, label: `${index} G clef`, weight: random(), locked: true };
  });
}

const round = ([x, y, w, h]: Box): Point[] =>
  Array.from({ length: 24 }, (_, step) => {
    const turn = (step * Math.PI) / 12;
    return onCanvas([x + w / 2 + (w / 2) * Math.cos(turn), y + h / 2 + (h / 2) * Math.sin(turn)], SIZE);
  });

const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

async function timed(act: (at: number) => void): Promise<[middle: number, slow: number]> {
  const times: number[] = [];
  let last = await frame();
  for (let at = 0; at < FRAMES; at++) {
    act(at);
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  times.sort((a, b) => a - b);
  return [times[FRAMES >> 1] ?? 0, times[Math.floor(FRAMES * 0.95)] ?? 0];
}

const idle = () => undefined;
const EVENTS = {
  drawn: idle, edited: idle, select: idle, traced: idle, reshaped: idle, corner: idle, crossed: idle,
  sketched: idle, preview: idle, shown: idle, failed: idle,
}; // biome-ignore format: nothing is told

async function measure(count: number, image: string): Promise<Figures> {
  const host = document.createElement("div");
  host.style.cssText = "position: fixed; inset: 0";
  document.body.replaceChildren(host);
  const stage = new Stage(host, EVENTS);
  const picture = { service: null, version: null, url: image, width: 60, height: 80 };
  const canvas = { id: "c", uri: "c", label: {}, width: SIZE[0], height: SIZE[1], image: picture };
  await stage.open(canvas, null);
  const shapes = made(count);
  stage.update({ tool: "move", shapes, selected: null, readonly: true, region: null, placing: null });
  const swing = (at: number) => (at % 40 < 20 ? 1 : -1);
  const [far, farSlow] = await timed((at) => stage.pan(4 * swing(at), 3 * swing(at)));
  const [zoom, zoomSlow] = await timed((at) => stage.zoom(swing(at) > 0 ? 1.08 : 1 / 1.08));
  for (let step = 0; step < 5; step++) stage.zoom(1.5);
  await timed(idle);
  const [near, nearSlow] = await timed((at) => stage.pan(12 * swing(at), 9 * swing(at)));
  const view = stage.view();
  stage.close();
  return { shapes: count, far, farSlow, zoom, zoomSlow, near, nearSlow, ...parts(shapes, view) };
}

/** Milliseconds of script in one frame, without what the browser draws afterwards. */
function parts(shapes: readonly StageShape[], near: View): Record<string, number> {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return {};
  const painter = new Painter();
  const whole: View = { origin: [0, 0], right: [0.1, 0], down: [0, 0.1], stage: [1440, 900] };
  const mean = (act: (at: number) => void, rounds = 20) => {
    const from = performance.now();
    for (let at = 0; at < rounds; at++) act(at);
    return (performance.now() - from) / rounds;
  };
  const painting = { shapes, size: SIZE };
  const window = [1000, 1000, 600, 400] as const;
  return {
    paintFar: mean((at) => painter.paint(context, { ...whole, origin: [at, at] }, painting)),
    // Every step of a zoom finds the places of all labels anew.
    layNear: mean((at) => {
      const right: Point = [near.right[0] * (1 + at / 100), 0];
      painter.paint(context, { ...near, right, down: [0, right[0]] }, painting);
    }),
    // What an index could save: looking at every shape to learn which are in view.
    cull: mean(() => shapes.filter(({ box }) => box[0] < window[0] + window[2] && window[0] < box[0] + box[2])),
  };
}

declare global {
  interface Window {
    measure: typeof measure;
  }
}
window.measure = measure;
