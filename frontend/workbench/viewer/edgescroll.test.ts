import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EdgeScroll, innerOf, push } from "./edgescroll.ts";

const inner = innerOf([800, 600], [64, 0]);
const canvas = [-500, -500, 2000, 2000] as const;

describe("the view", () => {
  it("stays where it is while the hand is away from the edges", () => {
    expect(push([400, 300], inner, canvas, 28)).toEqual([0, 0]);
    expect(push([93, 300], inner, canvas, 28)).toEqual([0, 0]);
  });

  it("goes towards what lies beyond the edge, the faster the nearer", () => {
    const [near] = push([790, 300], inner, canvas, 28);
    const [at] = push([800, 300], inner, canvas, 28);
    expect(near).toBeLessThan(0);
    expect(at).toBeLessThan(near);
    expect(push([70, 2], inner, canvas, 28).every((speed) => speed > 0)).toBe(true);
    // Over the tools at the left it goes on, and beyond the stage no faster.
    expect(push([-200, 300], inner, canvas, 28)[0]).toBe(900);
  });

  it("knows tools at the right, where lines run from right to left", () => {
    expect(innerOf([800, 600], [0, 72, 64])).toEqual([0, 0, 736, 528]);
    expect(push([740, 300], innerOf([800, 600], [0, 0, 64]), canvas, 28)[0]).toBeLessThan(0);
  });

  it("stops where the canvas does", () => {
    expect(push([799, 300], inner, [-500, 0, 1200, 600], 28)[0]).toBe(0);
    expect(push([799, 300], inner, [-500, 0, 1270, 600], 28)[0]).toBeLessThan(0);
  });
});

describe("scrolling", () => {
  let frames: FrameRequestCallback[];

  beforeEach(() => {
    frames = [];
    vi.stubGlobal("requestAnimationFrame", (call: FrameRequestCallback) => frames.push(call));
    vi.stubGlobal("cancelAnimationFrame", () => {
      frames = [];
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  it("goes on while the hand rests at the edge, and ends with the stroke", () => {
    const pan = vi.fn();
    let at: readonly [number, number] | null = [800, 300];
    const edges = new EdgeScroll({ pan, state: () => at && { at, inner, canvas, border: 28 } });
    edges.wake();
    edges.wake();
    expect(frames).toHaveLength(1);
    const start = performance.now();
    frames.shift()?.(start + 16);
    frames.shift()?.(start + 32);
    expect(pan).toHaveBeenCalledTimes(2);
    expect(pan.mock.calls[0]?.[0]).toBeLessThan(0);
    // After a frame that came late the view does not jump.
    frames.shift()?.(start + 5000);
    expect(pan.mock.lastCall?.[0]).toBeGreaterThanOrEqual(-45);
    at = null;
    frames.shift()?.(start + 5016);
    expect(frames).toHaveLength(0);
    expect(pan).toHaveBeenCalledTimes(3);
  });
});
