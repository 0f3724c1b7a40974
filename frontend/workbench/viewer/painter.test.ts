import { expect, it, vi } from "vitest";
import { type Box, overlaps } from "../core/geometry.ts";
import { type PaintedShape, Painter, type Painting } from "./painter.ts";
import { CROWD } from "./strokes.ts";
import type { View } from "./view.ts";

const view: View = { origin: [0, 0], right: [1, 0], down: [0, 1], stage: [100, 100] };

const paint = (
  canvas: ReturnType<typeof context>,
  at: View,
  shapes: PaintedShape[],
  more: Partial<Painting> = {},
) => new Painter().paint(canvas, at, { shapes, size: [600, 600], ...more });

function context() {
  const calls = [
    "beginPath",
    "moveTo",
    "lineTo",
    "closePath",
    "stroke",
    "fill",
    "fillRect",
    "fillText",
    "strokeRect",
  ] as const;
  const more = ["setLineDash", "clearRect", "rect", "setTransform"] as const;
  return {
    ...(Object.fromEntries([...calls, ...more].map((name) => [name, vi.fn()])) as Record<
      (typeof calls)[number] | (typeof more)[number],
      ReturnType<typeof vi.fn<(...values: unknown[]) => void>>
    >),
    measureText: vi.fn((text: string) => ({ width: text.length * 6 }) as TextMetrics),
    strokeStyle: "" as string | CanvasGradient | CanvasPattern,
    fillStyle: "" as string | CanvasGradient | CanvasPattern,
    lineWidth: 0,
    globalAlpha: 1,
    font: "",
    textBaseline: "top" as CanvasTextBaseline,
  };
}

const shape = (id: string, x: number, y: number, more: Partial<PaintedShape> = {}): PaintedShape => ({
  id,
  box: [x, y, 30, 30],
  colour: "#123456",
  ...more,
});

it("strokes what is fainter by itself, with its label as faint", () => {
  const canvas = context();
  const alphas: number[] = [];
  canvas.stroke.mockImplementation(() => alphas.push(canvas.globalAlpha));
  canvas.fillText.mockImplementation(() => alphas.push(canvas.globalAlpha));
  const faint = shape("a", 10, 10, { opacity: 0.4, label: "A" });
  paint(canvas, view, [faint, shape("b", 50, 50), shape("c", 10, 50, { opacity: 0.4, faint: true })]);
  expect(alphas.map((alpha) => Math.round(alpha * 100))).toEqual([40, 40, 100, 100, 26, 26, 40]);
  expect(canvas.globalAlpha).toBe(1);
});

it("paints only what is in view", () => {
  const canvas = context();
  const shapes = [shape("in", 10, 10), shape("edge", 95, 95), shape("out", 500, 10), shape("above", 10, -40)];
  expect(paint(canvas, view, shapes)).toBe(2);
  expect(canvas.closePath).toHaveBeenCalledTimes(2);
  // One style, one pale edge and one line.
  expect(canvas.stroke).toHaveBeenCalledTimes(2);
});

it("strokes each style once, however many shapes have it", () => {
  const canvas = context();
  const shapes = Array.from({ length: 90 }, (_, index) => shape(`${index}`, index, 10));
  paint(canvas, view, [...shapes, shape("other", 10, 10, { line: "dashed" })]);
  expect(canvas.stroke).toHaveBeenCalledTimes(4);
});

it("draws no pale edges in a crowd, and dots for what is tiny on screen", () => {
  const canvas = context();
  const tiny = { box: [20, 20, 2, 3] as const };
  paint(canvas, view, [
    ...Array.from({ length: CROWD }, (_, index) => shape(`${index}`, 10, 10)),
    shape("dot", 0, 0, tiny),
  ]);
  expect(canvas.stroke).toHaveBeenCalledTimes(Math.ceil(CROWD / 200));
  expect(canvas.fillRect).toHaveBeenCalledExactlyOnceWith(19.5, 20, 3, 3);
});

it("keeps every label where it is while the view moves, and finds places anew when it comes nearer", () => {
  const painter = new Painter();
  const shapes = [shape("a", 10, 40, { label: "clef" }), shape("b", 14, 42, { label: "clef" })];
  const drawn = (at: View) => {
    const canvas = context();
    painter.paint(canvas, at, { shapes, size: [600, 600] });
    return canvas.fillText.mock.calls.map(([, x, y]) => [Number(x) - at.origin[0], Number(y) - at.origin[1]]);
  };
  const first = drawn(view);
  expect(first).toHaveLength(2);
  // The first box has left the view: the label of the second stays where it was.
  expect(drawn({ ...view, origin: [-30, -45] })).toEqual(first.slice(1));
  expect(drawn({ ...view, right: [2, 0], down: [0, 2] })).not.toEqual(first);
});

it("names the picked shape only where nothing else is said of it", () => {
  const shapes = [shape("a", 10, 40, { label: "clef" })];
  for (const named of [true, false]) {
    const canvas = context();
    expect(paint(canvas, view, shapes, { hidden: "a", named })).toBe(0);
    expect(canvas.fillText).toHaveBeenCalledTimes(Number(named));
  }
});

it("lets no label cover another", () => {
  const canvas = context();
  paint(canvas, { ...view, stage: [300, 300] }, [
    shape("a", 10, 40, { label: "1 G clef" }),
    shape("b", 14, 42, { label: "2 F clef" }),
    shape("c", 10, 140, { label: "3 C clef" }),
  ]);
  const places = canvas.fillRect.mock.calls as unknown as Box[];
  expect(canvas.fillText.mock.calls.map(([text]) => text)).toEqual(["1 G clef", "2 F clef", "3 C clef"]);
  for (const [index, place] of places.entries()) {
    for (const other of places.slice(index + 1)) expect(overlaps(place, other)).toBe(false);
  }
});

it("dashes a suggestion's line", () => {
  const canvas = context();
  paint(canvas, view, [shape("a", 10, 10, { line: "dashed" })]);
  expect(canvas.setLineDash).toHaveBeenCalledWith([8, 5]);
});

it("dims what lies outside the region in question", () => {
  const canvas = context();
  paint(canvas, view, [], { region: [10, 10, 20, 20] });
  expect(canvas.fill).toHaveBeenCalledExactlyOnceWith("evenodd");
});

it("paints an outline along its corners and a point as a ring with a dot", () => {
  const canvas = context();
  paint(canvas, view, [
    shape("outline", 10, 10, {
      points: [
        [10, 10],
        [40, 10],
        [10, 40],
      ],
    }),
  ]);
  expect(canvas.lineTo.mock.calls).toEqual([
    [40, 10],
    [10, 40],
  ]);
  const other = context();
  paint(other, view, [shape("point", 10, 10, { points: [[25, 25]], label: "G clef" })]);
  expect(other.closePath).toHaveBeenCalledTimes(2);
  expect(other.moveTo.mock.calls[0]).toEqual([34, 25]);
  expect(other.fillText).toHaveBeenCalledOnce();
});

it("finds places among what is in view while somebody zooms into a crowd, and among all at rest", () => {
  const painter = new Painter();
  const shapes = Array.from({ length: 700 }, (_, index) =>
    shape(`${index}`, 10 + 60 * (index % 10), 40 + 60 * Math.floor(index / 10), { label: "clef" }),
  );
  const paintAt = (at: View) => {
    painter.paint(context(), at, { shapes, size: [600, 6000] });
    return painter.isRough;
  };
  const nearer: View = { ...view, right: [2, 0], down: [0, 2] };
  expect([paintAt(view), paintAt(nearer), paintAt(nearer), paintAt({ ...nearer, origin: [-40, 0] })]).toEqual(
    [false, true, false, false],
  );
});

it("draws what is small in a crowd by its edges", () => {
  const canvas = context();
  const small = Array.from({ length: CROWD + 1 }, (_, index) =>
    shape(`${index}`, 20, 20, { box: [20, 20, 10, 12] }),
  );
  paint(canvas, view, small);
  expect(canvas.stroke).not.toHaveBeenCalled();
  expect(canvas.fillRect).toHaveBeenCalledTimes(4 * small.length);
});
