import { expect, it } from "vitest";
import { type Placed, placementOf, turned, turnedSize, unitOf } from "./placing.ts";

const whole: Placed = { place: null, part: null, rotation: null, size: [2000, 3000] };

it("lays the one image over all of its canvas, of whatever shape", () => {
  for (const canvas of [[1000, 1500], [1000, 1400], [77, 3]] as const) {
    const unit = unitOf(canvas, whole);
    expect(placementOf(whole, canvas, unit)).toEqual({ x: 0, y: expect.closeTo(0, 12), width: 1, degrees: 0, clip: null });
    expect(unit[1] * canvas[1]).toBeCloseTo(1.5, 12);
  }
}); // biome-ignore format: kept together

it("lays an image on its place", () => {
  const inset: Placed = { place: [3949, 994, 1091, 1232], part: null, rotation: null, size: [2138, 2414] };
  const { x, y, width } = placementOf(inset, [7216, 5412], [1 / 7216, 1 / 7216]);
  expect(x * 7216).toBeCloseTo(3949, 6);
  expect(width * 7216).toBeCloseTo(1091, 6);
  // Its shape differs by a hair from that of its place: its middle is in the middle.
  expect((y + (width * 2414) / 2138 / 2) * 7216).toBeCloseTo(994 + 616, 6);
});

it.each([0, 90, 180, 270, 33])("lays the used part of an image turned by %i° on its place", (rotation) => {
  const image: Placed = {
    place: [100, 200, 300, 0],
    part: [500, 1000, 400, 200],
    rotation,
    size: [2000, 3000],
  };
  const [bw, bh] = turnedSize([400, 200], rotation);
  const placed = { ...image, place: [100, 200, 300, (300 * bh) / bw] as const };
  const { x, y, width, degrees } = placementOf(placed, [1000, 1500], [1 / 1000, 1 / 1000]);
  const scale = width / 2000;
  const middle = [x + width / 2, y + (scale * 3000) / 2] as const;
  const at = (px: number, py: number) => {
    const [dx, dy] = turned([(px - 1000) * scale, (py - 1500) * scale], degrees);
    return [(middle[0] + dx) * 1000, (middle[1] + dy) * 1000] as const;
  };
  const corners = [at(500, 1000), at(900, 1000), at(900, 1200), at(500, 1200)];
  expect(Math.min(...corners.map(([cx]) => cx))).toBeCloseTo(100, 6);
  expect(Math.max(...corners.map(([cx]) => cx))).toBeCloseTo(400, 6);
  expect(Math.min(...corners.map(([, cy]) => cy))).toBeCloseTo(200, 6);
});
