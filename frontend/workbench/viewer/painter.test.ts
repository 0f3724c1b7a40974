import { expect, it, vi } from "vitest";
import { type PaintedShape, paint } from "./painter.ts";
import type { View } from "./view.ts";

const view: View = { origin: [0, 0], right: [1, 0], down: [0, 1], stage: [100, 100] };

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

it("paints only what is in view", () => {
  const canvas = context();
  const shapes = [shape("in", 10, 10), shape("edge", 95, 95), shape("out", 500, 10), shape("above", 10, -40)];
  expect(paint(canvas, view, shapes)).toBe(2);
  expect(canvas.stroke).toHaveBeenCalledTimes(4);
});

it("leaves out a label that would cover another", () => {
  const canvas = context();
  paint(canvas, view, [
    shape("a", 10, 40, { label: "1 G clef" }),
    shape("b", 14, 42, { label: "2 F clef" }),
    shape("c", 10, 85, { label: "3 C clef" }),
  ]);
  expect(canvas.fillText.mock.calls.map(([text]) => text)).toEqual(["1 G clef", "3 C clef"]);
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
  expect(other.beginPath).toHaveBeenCalledTimes(2);
  expect(other.moveTo.mock.calls[0]).toEqual([34, 25]);
  expect(other.fillText).toHaveBeenCalledOnce();
});
