import { type ReactiveController, render } from "lit";
import { beforeEach, expect, it, vi } from "vitest";
import type { Canvas, ImageChoice } from "../core/contract.ts";
import { assignment } from "../core/fixtures.ts";
import { AS_IT_IS, UPRIGHT } from "../core/imaging.ts";
import { en } from "../core/locale/en/index.ts";
import { commandOf } from "../viewer/keys.ts";
import type { Stage } from "../viewer/stage.ts";
import { recall, remember } from "./imagememory.ts";
import { Imaging } from "./imaging.ts";

const choice = (name: string): ImageChoice => ({
  service: null,
  version: null,
  url: `/${name}.png`,
  width: 10,
  height: 10,
  label: { en: [name] },
  part: null,
  rotation: null,
});
const plain: Canvas = assignment("plain").task.canvas;
const lights: Canvas = {
  ...plain,
  id: "lights",
  image: choice("day"),
  images: [{ place: null, choices: [choice("day"), choice("night")] }],
  scale: { factor: 0.1, units: "mm" },
};

const ruler = { set: vi.fn(), step: vi.fn(), aim: null };
const stage = {
  placed: true,
  whole: true,
  size: [1000, 2000],
  scale: 2,
  view: () => ({ origin: [0, 0], right: [0, 2], down: [-2, 0], stage: [800, 600] }),
  light: vi.fn(),
  turn: vi.fn(),
  show: vi.fn(),
  fit: vi.fn(),
  aids: {
    on: { minimap: false, loupe: false, ruler: false },
    set: vi.fn(),
    ruler: null as typeof ruler | null,
  },
};
const heard = vi.fn();
let host: ConstructorParameters<typeof Imaging>[0] & { memory: string | null; canvas: Canvas | null };
let imaging: Imaging;

function sit(memory: string | null = "/api/one/"): void {
  let controller: ReactiveController | undefined;
  host = {
    drawing: stage as unknown as Stage,
    canvas: lights,
    texts: en,
    memory,
    dispatchEvent: (event: Event) => heard((event as CustomEvent).detail) ?? true,
    focus: vi.fn(),
    addController: (one: ReactiveController) => {
      controller = one;
    },
    removeController: () => undefined,
    requestUpdate: () => undefined,
    updateComplete: Promise.resolve(true),
  };
  imaging = new Imaging(host);
  controller?.hostUpdate?.();
  imaging.begin(lights);
}

const press = (key: string, more = {}) => {
  const event = new KeyboardEvent("keydown", { key, ...more });
  return imaging.key(event, commandOf(event));
};

beforeEach(() => {
  localStorage.clear();
  vi.clearAllMocks();
  stage.aids.ruler = null;
  sit();
});

const said = () => {
  const part = document.createElement("div");
  render(imaging.render(), part);
  return part.querySelector("[data-testid=image-said]")?.textContent;
};

it("remembers light by campaign, and turning for the canvas alone", () => {
  const light = { ...AS_IT_IS, contrast: 2 };
  imaging.set({ light });
  press("r");
  expect(stage.turn).toHaveBeenLastCalledWith({ rotation: 90, flipped: false });
  expect(imaging.changed).toBe(true);
  imaging.begin(plain);
  expect(stage.turn).toHaveBeenLastCalledWith(UPRIGHT);
  sit();
  expect(stage.light).toHaveBeenLastCalledWith(light);
  sit("/api/other/");
  expect(imaging.changed).toBe(false);
  sit("");
  imaging.set({ light });
  expect(localStorage.length).toBe(1);
});

it("turns with two fingers, holds where the image stands straight, and says at the end how it stands", () => {
  sit();
  const turned = () => stage.turn.mock.lastCall;
  imaging.twist(30.4, [10, 20]);
  expect(turned()).toEqual([{ rotation: 30, flipped: false }]);
  expect(stage.turn).toHaveBeenCalledWith({ rotation: 30, flipped: false }, { about: [10, 20] });
  for (const degrees of [85, 90, 95]) imaging.twist(degrees, [10, 20]);
  expect(turned()).toEqual([{ rotation: 90, flipped: false }]);
  imaging.twist(null, [10, 20]);
  expect(said()).toBe("The image is turned by 90 degrees to the right.");
  // The next twist begins from there.
  imaging.twist(-40, [0, 0]);
  expect(turned()).toEqual([{ rotation: 50, flipped: false }]);
  imaging.twist(-91, [0, 0]);
  expect(turned()).toEqual([UPRIGHT]);
});

it("turns mirrored images the way the fingers go, and none that is shown as it is", () => {
  sit();
  imaging.set({ turn: { rotation: 0, flipped: true } });
  imaging.twist(30, [0, 0]);
  expect(stage.turn).toHaveBeenLastCalledWith({ rotation: -30, flipped: true });
  sit(null);
  stage.turn.mockClear();
  imaging.twist(30, [0, 0]);
  expect(stage.turn).not.toHaveBeenCalled();
});

it("keeps its turn while regions of the same canvas follow each other", () => {
  press("R", { shiftKey: true });
  imaging.begin(lights);
  expect(stage.turn).toHaveBeenLastCalledWith({ rotation: -90, flipped: false });
});

it("steps through the choices and says which is shown", () => {
  expect(press(">")).toBe(true);
  expect(imaging.state.showing).toEqual({ choices: [1], opacities: [1] });
  expect(heard).toHaveBeenLastCalledWith({ open: false, changed: true });
  press("<");
  expect(imaging.changed).toBe(false);
  host.canvas = plain;
  imaging.begin(plain);
  expect(press(">")).toBe(false);
});

it("says that a choice could not be loaded until another is chosen", () => {
  const said = () => {
    const part = document.createElement("div");
    render(imaging.render(), part);
    return part.querySelector("[data-testid=image-missing]");
  };
  press(">");
  imaging.missing(0, 1);
  imaging.set({ light: { ...AS_IT_IS, contrast: 2 } });
  expect(said()).not.toBeNull();
  press(">");
  expect(said()).toBeNull();
  press(">");
  expect(said()).toBeNull();
});

it("tells the toolbar that its panel is open, and shows all of the image beside it", async () => {
  press("o");
  expect(imaging.opened).toBe(true);
  expect(heard).toHaveBeenLastCalledWith({ open: true, changed: false });
  await Promise.resolve();
  expect(stage.fit).toHaveBeenCalled();
  press("o");
  expect(imaging.opened).toBe(false);
  expect(host.focus).toHaveBeenCalled();
});

it("measures by keys, along the screen, while the ruler is out and no longer", () => {
  expect(press("ArrowRight")).toBe(false);
  expect(imaging.mark()).toBe(false);
  press("k");
  expect(stage.aids.set).toHaveBeenLastCalledWith(expect.objectContaining({ ruler: true }));
  stage.aids.ruler = ruler;
  expect(press("ArrowRight")).toBe(true);
  // Turned to the right: the way to the right on the screen is up the page.
  expect(ruler.step.mock.calls[0]?.[0]).toEqual([0, -1]);
  expect(imaging.mark()).toBe(true);
  expect(press("Enter")).toBe(true);
  expect(ruler.set).toHaveBeenCalledTimes(2);
  press("Escape");
  expect(stage.aids.set).toHaveBeenLastCalledWith(expect.objectContaining({ ruler: false }));
  stage.aids.ruler = null;
  expect(press("Enter")).toBe(false);
  press("k");
  stage.aids.ruler = ruler;
  // A new box is asked for: the ruler is put away, and the box begun.
  expect(press("n")).toBe(false);
  expect(stage.aids.set).toHaveBeenLastCalledWith(expect.objectContaining({ ruler: false }));
});

it("says lengths as they are where the manifest has a scale", () => {
  expect(imaging.sayLength(400)).toBe("40\u00a0mm (400\u00a0px)");
  host.canvas = plain;
  expect(imaging.sayLength(12.34)).toBe("12.3\u00a0px");
});

it("has neither keys nor map where nothing of it is wanted", () => {
  stage.aids.set.mockClear();
  sit(null);
  expect([press("o"), press("r"), press("l"), press("k")]).toEqual([false, false, false, false]);
  expect(stage.aids.set).not.toHaveBeenCalled();
});

it.each(["{", "null", "7", '"x"', '{"light": 3, "minimap": "yes"}'])(
  "takes %s in storage as nothing",
  (kept) => {
    localStorage.setItem("rubricator/image/c", kept);
    expect(recall("c")).toEqual({ light: AS_IT_IS, minimap: null });
  },
);

it("works where the browser keeps nothing", () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full");
  });
  expect(() => remember("c", { light: { ...AS_IT_IS, inverted: true }, minimap: null })).not.toThrow();
});
