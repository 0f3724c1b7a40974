import { describe, expect, it } from "vitest";
import { paintingsOf } from "./painting.ts";

const image = (name: string) => ({ id: `https://museum.example/${name}.jpg`, type: "Image" });
const canvas = (...annotations: object[]) => ({ items: [{ items: annotations }] });
const on = (fragment = "") => `https://museum.example/canvas${fragment}`;

describe("what is painted on a canvas", () => {
  it("is every image on its place, in order", () => {
    const { images, others } = paintingsOf(
      canvas(
        { body: image("page"), target: on() },
        { body: image("miniature"), target: on("#xywh=100,200,300,400") },
        {
          body: image("seal"),
          target: {
            type: "SpecificResource",
            source: on(),
            selector: { type: "FragmentSelector", value: "xywh=percent:50,50,25,25" },
          },
        },
        { body: { id: "https://museum.example/song.mp3", type: "Sound" }, target: on() },
      ),
      [1000, 2000],
    );
    expect(images.map(({ place }) => place)).toEqual([null, [100, 200, 300, 400], [500, 1000, 250, 500]]);
    expect(images.map(({ choices }) => choices[0]?.url)).toEqual([
      "https://museum.example/page.jpg",
      "https://museum.example/miniature.jpg",
      "https://museum.example/seal.jpg",
    ]);
    expect(others).toBe(1);
  });

  it("may be one of several, the default one first", () => {
    const choice = {
      type: "Choice",
      items: [{ ...image("daylight"), label: { en: ["Daylight"] } }, image("x-ray")],
    };
    const [{ choices = [] } = {}] = paintingsOf(canvas({ body: choice, target: on() }), null).images;
    expect(choices.map(({ url, label }) => [url, label])).toEqual([
      ["https://museum.example/daylight.jpg", { en: ["Daylight"] }],
      ["https://museum.example/x-ray.jpg", {}],
    ]);
    const old = {
      images: [
        {
          resource: {
            "@type": "oa:Choice",
            default: { "@id": "a.jpg", "@type": "dctypes:Image", label: "A" },
            item: ["rdf:nil", { "@id": "b.jpg", "@type": "dctypes:Image" }],
          },
          on: on(),
        },
      ],
    };
    const [before] = paintingsOf(old, [10, 10]).images;
    expect(before?.choices.map(({ url }) => url)).toEqual(["a.jpg", "b.jpg"]);
  });

  it("may be a part of an image, turned", () => {
    const body = {
      type: "SpecificResource",
      source: { ...image("opening"), width: 4000, height: 3000 },
      selector: { type: "ImageApiSelector", region: "2000,0,2000,3000", rotation: "90" },
    };
    const [{ choices = [] } = {}] = paintingsOf(canvas({ body, target: on() }), [2000, 3000]).images;
    expect(choices).toMatchObject([{ part: [2000, 0, 2000, 3000], rotation: 90 }]);
    const share = { ...body, selector: { type: "ImageApiSelector", region: "pct:50,0,50,100" } };
    const [half] = paintingsOf(canvas({ body: share, target: on() }), [2000, 3000]).images;
    expect(half?.choices).toMatchObject([{ part: [2000, 0, 2000, 3000], rotation: null }]);
    const whole = { ...body, selector: { type: "ImageApiSelector", region: "full" } };
    const [all] = paintingsOf(canvas({ body: whole, target: on() }), [2000, 3000]).images;
    expect(all?.choices).toMatchObject([{ part: null }]);
  });

  it("knows a service that makes no sizes, and takes nonsense for nothing", () => {
    const service = [{ id: "https://museum.example/iiif/1/", type: "ImageService3", profile: "level0" }];
    const [still] = paintingsOf(canvas({ body: { ...image("a"), service }, target: on() }), null).images;
    expect(still?.choices).toMatchObject([
      { service: "https://museum.example/iiif/1", version: 3, isStill: true },
    ]);
    for (const body of [null, "text", 3, { type: "Choice" }, { type: "SpecificResource" }, [[]]])
      expect(paintingsOf(canvas({ body, target: on("#xywh=a,b") }), [1, 1]).images).toEqual([]);
    const [off] = paintingsOf(canvas({ body: image("a"), target: on("#xywh=900,900,5,5") }), [10, 10]).images;
    expect(off?.place).toBeNull();
  });
});
