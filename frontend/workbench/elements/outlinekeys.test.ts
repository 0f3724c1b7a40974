import { beforeEach, expect, it, vi } from "vitest";
import type { Point } from "../core/geometry.ts";
import type { ShapeKind } from "../core/outline.ts";
import { commandOf } from "../viewer/keys.ts";
import { Outliner } from "../viewer/outliner.ts";
import type { Stage, StageShape } from "../viewer/stage.ts";
import type { View } from "../viewer/view.ts";
import { OutlineKeys } from "./outlinekeys.ts";

const view: View = { origin: [0, 0], right: [0.5, 0], down: [0, 0.5], stage: [400, 300] };
const square: StageShape = {
  id: "s",
  box: [100, 100, 100, 100],
  colour: "#000",
  points: [
    [100, 100],
    [200, 100],
    [200, 200],
    [100, 200],
  ],
};

const traced = vi.fn<(points: readonly Point[]) => void>();
const reshape = vi.fn<(id: string, points: readonly Point[]) => void>();
let draws: ShapeKind;
let shapes: StageShape[];
let selected: string | null;
let keys: OutlineKeys;

beforeEach(() => {
  vi.clearAllMocks();
  draws = "polygon";
  [shapes, selected] = [[square], null];
  const nothing = () => undefined;
  const effects = {
    sketching: nothing,
    traced,
    reshaping: nothing,
    reshaped: nothing,
    corner: nothing,
    crossed: nothing,
  };
  const outliner = new Outliner(
    () => view,
    () => ({ canvas: [1000, 1000], draws }),
    effects,
  );
  const drawing = {
    outliner,
    size: [1000, 1000],
    scale: 0.5,
    view: () => ({ origin: [0, 0], right: [0.5, 0], down: [0, 0.5], stage: [400, 300] }),
    seen: () => [0, 0, 800, 600],
    reveal: nothing,
  } as unknown as Stage;
  keys = new OutlineKeys({
    drawing,
    get draws() {
      return draws;
    },
    get shapes() {
      return shapes;
    },
    get selected() {
      return selected;
    },
    readonly: false,
    reshape,
    requestUpdate: nothing,
    addController: nothing,
    removeController: nothing,
    updateComplete: Promise.resolve(true),
  });
});

function press(key: string, shiftKey = false): boolean {
  const command = commandOf({ key, shiftKey, ctrlKey: false, altKey: false, metaKey: false });
  return command !== null && keys.key(command);
}

function walk(key: string, steps: number): void {
  for (let step = 0; step < steps; step++) press(key, true);
}

it("draws an outline with a crosshair, arrows, Space and Enter", () => {
  keys.begin();
  expect(keys.aim).toEqual([400, 300]);
  expect(keys.mark()).toBe(true);
  walk("ArrowRight", 2);
  expect(keys.aim).toEqual([480, 300]);
  keys.mark();
  walk("ArrowDown", 2);
  keys.mark();
  expect(press("Enter")).toBe(true);
  expect(traced).toHaveBeenCalledExactlyOnceWith([
    [400, 300],
    [480, 300],
    [480, 380],
  ]);
});

it("takes corners back one by one, then gives up", () => {
  keys.begin();
  keys.mark();
  expect(press("Backspace")).toBe(true);
  expect(keys.aiming).toBe(true);
  expect(press("Backspace")).toBe(true);
  expect(keys.aiming).toBe(false);
  expect(keys.mark()).toBe(false);
});

it("sets a point with Space or Enter", () => {
  draws = "point";
  keys.begin();
  press("ArrowLeft");
  keys.mark();
  expect(traced).toHaveBeenCalledExactlyOnceWith([[396, 300]]);
  press("Enter");
  expect(traced).toHaveBeenCalledTimes(2);
});

it("walks along corners, moves one, makes one and deletes one", () => {
  selected = "s";
  expect(press("Delete")).toBe(false);
  press(".");
  press(".");
  expect(keys.corner).toBe(1);
  keys.move(square, { dx: 10, dy: -1 });
  expect(reshape.mock.lastCall?.[1][1]).toEqual([210, 99]);
  press("i");
  expect(reshape.mock.lastCall?.[1]).toHaveLength(5);
  expect(keys.corner).toBe(2);
  press(",");
  expect(press("Delete")).toBe(true);
  expect(reshape.mock.lastCall?.[1]).toEqual(square.points?.filter((_, index) => index !== 1));
  expect(press("Escape")).toBe(true);
  expect(keys.corner).toBeNull();
});

it("moves all of an outline where no corner is picked, and lets nothing cross itself", () => {
  selected = "s";
  keys.move(square, { dx: -5, dy: 0 });
  expect(reshape.mock.lastCall?.[1][0]).toEqual([95, 100]);
  reshape.mockClear();
  keys.pick(0);
  keys.move(square, { dx: 150, dy: 50 });
  expect(reshape).not.toHaveBeenCalled();
});

it("never deletes the third corner", () => {
  const three = { ...square, points: square.points?.slice(0, 3) };
  [shapes, selected] = [[three], "s"];
  keys.pick(0);
  expect(press("Delete")).toBe(false);
  expect(reshape).not.toHaveBeenCalled();
});
