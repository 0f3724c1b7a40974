import { beforeEach, describe, expect, it } from "vitest";
import type { Box, Point } from "../core/geometry.ts";
import { type Spies, spies } from "./fixtures.ts";
import { Gestures, type Press, type Scene } from "./gestures.ts";
import type { View } from "./view.ts";

/** Half a CSS pixel to the canvas unit, so that screen and canvas numbers cannot be mistaken for each other. */
let view: View;
let scene: Scene;
let effects: Spies;
let gestures: Gestures;

const big = { id: "big", box: [200, 200, 400, 400] as Box };
const small = { id: "small", box: [300, 300, 60, 60] as Box };

beforeEach(() => {
  view = { origin: [0, 0], right: [0.5, 0], down: [0, 0.5], stage: [800, 600] };
  scene = { tool: "draw", canvas: [1000, 1000], shapes: [big, small], selected: null, readonly: false };
  effects = spies();
  gestures = new Gestures(
    () => view,
    () => scene,
    effects,
  );
});

function drag(from: Point, to: Point, more: Partial<Press> = {}) {
  gestures.press({ id: 1, at: from, hand: "mouse", ...more });
  gestures.move({ id: 1, at: [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2] });
  gestures.move({ id: 1, at: to });
  gestures.release({ id: 1 });
}

describe("with the draw tool", () => {
  it("draws in canvas space, also inside another box", () => {
    drag([120, 120], [170, 160]);
    expect(effects.drawn).toHaveBeenCalledExactlyOnceWith([240, 240, 100, 80]);
    expect(effects.select).not.toHaveBeenCalled();
  });

  it("draws inside the selected box as long as that is roomy", () => {
    scene = { ...scene, selected: "big" };
    drag([130, 130], [170, 160]);
    expect(effects.drawn).toHaveBeenCalledOnce();
  });

  it("moves a box by the grip in its middle, and resizes it by a corner", () => {
    scene = { ...scene, selected: "big" };
    drag([200, 200], [210, 195]);
    expect(effects.edited).toHaveBeenLastCalledWith("big", [220, 190, 400, 400]);
    drag([300, 300], [320, 310]);
    expect(effects.edited).toHaveBeenLastCalledWith("big", [200, 200, 440, 420]);
    expect(effects.drawn).not.toHaveBeenCalled();
  });

  it("moves a small box from anywhere deep inside it", () => {
    scene = { ...scene, selected: "small" };
    drag([161, 168], [171, 178]);
    expect(effects.edited).toHaveBeenCalledExactlyOnceWith("small", [320, 320, 60, 60]);
  });

  it("does not change a locked shape", () => {
    scene = { ...scene, shapes: [{ ...big, locked: true }], selected: "big" };
    drag([100, 100], [140, 140]);
    expect(effects.edited).not.toHaveBeenCalled();
    expect(effects.drawn).toHaveBeenCalledOnce();
  });

  it("takes a press that hardly travels for a click on the smallest shape there", () => {
    drag([160, 160], [161, 162]);
    expect(effects.select).toHaveBeenCalledExactlyOnceWith("small");
    drag([5, 5], [6, 6]);
    expect(effects.select).toHaveBeenLastCalledWith(null);
    expect(effects.drawn).not.toHaveBeenCalled();
  });

  it("lets a click fall through what is only to be seen", () => {
    scene = { ...scene, shapes: [big, { ...small, ghost: true }] };
    drag([160, 160], [160, 160]);
    expect(effects.select).toHaveBeenCalledExactlyOnceWith("big");
  });
});

describe("moving about", () => {
  it.each([
    ["the move tool", () => (scene = { ...scene, tool: "move" }), {}],
    ["held space", () => (gestures.carrying = true), {}],
    ["the middle button", () => undefined, { aside: true }],
    ["a stage to look at", () => (scene = { ...scene, readonly: true }), {}],
  ])("works with %s", (_name, prepare, more) => {
    prepare();
    drag([20, 20], [40, 50], more);
    expect(effects.pan.mock.calls).toEqual([
      [10, 15],
      [10, 15],
    ]);
    expect(effects.drawn).not.toHaveBeenCalled();
  });

  it("is possible in the middle of a stroke, which keeps its first corner", () => {
    gestures.press({ id: 1, at: [10, 10], hand: "mouse" });
    gestures.move({ id: 1, at: [30, 30] });
    gestures.carrying = true;
    view = { ...view, origin: [50, 0] };
    gestures.move({ id: 1, at: [80, 30] });
    gestures.carrying = false;
    gestures.release({ id: 1 });
    expect(effects.pan).toHaveBeenCalledExactlyOnceWith(50, 0);
    expect(effects.drawn).toHaveBeenCalledExactlyOnceWith([20, 20, 40, 40]);
  });

  it("follows a zoom by wheel under a resting pointer", () => {
    gestures.press({ id: 1, at: [10, 10], hand: "mouse" });
    gestures.move({ id: 1, at: [30, 30] });
    gestures.wheel(-100, [30, 30]);
    expect(effects.zoom.mock.calls[0]?.[0]).toBeGreaterThan(1);
    view = { ...view, right: [1, 0], down: [0, 1] };
    gestures.refresh();
    expect(effects.drawing).toHaveBeenLastCalledWith([20, 20, 10, 10]);
  });
});

describe("fingers", () => {
  const press = (id: number, at: Point) => gestures.press({ id, at, hand: "touch" });

  it("draw with one, and move and zoom with two", () => {
    press(1, [100, 100]);
    gestures.move({ id: 1, at: [106, 106] });
    press(2, [200, 100]);
    // What hardly began was the first finger of a pinch.
    expect(effects.drawing).toHaveBeenLastCalledWith(null);
    gestures.move({ id: 2, at: [220, 120] });
    expect(effects.pan).toHaveBeenCalledExactlyOnceWith(10, 10);
    expect(effects.zoom.mock.calls[0]?.[0]).toBeGreaterThan(1);
    gestures.release({ id: 2 });
    gestures.release({ id: 1 });
    expect(effects.drawn).not.toHaveBeenCalled();
  });

  it("turn the view once a twist is meant, and tell when it ends", () => {
    press(1, [100, 100]);
    press(2, [300, 100]);
    gestures.move({ id: 2, at: [299, 120] });
    expect(effects.twist).not.toHaveBeenCalled();
    gestures.move({ id: 2, at: [273, 200] });
    expect(effects.twist).toHaveBeenLastCalledWith(0, [186.5, 150]);
    gestures.move({ id: 2, at: [200, 273] });
    expect(effects.twist.mock.lastCall?.[0]).toBeCloseTo(30, 0);
    gestures.release({ id: 1 });
    expect(effects.twist.mock.lastCall?.[0]).toBeNull();
    gestures.move({ id: 2, at: [100, 300] });
    expect(effects.twist).toHaveBeenCalledTimes(3);
  });

  it("turn nothing where they only pinch", () => {
    press(1, [100, 100]);
    press(2, [300, 100]);
    gestures.move({ id: 2, at: [380, 130] });
    gestures.move({ id: 1, at: [60, 110] });
    gestures.release({ id: 2 });
    gestures.release({ id: 1 });
    expect(effects.twist).not.toHaveBeenCalled();
  });

  it("keep a stroke that is under way: the second moves the view below it", () => {
    press(1, [100, 100]);
    gestures.move({ id: 1, at: [150, 150] });
    press(2, [300, 150]);
    gestures.move({ id: 2, at: [260, 150] });
    expect(effects.zoom.mock.calls[0]?.[0]).toBeCloseTo(110 / 150);
    expect(effects.pan).toHaveBeenCalledExactlyOnceWith(-20, 0);
    view = { ...view, origin: [-20, 0] };
    gestures.refresh();
    gestures.release({ id: 2 });
    gestures.move({ id: 1, at: [180, 190] });
    gestures.release({ id: 1 });
    expect(effects.drawn).toHaveBeenCalledExactlyOnceWith([200, 200, 200, 180]);
  });

  it("end a stroke with the finger that began it, and draw nothing with the other", () => {
    press(1, [100, 100]);
    gestures.move({ id: 1, at: [150, 150] });
    press(2, [300, 150]);
    gestures.release({ id: 1 });
    expect(effects.drawn).toHaveBeenCalledOnce();
    gestures.move({ id: 2, at: [350, 350] });
    gestures.release({ id: 2 });
    expect(effects.drawn).toHaveBeenCalledOnce();
  });

  it("catch the grips of a box that is smaller than they are, and move it by its middle", () => {
    const tiny = { id: "tiny", box: [400, 400, 16, 16] as Box };
    scene = { ...scene, shapes: [tiny], selected: "tiny" };
    press(1, [206, 205]);
    gestures.move({ id: 1, at: [226, 205] });
    gestures.release({ id: 1 });
    expect(effects.edited).toHaveBeenLastCalledWith("tiny", [440, 400, 16, 16]);
    press(2, [240, 240]);
    gestures.move({ id: 2, at: [260, 240] });
    gestures.release({ id: 2 });
    expect(effects.edited).toHaveBeenLastCalledWith("tiny", [400, 400, 56, 16]);
  });

  it("draw nothing with the one left over after a pinch", () => {
    press(1, [100, 100]);
    press(2, [200, 100]);
    gestures.release({ id: 2 });
    gestures.move({ id: 1, at: [300, 300] });
    gestures.release({ id: 1 });
    expect(effects.drawn).not.toHaveBeenCalled();
    press(3, [10, 10]);
    gestures.move({ id: 3, at: [50, 50] });
    gestures.release({ id: 3 });
    expect(effects.drawn).toHaveBeenCalledOnce();
  });

  it("reach a grip from further away than a mouse does", () => {
    scene = { ...scene, selected: "big" };
    drag([314, 314], [324, 314]);
    expect(effects.edited).not.toHaveBeenCalled();
    press(1, [314, 314]);
    gestures.move({ id: 1, at: [324, 314] });
    gestures.release({ id: 1 });
    expect(effects.edited).toHaveBeenCalledExactlyOnceWith("big", [200, 200, 420, 400]);
  });
});

describe("several", () => {
  const also = { also: ["big"], selected: "small" };

  it("are picked with Shift, one by one or by a frame; without it as ever", () => {
    drag([160, 160], [160, 160], { gathers: true });
    expect(effects.pick).toHaveBeenCalledExactlyOnceWith("small");
    drag([5, 5], [6, 6], { gathers: true });
    expect(effects.pick).toHaveBeenCalledOnce();
    expect(effects.select).not.toHaveBeenCalled();
    drag([10, 10], [250, 260], { gathers: true });
    expect(effects.framed).toHaveBeenCalledExactlyOnceWith([20, 20, 480, 500]);
    expect(effects.framing).toHaveBeenLastCalledWith(null);
    expect(effects.drawn).not.toHaveBeenCalled();
  });

  it("are picked by taps where that is switched on, and then carried by any of them", () => {
    scene = { ...scene, gathers: true };
    drag([160, 160], [160, 160], { hand: "touch" });
    expect(effects.pick).toHaveBeenCalledExactlyOnceWith("small");
    scene = { ...scene, ...also };
    drag([150, 120], [170, 130], { hand: "touch" });
    expect(effects.carried).toHaveBeenCalledExactlyOnceWith(40, 20);
    expect(effects.framed).not.toHaveBeenCalled();
  });

  it("are carried together, and dropped by the same click that picks another", () => {
    scene = { ...scene, ...also };
    drag([150, 120], [170, 130]);
    expect(effects.carrying.mock.lastCall).toEqual([null, false]);
    expect(effects.carried).toHaveBeenCalledExactlyOnceWith(40, 20);
    drag([160, 160], [160, 160]);
    expect(effects.select).toHaveBeenCalledExactlyOnceWith("small");
    drag([10, 10], [40, 40]);
    expect(effects.drawn).toHaveBeenCalledOnce();
  });

  it("are copied with Alt, as is a single one by its grip", () => {
    scene = { ...scene, ...also };
    drag([150, 120], [170, 130], { alt: true });
    expect(effects.copied).toHaveBeenCalledExactlyOnceWith(40, 20);
    scene = { ...scene, also: [], selected: "small" };
    drag([165, 165], [185, 165], { alt: true });
    expect(effects.copied).toHaveBeenLastCalledWith(40, 0);
    expect(effects.edited).not.toHaveBeenCalled();
  });

  it("leave no trace when they are let go in mid-air", () => {
    scene = { ...scene, ...also };
    gestures.press({ id: 1, at: [150, 120], hand: "mouse" });
    gestures.move({ id: 1, at: [190, 150] });
    expect(gestures.stroke).toEqual([190, 150]);
    expect(gestures.cancel()).toBe(true);
    expect(effects.carrying.mock.lastCall).toEqual([null, false]);
    gestures.release({ id: 1 });
    expect(effects.carried).not.toHaveBeenCalled();
    expect(gestures.stroke).toBeNull();
  });
});

describe("edges", () => {
  it("snap to those of neighbours and of the canvas, and say which", () => {
    drag([97, 2], [60, 60]);
    expect(effects.drawn).toHaveBeenLastCalledWith([120, 4, 74, 116]);
    drag([60, 60], [98, 3]);
    expect(effects.drawn).toHaveBeenLastCalledWith([120, 0, 80, 120]);
    expect(effects.guides).toHaveBeenCalledWith([
      { axis: "x", at: 200 },
      { axis: "y", at: 0 },
    ]);
    expect(effects.guides).toHaveBeenLastCalledWith([]);
  });

  it("do not while Alt is held", () => {
    drag([60, 60], [98, 3], { alt: true });
    expect(effects.drawn).toHaveBeenLastCalledWith([120, 6, 76, 114]);
  });

  it("snap when a box is moved or resized, not to its own", () => {
    scene = { ...scene, shapes: [big, { id: "x", box: [700, 100, 100, 40] }], selected: "x" };
    drag([375, 60], [321, 60]);
    expect(effects.edited).toHaveBeenLastCalledWith("x", [600, 100, 100, 40]);
    drag([400, 60], [396, 60]);
    expect(effects.edited).toHaveBeenLastCalledWith("x", [700, 100, 92, 40]);
  });
});

it("leaves no trace of a stroke that is cancelled or taken away", () => {
  gestures.press({ id: 1, at: [10, 10], hand: "mouse" });
  gestures.move({ id: 1, at: [60, 60] });
  expect(gestures.cancel()).toBe(true);
  gestures.release({ id: 1 });
  gestures.press({ id: 2, at: [10, 10], hand: "touch" });
  gestures.move({ id: 2, at: [60, 60] });
  gestures.lose({ id: 2 });
  gestures.release({ id: 2 });
  expect(effects.drawn).not.toHaveBeenCalled();
  expect(gestures.cancel()).toBe(false);
});

it("shows with the pointer what a press would do", () => {
  scene = { ...scene, selected: "big" };
  expect(gestures.cursor([5, 5], "mouse")).toBe("crosshair");
  expect(gestures.cursor([100, 100], "mouse")).toBe("nwse-resize");
  expect(gestures.cursor([200, 200], "mouse")).toBe("move");
  scene = { ...scene, tool: "move" };
  expect(gestures.cursor([5, 5], "mouse")).toBe("grab");
});
