import { beforeEach, describe, expect, it } from "vitest";
import type { Box, Point } from "../core/geometry.ts";
import { type Spies, spies } from "./fixtures.ts";
import { Gestures, type Press, type Scene } from "./gestures.ts";
import type { View } from "./view.ts";

/** Half a CSS pixel to the canvas unit, as in the test of the gestures. */
const view: View = { origin: [0, 0], right: [0.5, 0], down: [0, 0.5], stage: [800, 600] };
const leaf: Point[] = [
  [400, 400],
  [800, 400],
  [800, 800],
  [400, 800],
];
const outline = { id: "leaf", box: [400, 400, 400, 400] as Box, points: leaf };
const dot = { id: "dot", box: [180, 180, 40, 40] as Box, points: [[200, 200]] as Point[] };

let scene: Scene;
let effects: Spies;
let gestures: Gestures;

beforeEach(() => {
  scene = {
    tool: "draw",
    canvas: [1000, 1000],
    shapes: [outline],
    selected: null,
    readonly: false,
    draws: "polygon",
  };
  effects = spies();
  gestures = new Gestures(
    () => view,
    () => scene,
    effects,
  );
});

function click(at: Point, more: Partial<Press> = {}): void {
  gestures.press({ id: 1, at, hand: "mouse", ...more });
  gestures.release({ id: 1 });
}

function drag(from: Point, to: Point, more: Partial<Press> = {}): void {
  gestures.press({ id: 1, at: from, hand: "mouse", ...more });
  gestures.move({ id: 1, at: to });
  gestures.release({ id: 1 });
}

const triangle: Point[] = [
  [20, 20],
  [120, 20],
  [20, 120],
];
const drawn: Point[] = [
  [40, 40],
  [240, 40],
  [40, 240],
];

describe("an outline", () => {
  it("is drawn corner by corner and closed on the first one", () => {
    for (const at of triangle) click(at);
    expect(effects.traced).not.toHaveBeenCalled();
    click([23, 18]);
    expect(effects.traced).toHaveBeenCalledExactlyOnceWith(drawn);
    expect(effects.sketching).toHaveBeenLastCalledWith(null);
    expect(effects.select).not.toHaveBeenCalled();
    expect(gestures.outliner.busy).toBe(false);
  });

  it("is closed by a double click, which is a click on the last corner", () => {
    for (const at of [...triangle, triangle[2] as Point]) click(at);
    expect(effects.traced).toHaveBeenCalledExactlyOnceWith(drawn);
  });

  it("is not closed while it has two corners, nor where it crosses itself", () => {
    click([20, 20]);
    click([120, 120]);
    expect(gestures.outliner.close()).toBe(false);
    expect(effects.crossed).not.toHaveBeenCalled();
    click([120, 20]);
    click([20, 120]);
    expect(gestures.outliner.close()).toBe(false);
    expect(effects.crossed).toHaveBeenCalledOnce();
    expect(gestures.outliner.corners).toHaveLength(4);
    gestures.outliner.back();
    expect(gestures.outliner.close()).toBe(true);
  });

  it("follows the hand between clicks and loses corners one by one", () => {
    click([20, 20]);
    gestures.move({ id: 9, at: [50, 60] });
    expect(effects.sketching).toHaveBeenLastCalledWith({ corners: [[40, 40]], hand: [100, 120] });
    expect(gestures.outliner.back()).toBe(true);
    expect(effects.sketching).toHaveBeenLastCalledWith(null);
    expect(gestures.outliner.back()).toBe(false);
  });

  it("begins with a dragged edge, and takes a dragged corner where the hand lets go", () => {
    drag([20, 20], [120, 20]);
    drag([60, 60], [20, 120]);
    expect(gestures.outliner.corners).toEqual(drawn);
  });

  it("survives two fingers that move the view", () => {
    click([20, 20], { hand: "touch" });
    gestures.press({ id: 1, at: [100, 100], hand: "touch" });
    gestures.press({ id: 2, at: [200, 100], hand: "touch" });
    gestures.move({ id: 2, at: [220, 120] });
    gestures.release({ id: 1 });
    gestures.release({ id: 2 });
    expect(effects.zoom).toHaveBeenCalled();
    expect(gestures.outliner.corners).toEqual([[40, 40]]);
  });

  it("stays on its canvas", () => {
    click([600, 700]);
    expect(gestures.outliner.corners).toEqual([[1000, 1000]]);
  });

  it("is picked by a click inside it, and begun inside the picked one", () => {
    click([300, 300]);
    expect(effects.select).toHaveBeenCalledExactlyOnceWith("leaf");
    scene = { ...scene, selected: "leaf" };
    click([270, 330]);
    expect(gestures.outliner.corners).toEqual([[540, 660]]);
  });

  it("is not picked beside its edge, though inside its box", () => {
    scene = { ...scene, tool: "move", shapes: [{ ...outline, points: leaf.slice(0, 3) }] };
    click([220, 380]);
    expect(effects.select).toHaveBeenLastCalledWith(null);
  });
});

describe("a picked outline", () => {
  beforeEach(() => {
    scene = { ...scene, selected: "leaf" };
  });

  it("is changed by its corners", () => {
    drag([200, 200], [190, 205]);
    expect(effects.reshaping).toHaveBeenLastCalledWith("leaf", [[380, 410], ...leaf.slice(1)]);
    expect(effects.reshaped).toHaveBeenCalledExactlyOnceWith("leaf", [[380, 410], ...leaf.slice(1)]);
    expect(effects.corner).toHaveBeenLastCalledWith(0);
  });

  it("gets a corner where the middle of an edge is dragged", () => {
    drag([300, 200], [300, 180]);
    expect(effects.reshaped).toHaveBeenCalledExactlyOnceWith("leaf", [
      [400, 400],
      [600, 360],
      ...leaf.slice(1),
    ]);
    expect(effects.corner).toHaveBeenLastCalledWith(1);
  });

  it("is moved as a whole with the move tool", () => {
    scene = { ...scene, tool: "move" };
    drag([260, 330], [270, 320]);
    expect(effects.reshaped).toHaveBeenCalledExactlyOnceWith(
      "leaf",
      leaf.map(([x, y]) => [x + 20, y - 20]),
    );
  });

  it("stays as it was where it would cross itself", () => {
    drag([200, 200], [450, 300]);
    expect(effects.crossed).toHaveBeenCalledOnce();
    expect(effects.reshaping).toHaveBeenLastCalledWith("leaf", null);
    expect(effects.reshaped).not.toHaveBeenCalled();
  });

  it("has a corner pointed at by a click", () => {
    click([400, 400]);
    expect(effects.corner).toHaveBeenCalledExactlyOnceWith(2);
    expect(effects.reshaped).not.toHaveBeenCalled();
  });

  it("is left alone when it is locked", () => {
    scene = { ...scene, shapes: [{ ...outline, locked: true }] };
    drag([200, 200], [190, 205]);
    expect(effects.reshaped).not.toHaveBeenCalled();
  });
});

describe("points", () => {
  beforeEach(() => {
    scene = { ...scene, draws: "point", shapes: [dot] };
  });

  it("are set by a click, or where a drag ends", () => {
    click([10, 20]);
    expect(effects.traced).toHaveBeenLastCalledWith([[20, 40]]);
    drag([300, 20], [310, 30]);
    expect(effects.traced).toHaveBeenLastCalledWith([[620, 60]]);
  });

  it("are picked nearby and moved once they are picked", () => {
    click([104, 96]);
    expect(effects.select).toHaveBeenCalledExactlyOnceWith("dot");
    scene = { ...scene, selected: "dot" };
    drag([102, 100], [112, 90]);
    expect(effects.reshaped).toHaveBeenCalledExactlyOnceWith("dot", [[220, 180]]);
    expect(effects.traced).not.toHaveBeenCalled();
  });
});
