import { expect, it } from "vitest";
import { readState } from "./contentstate.ts";

const manifest = { id: "https://a.org/m", type: "Manifest" };
const canvas = { id: "https://a.org/c#xywh=1,2,3,4", type: "Canvas", partOf: [manifest] };
const there = { manifest: "https://a.org/m", canvas: "https://a.org/c", fragment: "xywh=1,2,3,4" };

it("finds manifest, canvas and region in every form of a state", () => {
  const annotation = {
    id: "https://a.org/s",
    type: "Annotation",
    motivation: ["contentState"],
    target: canvas,
  };
  for (const state of [canvas, [canvas], annotation, { ...annotation, target: [canvas, manifest] }]) {
    expect(readState(state)).toEqual(there);
  }
  expect(readState({ ...annotation, target: manifest })).toEqual({ ...there, canvas: null, fragment: "" });
  expect(readState({ ...annotation, target: "https://a.org/m" })?.manifest).toBe("https://a.org/m");
  const whole = { ...canvas, id: "https://a.org/c" };
  for (const selector of [
    { type: "FragmentSelector", value: "xywh=1,2,3,4" },
    [{ type: "FragmentSelector", value: "#xywh=1,2,3,4" }],
  ]) {
    expect(readState({ type: "SpecificResource", source: whole, selector })).toEqual(there);
  }
});

it("shows what is around a point", () => {
  const selector = { type: "PointSelector", x: 500, y: 30 };
  const state = readState({ type: "SpecificResource", source: canvas, selector });
  expect(state?.fragment).toBe("xywh=400,0,200,200");
});

it("knows version 2 and what leads nowhere", () => {
  const old = {
    "@id": "https://a.org/c",
    "@type": "sc:Canvas",
    within: { "@id": "https://a.org/m", "@type": "sc:Manifest" },
  };
  expect(readState(old)).toEqual({ ...there, fragment: "" });
  for (const nothing of [
    null,
    undefined,
    7,
    [],
    {},
    { type: "Annotation" },
    { type: "Manifest" },
    [[canvas]],
  ]) {
    expect(readState(nothing)).toBeNull();
  }
});
