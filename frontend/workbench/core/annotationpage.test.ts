import { describe, expect, it } from "vitest";
import { type Ground, readPage } from "./annotationpage.ts";

const C = "https://a.org/c";
const ground: Ground = { uri: C, size: [1000, 800], others: new Set(["https://a.org/other"]), lang: "fr" };
const read = (...items: object[]) => readPage({ type: "AnnotationPage", items }, "p", ground).shapes;
const on = (target: unknown, more: object = {}) => read({ id: "a", type: "Annotation", target, ...more })[0];

describe("where", () => {
  const svg = { type: "SvgSelector", value: '<svg><polygon points="10,10 60,10 60,40"/></svg>' };
  const box = { type: "FragmentSelector", value: "xywh=10,10,50,30" };
  const at = (selector: unknown) =>
    on({ type: "SpecificResource", source: { id: C, type: "Canvas" }, selector });

  it("reads boxes, outlines and points", () => {
    expect(on(`${C}#xywh=10,10,50,30`)?.box).toEqual([10, 10, 50, 30]);
    expect(on({ id: `${C}#xywh=percent:10,10,50,50`, type: "Canvas" })?.box).toEqual([100, 80, 500, 400]);
    expect(at(box)?.box).toEqual([10, 10, 50, 30]);
    expect(at({ type: "PointSelector", x: 5, y: 6 })?.points).toEqual([[5, 6]]);
    for (const both of [svg, [box, svg], { "@type": "oa:Choice", default: box, item: svg }]) {
      expect(at(both)).toMatchObject({ box: [10, 10, 50, 30], points: [[10, 10], [60, 10], [60, 40]] }); // biome-ignore format: one place
    }
  });

  it("takes several outlines as the box around them, and a broken one as the whole canvas", () => {
    const two = { type: "SvgSelector", value: '<svg><path d="M1 1H9V9z M50 50h9v9z"/></svg>' };
    expect(at(two)).toMatchObject({ box: [1, 1, 58, 58] });
    expect(at(two)?.points).toBeUndefined();
    expect(at({ type: "SvgSelector", value: "<svg>" })?.box).toBeNull();
    expect(at({ type: "FragmentSelector", value: "t=5,10" })?.box).toBeNull();
  });

  it("keeps boxes on the canvas, and leaves other canvases to themselves", () => {
    expect(on(`${C}#xywh=990,790,50,50`)?.box).toEqual([990, 790, 10, 10]);
    expect(read({ target: "https://a.org/other#xywh=1,1,5,5" })).toEqual([]);
    expect(on("http://a.org/c/#xywh=1,1,5,5")?.box).toEqual([1, 1, 5, 5]);
    expect(on(["https://a.org/other", `${C}#xywh=1,1,5,5`])?.box).toEqual([1, 1, 5, 5]);
  });
});

describe("what", () => {
  const tag = (value: string, more = {}) => ({ type: "TextualBody", value, purpose: "tagging", ...more });

  it("names a concept by the label that stands behind it", () => {
    const body = [
      { type: "SpecificResource", source: "https://v.org/f", purpose: "classifying" },
      tag("F clef"),
    ];
    expect(on(C, { body })?.concepts).toEqual([{ id: "https://v.org/f", label: "F clef" }]);
    expect(on(C, { body: body[0] })?.concepts).toEqual([{ id: "https://v.org/f", label: "f" }]);
    expect(on(C, { body: [body[0], body[1], tag("blue")] })?.concepts).toHaveLength(2);
  });

  it("reads remarks as text, without markup, in the reader's language where there is a choice", () => {
    const remark = { type: "TextualBody", value: "<p>a &amp; b<script>x</script></p>", format: "text/html" };
    expect(on(C, { body: remark })?.text).toBe("a & b x");
    const items = [
      { type: "TextualBody", value: "hello", language: "en" },
      { type: "TextualBody", value: "bonjour", language: "fr" },
    ];
    expect(on(C, { body: { type: "Choice", items } })?.text).toBe("bonjour");
    expect(on(C, { bodyValue: "plain" })?.text).toBe("plain");
    expect(on(C, { body: { type: "TextualBody", value: "x".repeat(900) } })?.text).toHaveLength(400);
  });

  it("knows what our own documents say besides", () => {
    const more = {
      creator: { type: "Person", nickname: "Heron 7" },
      "rubricator:confidence": 0.8,
      "rubricator:support": 0.5,
    };
    expect(on(C, more)).toMatchObject({ person: "Heron 7", confidence: 0.8, agreement: { share: 0.5 } });
    const odd = {
      creator: { type: "Software", name: "m" },
      "rubricator:confidence": "high",
      "rubricator:support": 3,
    };
    const shape = on(C, odd);
    expect([shape?.person, shape?.confidence, shape?.agreement]).toEqual([undefined, undefined, undefined]);
  });
});

it("reads lists of version 2 and bare arrays", () => {
  const annotation = {
    "@type": "oa:Annotation",
    motivation: ["oa:commenting", "oa:tagging"],
    resource: [
      { "@type": "dctypes:Text", chars: "a remark" },
      { "@type": "oa:Tag", chars: "clef" },
    ],
    on: {
      "@type": "oa:SpecificResource",
      full: C,
      selector: { "@type": "oa:FragmentSelector", value: "xywh=1,2,3,4" },
    },
  };
  for (const document of [{ "@type": "sc:AnnotationList", resources: [annotation] }, [annotation]]) {
    const { shapes } = readPage(document, "list", ground);
    expect(shapes).toEqual([
      { id: "list#0", box: [1, 2, 3, 4], concepts: [{ id: "tag clef", label: "clef" }], text: "a remark" },
    ]);
  }
});

it("says which collection and which page come with it, and refuses what is no page", () => {
  const label = { en: ["Consensus"] };
  const page = { id: "p1", type: "AnnotationPage", items: [], next: "p2", partOf: { id: "col", label } };
  expect(readPage(page, "p", ground)).toEqual({ shapes: [], label, collection: "col", next: "p2" });
  expect(readPage({ type: "AnnotationCollection", first: page }, "p", ground).next).toBe("p2");
  for (const wrong of [null, 3, "x", {}, { items: {} }, { type: "Manifest" }]) {
    expect(() => readPage(wrong, "p", ground)).toThrow(TypeError);
  }
});
