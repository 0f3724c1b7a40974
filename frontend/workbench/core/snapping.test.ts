import { describe, expect, it } from "vitest";
import { heldEdges, linesOf, snapMoved, snapResized } from "./snapping.ts";

const lines = linesOf([[100, 100, 50, 50]], [1000, 500]);

describe("edges", () => {
  it("come to lie on the canvas's edge and on a neighbour's, the box keeping its size", () => {
    expect(snapMoved([153, -4, 20, 20], lines, 6)).toEqual({
      box: [150, 0, 20, 20],
      guides: [
        { axis: "x", at: 150 },
        { axis: "y", at: 0 },
      ],
    });
  });

  it("go to the nearest of several lines, by whichever side is nearer", () => {
    expect(snapMoved([128, 200, 20, 20], lines, 6).box).toEqual([130, 200, 20, 20]);
  });

  it("stay where nothing is near", () => {
    const far = snapMoved([300.5, 200, 20, 20], lines, 6);
    expect(far).toEqual({ box: [300.5, 200, 20, 20], guides: [] });
  });

  it("move alone when the box is resized", () => {
    const held = { x: "high", y: null } as const;
    expect(snapResized([20, 30, 77, 10], held, lines, 6).box).toEqual([20, 30, 80, 10]);
    expect(snapResized([104, 30, 77, 10], { x: "low", y: "high" }, lines, 6).box).toEqual([100, 30, 81, 10]);
  });

  it("never leave nothing of a box", () => {
    const thin = snapResized([97, 10, 2, 20], { x: "low", y: null }, { x: [99], y: [] }, 6);
    expect(thin).toEqual({ box: [97, 10, 2, 20], guides: [] });
  });

  it("are told by the grip, and turned over with the box", () => {
    expect(heldEdges([0, 0, 100, 100], "se", [90, 95])).toEqual({ x: "high", y: "high" });
    expect(heldEdges([0, 0, 100, 100], "se", [2, 95])).toEqual({ x: "low", y: "high" });
    expect(heldEdges([0, 0, 100, 100], "n", [2, 3])).toEqual({ x: null, y: "low" });
  });
});
