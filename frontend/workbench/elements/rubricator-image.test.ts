import { beforeEach, expect, it, vi } from "vitest";
import type { ImageChoice, PaintedImage } from "../core/contract.ts";
import { AS_IT_IS, UPRIGHT } from "../core/imaging.ts";
import { shownAtFirst } from "../core/layering.ts";
import type { ImageState } from "./imagestate.ts";
import "./rubricator-image.ts";
import type { RubricatorImage } from "./rubricator-image.ts";

const choice = (name: string): ImageChoice => ({
  service: null,
  version: null,
  url: `/${name}.png`,
  width: 10,
  height: 10,
  label: name ? { en: [name] } : {},
  part: null,
  rotation: null,
});
const one: PaintedImage = { place: null, choices: [choice("")] };
const bands: PaintedImage = { place: null, choices: [choice("Natural"), choice("X-ray"), choice("")] };

let panel: RubricatorImage;
const plain = (images: readonly PaintedImage[]): ImageState => ({
  light: AS_IT_IS,
  turn: UPRIGHT,
  showing: shownAtFirst(images),
  on: { minimap: true, loupe: false, ruler: false },
});

async function show(images: readonly PaintedImage[], state: Partial<ImageState> = {}): Promise<void> {
  panel.images = images;
  panel.state = { ...plain(images), ...state };
  document.body.replaceChildren(panel);
  await panel.updateComplete;
}

const find = <T extends HTMLElement = HTMLElement>(name: string) =>
  panel.querySelector<T>(`[data-testid="image-${name}"]`);

function told(name: string): ReturnType<typeof vi.fn> {
  const heard = vi.fn();
  panel.addEventListener(name, (event) => heard((event as CustomEvent).detail));
  return heard;
}

function slide(name: string, value: number): void {
  const slider = find<HTMLInputElement>(name);
  if (!slider) throw new Error(`no slider ${name}`);
  slider.value = String(value);
  slider.dispatchEvent(new Event("input"));
}

beforeEach(() => {
  panel = document.createElement("rubricator-image");
});

it("offers no images where there is but one", async () => {
  await show([one]);
  expect(panel.querySelectorAll("input[type=radio]")).toHaveLength(0);
  expect(find("opacity-0")).toBeNull();
});

it("names the choices, and makes transparent what lies over the first", async () => {
  await show([bands]);
  const names = [...panel.querySelectorAll(".rw-image-choice")].map((label) => label.textContent?.trim());
  expect(names).toEqual(["Natural", "X-ray", "Choice 3"]);
  expect(find("opacity-0")).toBeNull();
  const set = told("image-set");
  find("choice-0-1")?.dispatchEvent(new Event("change"));
  expect(set).toHaveBeenLastCalledWith({ showing: { choices: [1], opacities: [1] } });
  await show([bands], { showing: { choices: [1], opacities: [0.5] } });
  expect(find("opacity-0")?.closest("label")?.textContent).toContain("Opacity: X-ray");
  slide("opacity-0", 0.25);
  expect(set).toHaveBeenLastCalledWith({ showing: { choices: [1], opacities: [0.25] } });
});

it("gives every painted image its opacity where there are several", async () => {
  await show([one, bands]);
  expect(find("opacity-0")?.closest("label")?.textContent).toContain("Opacity: Image 1");
  expect(find("opacity-1")).not.toBeNull();
});

it("sets light by sliders and switches", async () => {
  await show([one]);
  const set = told("image-set");
  slide("contrast", 1.5);
  expect(set).toHaveBeenLastCalledWith({ light: { ...AS_IT_IS, contrast: 1.5 } });
  find("grey")?.click();
  expect(set).toHaveBeenLastCalledWith({ light: { ...AS_IT_IS, saturation: 0 } });
  find("invert")?.click();
  expect(set).toHaveBeenLastCalledWith({ light: { ...AS_IT_IS, inverted: true } });
});

it("turns to the angle that one sees, mirrored or not", async () => {
  await show([one], { turn: { rotation: 30, flipped: true } });
  const turn = told("image-turn");
  expect(find<HTMLInputElement>("angle")?.value).toBe("-30");
  slide("angle", 10);
  expect(turn).toHaveBeenLastCalledWith({ degrees: 40 });
  find("turn-left")?.click();
  expect(turn).toHaveBeenLastCalledWith({ degrees: -90 });
  expect(find("mirror")?.getAttribute("aria-pressed")).toBe("true");
});

it("puts back what is changed, and only then", async () => {
  await show([one]);
  const reset = told("image-reset");
  find("reset")?.click();
  expect(reset).not.toHaveBeenCalled();
  await show([one], { light: { ...AS_IT_IS, inverted: true } });
  find("reset")?.click();
  expect(reset).toHaveBeenCalledOnce();
});

it("closes by Escape and keeps the keys of its sliders", async () => {
  await show([bands]);
  const close = told("image-close");
  const outside = vi.fn();
  document.body.addEventListener("keydown", outside);
  const press = (name: string, key: string) =>
    find(name)?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  press("brightness", "ArrowLeft");
  press("choice-0-0", "ArrowDown");
  expect(outside).not.toHaveBeenCalled();
  press("turn-left", "r");
  expect(outside).toHaveBeenCalledOnce();
  press("brightness", "Escape");
  expect(close).toHaveBeenCalledOnce();
  document.body.removeEventListener("keydown", outside);
});
