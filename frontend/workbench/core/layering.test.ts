import { expect, it } from "vitest";
import type { Canvas, ImageChoice, PaintedImage } from "./contract.ts";
import { assignment } from "./fixtures.ts";
import {
  baseOf,
  isLayered,
  opacityOf,
  paintedOn,
  shownAtFirst,
  stepped,
  withBase,
  withChoice,
  withOpacity,
  withOthers,
} from "./layering.ts";

const choice = (name: string): ImageChoice => ({
  service: `https://example.org/${name}`,
  version: 3,
  url: null,
  width: 10,
  height: 10,
  label: { en: [name] },
  part: null,
  rotation: null,
});
const inset: PaintedImage = { place: [0, 0, 5, 5], choices: [choice("inset")] };
const bands: PaintedImage = { place: null, choices: [choice("red"), choice("blue"), choice("infrared")] };
const canvas: Canvas = { ...assignment("a").task.canvas, image: choice("red"), images: [inset, bands] };

it("takes the one image of a canvas that tells of no others", () => {
  const { images: _, ...old } = canvas;
  expect(paintedOn(old)).toMatchObject([{ place: null, choices: [{ service: "https://example.org/red" }] }]);
  expect(isLayered(paintedOn(old))).toBe(false);
});

it("knows which image stands for the canvas", () => {
  expect(baseOf(canvas)).toBe(1);
  expect(isLayered(paintedOn(canvas))).toBe(true);
});

it("steps through the choices, all around", () => {
  const images = paintedOn(canvas);
  const first = shownAtFirst(images);
  const back = stepped(images, first, -1);
  expect(back.choices).toEqual([0, 2]);
  expect(stepped(images, back, 1)).toEqual(first);
  expect(stepped([inset], shownAtFirst([inset]), 1)).toEqual(shownAtFirst([inset]));
});

it("shows the first choice through another that is made transparent", () => {
  const first = shownAtFirst([bands]);
  const all = (showing: typeof first) => [0, 1, 2].map((index) => opacityOf(showing, 0, index));
  expect(all(first)).toEqual([1, 0, 0]);
  expect(all(withChoice(first, 0, 2))).toEqual([0, 0, 1]);
  expect(all(withOpacity(withChoice(first, 0, 2), 0, 0.4))).toEqual([1, 0, 0.4]);
  expect(all(withOpacity(first, 0, 0.4))).toEqual([0.4, 0, 0]);
});

it("keeps the place and the choices of an image that somebody was let in to see", () => {
  const admitted = {
    ...canvas,
    image: { ...canvas.image, service: "https://example.org/pass/red", info: { id: 1 } },
  };
  const shown = withBase(canvas, admitted);
  expect(baseOf(shown)).toBe(1);
  expect(paintedOn(shown)[1]?.choices[0]).toMatchObject({ label: { en: ["red"] }, info: { id: 1 } });
  expect(paintedOn(shown)[1]?.choices.slice(1)).toEqual(bands.choices.slice(1));
  expect(paintedOn(shown)[0]).toEqual(inset);
});

it("asks for every other protected image by itself, and keeps what cannot be had", async () => {
  const auth = { version: 2, probe: "/probe", access: [], heading: {}, note: {} } as const;
  const locked = { ...bands, choices: bands.choices.map((one) => ({ ...one, auth })) };
  const asked: (string | null)[] = [];
  const shown = await withOthers({ ...canvas, images: [inset, locked] }, async (one) => {
    asked.push(one.image.service);
    if (one.image.service?.endsWith("infrared")) throw new Error("no network");
    return { canvas: { ...one, image: { ...one.image, service: "https://example.org/pass" } } };
  });
  expect(asked).toEqual(["https://example.org/blue", "https://example.org/infrared"]);
  expect(shown.images?.[1]?.choices.map(({ service }) => service?.split("/").at(-1))).toEqual([
    "red",
    "pass",
    "infrared",
  ]);
  expect(shown.images?.[1]?.choices[1]?.label).toEqual({ en: ["blue"] });
});
