import { describe, expect, it } from "vitest";
import { onCanvas, regionIn } from "./fragment.ts";

describe("the region of an address", () => {
  it.each([
    ["#xywh=1,2,3,4", [1, 2, 3, 4]],
    ["#xywh=pixel:1,2,3.5,4", [1, 2, 3.5, 4]],
    ["#xywh=percent:10,10,50,50", [20, 10, 100, 50]],
    ["#t=1&xywh=1,2,3,4", [1, 2, 3, 4]],
    ["#xywh=150,50,100,100", [150, 50, 50, 50]],
    ["#xywh=1%2C2%2C3%2C4", [1, 2, 3, 4]],
  ])("%s", (hash, box) => {
    expect(regionIn(hash, [200, 100])).toEqual(box);
  });

  it.each(["", "#found", "#xywh=1,2,3", "#xywh=300,0,5,5", "#xywh=1,2,0,4", "#%", "#xywh=a,b,c,d"])(
    "%s has none",
    (hash) => {
      expect(regionIn(hash, [200, 100])).toBeNull();
    },
  );

  it("is kept on the canvas", () => {
    expect(onCanvas([-5, -5, 10, 10], [200, 100])).toEqual([0, 0, 5, 5]);
  });
});
