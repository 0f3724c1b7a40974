import { beforeEach, expect, it, vi } from "vitest";
import { imageCommandOf } from "./imagekeys.ts";
import { lensAt } from "./loupe.ts";
import { cameraOver } from "./minimap.ts";
import { Ruler } from "./ruler.ts";
import { RulerHand } from "./rulerhand.ts";
import { viewOf } from "./turning.ts";
import { corners } from "./view.ts";

const camera = { centre: [0.5, 0.5], scale: 500, rotation: 90, flipped: true, stage: [800, 600], unit: [1 / 1000, 1 / 1000] } as const; // biome-ignore format: a camera
const view = viewOf(camera);
const canvas = [1000, 1400] as const;
const measured = vi.fn();
const press = vi.fn();
let ruler: Ruler;
let others: { busy: boolean; carrying: boolean; press: typeof press };
let hand: RulerHand;

beforeEach(() => {
  measured.mockReset();
  press.mockReset();
  ruler = new Ruler(document.createElement("div"), { say: (units) => `${Math.round(units)} px`, measured });
  others = { busy: false, carrying: false, press };
  hand = new RulerHand({ ruler }, others, () => view, () => canvas); // biome-ignore format: short
});

const mouse = (id: number, x: number, y: number) => ({ id, at: [x, y] as const, hand: "mouse" as const });
const touch = (id: number, x: number, y: number) => ({ id, at: [x, y] as const, hand: "touch" as const });

it("measures in canvas units on a turned and mirrored view, and says so once the hand lets go", () => {
  expect(hand.press(mouse(1, 400, 300))).toBe(true);
  hand.move({ id: 1, at: [500, 300] });
  expect(measured).not.toHaveBeenCalled();
  expect(ruler.svg.querySelector("text")?.textContent).toBe("200 px");
  hand.release({ id: 1 });
  expect(measured).toHaveBeenCalledExactlyOnceWith(200);
});

it("takes up an end, and forgets a line at a click", () => {
  hand.press(mouse(1, 400, 300));
  hand.move({ id: 1, at: [500, 300] });
  hand.release({ id: 1 });
  hand.press(mouse(1, 498, 302));
  hand.move({ id: 1, at: [450, 300] });
  hand.release({ id: 1 });
  expect(measured).toHaveBeenLastCalledWith(100);
  hand.press(mouse(1, 100, 100));
  hand.release({ id: 1 });
  expect(ruler.line).toBeNull();
});

it("gives both fingers back to who moves the view", () => {
  expect(hand.press(touch(1, 100, 100))).toBe(true);
  expect(hand.move({ id: 1, at: [110, 100] })).toBe(true);
  expect(hand.press(touch(2, 300, 300))).toBe(false);
  expect(press).toHaveBeenCalledExactlyOnceWith(touch(1, 110, 100));
  expect(ruler.line).toBeNull();
  expect(hand.move({ id: 1, at: [120, 100] })).toBe(false);
});

it("lets the middle button, space and what goes on already be", () => {
  expect(hand.press({ ...mouse(1, 1, 1), aside: true })).toBe(false);
  others.carrying = true;
  expect(hand.press(mouse(1, 1, 1))).toBe(false);
  others.carrying = false;
  others.busy = true;
  expect(hand.press(touch(1, 1, 1))).toBe(false);
});

it("measures by keys: an end, the crosshair on, the other end", () => {
  ruler.set(view, canvas);
  ruler.step([30, 40], view, canvas);
  expect(ruler.svg.querySelector("text")?.textContent).toBe("50 px");
  ruler.set(view, canvas);
  expect(measured).toHaveBeenCalledExactlyOnceWith(50);
  ruler.clear();
  expect([ruler.line, ruler.aim]).toEqual([null, null]);
});

it("never leaves the canvas", () => {
  ruler.set(view, canvas);
  ruler.step([-9000, 9000], view, canvas);
  expect(ruler.aim).toEqual([0, 1400]);
});

it("holds the lens on the mouse and above a finger, or below where there is no room", () => {
  expect(lensAt([300, 400], "mouse")).toEqual([300, 400]);
  expect(lensAt([300, 400], "touch")).toEqual([300, 250]);
  expect(lensAt([300, 80], "touch")).toEqual([300, 230]);
  expect(lensAt([300, 80], null)).toEqual([300, 80]);
});

it.each([0, 90, 33, -120])(
  "shows all of the canvas on the minimap, turned by %i° as the view is",
  (rotation) => {
    const over = cameraOver({ ...camera, rotation }, canvas);
    const all = corners(viewOf(over), [0, 0, ...canvas]);
    const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
    expect(Math.min(...xs)).toBeCloseTo(6, 6);
    expect(Math.max(...xs)).toBeCloseTo(over.stage[0] - 6, 6);
    expect(Math.min(...ys)).toBeCloseTo(6, 6);
    expect(Math.max(...over.stage)).toBeCloseTo(168, 6);
  },
);

it("knows the keys of the image and leaves all others alone", () => {
  const key = (name: string, more = {}) =>
    imageCommandOf({ key: name, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...more });
  expect(key("o")).toEqual({ kind: "settings" });
  expect(key("r")).toEqual({ kind: "turn", degrees: 90 });
  expect(key("R", { shiftKey: true })).toEqual({ kind: "turn", degrees: -90 });
  expect(key(">", { shiftKey: true })).toEqual({ kind: "step", step: 1 });
  expect(key("<")).toEqual({ kind: "step", step: -1 });
  expect([key("l"), key("k")]).toEqual([{ kind: "loupe" }, { kind: "measure" }]);
  expect([key("r", { ctrlKey: true }), key("l", { altKey: true }), key("d"), key("F5")]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});
