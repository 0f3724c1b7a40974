import { describe, expect, it } from "vitest";
import { isRewritable, saidIn, written } from "./annotating.ts";
import { SIZE, WHERE } from "./shared.fixtures.ts";
import type { Document, Said, Standing } from "./shared.ts";

const TERM = { id: "1", uri: "https://example.org/clef", label: "clef" };
const BOX: Said = { box: [1, 2, 3, 4], concepts: [TERM], text: "worn" };

const standing = (document: Document, more: Partial<Standing> = {}): Standing => ({
  ...{ id: "a", revision: 1, stands: true, document, box: [1, 2, 3, 4], points: [], concepts: [TERM] },
  ...{ mine: true, by: null },
  ...more,
});

describe("a new annotation", () => {
  it("is written as the server writes its own", () => {
    expect(written(BOX, null, null, WHERE)).toEqual({
      "@context": "http://www.w3.org/ns/anno.jsonld",
      type: "Annotation",
      motivation: "tagging",
      body: [
        { type: "SpecificResource", source: TERM.uri, purpose: "classifying" },
        { type: "TextualBody", value: "clef", format: "text/plain", language: "en", purpose: "tagging" },
        { type: "TextualBody", value: "worn", format: "text/plain", language: "en", purpose: "commenting" },
      ],
      target: {
        type: "SpecificResource",
        source: { id: WHERE.canvas, type: "Canvas", partOf: [{ id: WHERE.manifest, type: "Manifest" }] },
        selector: {
          type: "FragmentSelector",
          conformsTo: "http://www.w3.org/TR/media-frags/",
          value: "xywh=1,2,3,4",
        },
      },
    });
  });

  it("of an outline has its box besides, of a point only the point", () => {
    const points = [
      [0, 0],
      [10, 0],
      [10, 10],
    ] as const;
    const outline = written({ box: [0, 0, 10, 10], points, concepts: [], text: "" }, null, null, WHERE);
    expect(outline).not.toHaveProperty("body");
    expect(outline.motivation).toBe("highlighting");
    expect((outline.target as { selector: { value: string }[] }).selector.map(({ value }) => value)).toEqual([
      "xywh=0,0,10,10",
      '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0,0 L10,0 L10,10 Z"/></svg>',
    ]);
    const point = written({ box: [0, 0, 9, 9], points: [[4, 5]], concepts: [], text: "" }, null, null, WHERE);
    expect(point.target).toMatchObject({ selector: { type: "PointSelector", x: 4, y: 5 } });
  });
});

describe("a changed annotation", () => {
  const document: Document = {
    ...written(BOX, null, null, WHERE),
    creator: "https://example.org/me",
    "https://example.org/own": 7,
    body: [
      ...(written(BOX, null, null, WHERE).body as object[]),
      { type: "Choice", items: ["https://example.org/1"] },
      { type: "TextualBody", value: "<b>bold</b>", format: "text/html", purpose: "commenting" },
    ],
  };
  const before = saidIn(standing(document), SIZE);

  it("is read again as it was written", () => {
    expect(before).toEqual(BOX);
  });

  it("keeps everything but its place when it is moved", () => {
    const moved = written({ ...BOX, box: [9, 9, 3, 4] }, document, before, WHERE);
    expect({ ...moved, target: null }).toEqual({ ...document, target: null });
    expect(moved.target).toMatchObject({ selector: { value: "xywh=9,9,3,4" } });
  });

  it("keeps the bodies that it does not know when it gets other labels or words", () => {
    const other = { id: "2", uri: "https://example.org/rest", label: "rest" };
    const now = written({ ...BOX, concepts: [other], text: "" }, document, before, WHERE);
    expect(now.target).toEqual(document.target);
    expect(
      (now.body as { type: string; source?: string; value?: string }[]).map(
        (one) => one.source ?? one.value ?? one.type,
      ),
    ).toEqual([other.uri, "rest", "Choice", "<b>bold</b>"]);
    expect(now).toMatchObject({
      creator: document.creator,
      "https://example.org/own": 7,
      motivation: "tagging",
    });
  });

  it("keeps a motivation that is not ours", () => {
    const described = { ...document, motivation: ["describing"] };
    expect(written({ ...BOX, text: "new" }, described, before, WHERE).motivation).toEqual(["describing"]);
  });
});

describe("what can be written anew", () => {
  it.each([
    [true, "https://example.org/c#xywh=1,2,3,4"],
    [true, { source: "https://example.org/c", selector: { type: "FragmentSelector" } }],
    [
      true,
      {
        type: "SpecificResource",
        source: { id: "https://example.org/c" },
        selector: [{ type: "SvgSelector" }],
      },
    ],
    [false, "https://example.org/other#xywh=1,2,3,4"],
    [false, ["https://example.org/c"]],
    [false, { source: "https://example.org/c", styleClass: "red" }],
    [false, { source: "https://example.org/c", selector: { type: "RangeSelector" } }],
    [false, { source: "https://example.org/c", selector: { type: "FragmentSelector", refinedBy: {} } }],
    [false, { id: "https://example.org/c" }],
    [false, undefined],
  ])("%s: %j", (expected, target) => {
    expect(isRewritable({ target }, WHERE.canvas)).toBe(expected);
  });
});

it("reads a point, an outline and what speaks of the whole", () => {
  const point = standing({}, { box: null, points: [[100, 200]], concepts: [] });
  expect(saidIn(point, SIZE)?.points).toEqual([[100, 200]]);
  expect(saidIn(standing({}, { box: null, points: [] }), SIZE)).toBeNull();
});
