import { describe, expect, it } from "vitest";
import {
  type Chosen,
  change,
  isOnly,
  type Layer,
  type LayerShape,
  legendOf,
  measureOf,
  only,
  paintedOf,
  passing,
  remembered,
  Signs,
  settingsOf,
  shareText,
  waysOf,
  written,
} from "./layers.ts";
import { letterOf, RAMP, stepOf } from "./pigments.ts";

const clef = { id: "f", label: "F clef" };
const other = { id: "c", label: "C clef" };
const shape = (id: string, more: Partial<LayerShape> = {}): LayerShape => ({
  id,
  box: [0, 0, 10, 10],
  concepts: [clef],
  ...more,
});
const predictions: Layer = {
  id: "model",
  title: { en: "Model" },
  kind: "predictions",
  shapes: [
    shape("p1", { confidence: 0.9 }),
    shape("p2", { confidence: 0.35, concepts: [other] }),
    shape("p3", { confidence: 0.6 }),
    shape("p4", { confidence: null }),
  ],
};
const people: Layer = {
  id: "people",
  title: { en: "People" },
  kind: "contributions",
  shapes: [shape("a1", { person: "Anna" }), shape("b1", { person: "Bo", box: null })],
};
const consensus: Layer = {
  id: "merged",
  title: { en: "Consensus" },
  kind: "consensus",
  shapes: [shape("m1", { agreement: { share: 2 / 3, support: 2, seen: 3 }, confidence: 0.2 })],
};

const painted = (layers: readonly Layer[], chosen: Chosen = {}) => paintedOf(new Signs(layers), chosen);

describe("what is shown", () => {
  it("offers only the ways and thresholds that the shapes know of", () => {
    expect(waysOf(people)).toEqual(["layer", "concept", "person"]);
    expect(waysOf(predictions)).toEqual(["layer", "concept", "confidence"]);
    expect(waysOf({ ...people, shapes: [] })).toEqual(["layer"]);
    expect([people, predictions, consensus].map(measureOf)).toEqual([null, "confidence", "agreement"]);
  });

  it("leaves out what is below the threshold, keeps the threshold itself and what has no number", () => {
    const ids = (least: number) => passing(predictions, { least }).map(({ id }) => id);
    expect(ids(0)).toHaveLength(4);
    expect(ids(0.6)).toEqual(["p1", "p3", "p4"]);
    expect(ids(1)).toEqual(["p4"]);
    // A step of the slider that no binary number meets exactly.
    expect(
      passing({ ...predictions, shapes: [shape("x", { confidence: 0.1 + 0.2 })] }, { least: 0.3 }),
    ).toHaveLength(1);
  });

  it("forgets a choice that a layer cannot follow", () => {
    const chosen: Chosen = { people: { by: "confidence", least: 0.9 } };
    const settings = settingsOf(people, chosen, [people, predictions]);
    expect(settings).toEqual({ shown: true, by: "layer", least: 0, opacity: 1 });
  });

  it("colours a single layer by concept, several by layer", () => {
    expect(settingsOf(people, {}, [people]).by).toBe("concept");
    expect(settingsOf(people, {}, [people, consensus]).by).toBe("layer");
  });

  it("hides a layer, shows only one, and all again", () => {
    const layers = [predictions, people, consensus];
    expect(painted(layers, change({}, "model", { shown: false })).map(({ id }) => id)).toEqual(["a1", "m1"]);
    const one = only({ people: { by: "person" } }, layers, "people");
    expect(isOnly(one, layers, "people")).toBe(true);
    expect(painted(layers, one).map(({ id }) => id)).toEqual(["a1"]);
    expect(one.people).toEqual({ by: "person", shown: true });
    expect(painted(layers, only(one, layers, "people"))).toHaveLength(6);
  });

  it("paints nothing for what is said of the whole canvas", () => {
    expect(painted([people]).map(({ id }) => id)).toEqual(["a1"]);
  });
});

describe("signs", () => {
  it("gives the same concept the same sign in every layer, the commonest first", () => {
    const chosen = { model: { by: "concept" }, people: { by: "concept" } } as const;
    const colours = Object.fromEntries(
      painted([predictions, people], chosen).map(({ id, colour }) => [id, colour]),
    );
    expect(colours.p1).toBe(colours.a1);
    expect(colours.p2).not.toBe(colours.p1);
  });

  it("names layers and people by a letter, shares by their number", () => {
    const labels = (layers: readonly Layer[], chosen: Chosen = {}) =>
      painted(layers, chosen).map(({ label }) => label);
    expect(labels([people, consensus])).toEqual(["A F clef", "B F clef"]);
    expect(labels([people])).toEqual(["F clef"]);
    expect(labels([people], { people: { by: "person" } })).toEqual(["A F clef"]);
    expect(labels([predictions], { model: { by: "confidence" } })[0]).toBe("90\u202f% F clef");
    expect(labels([consensus], { merged: { by: "agreement" } })).toEqual(["2/3 F clef"]);
    expect(shareText(shape("x", { agreement: { share: 0.5 } }), "agreement")).toBe("50\u202f%");
  });

  it("marks what says nothing of the colour's meaning apart", () => {
    const silent = painted([predictions], { model: { by: "confidence" } })[3];
    expect(silent).toMatchObject({ id: "p4", line: "dotted", label: "F clef" });
  });

  it("makes every step of the ramp darker than the one before", () => {
    const light = RAMP.map(({ colour }) => {
      const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
      return 0.2126 * r ** 2.2 + 0.7152 * g ** 2.2 + 0.0722 * b ** 2.2;
    });
    for (let step = 1; step < light.length; step++)
      expect(light[step]).toBeLessThan((light[step - 1] ?? 0) * 0.85);
    expect([0, 0.19, 0.2, 0.99, 1, 7].map((share) => stepOf(share).step)).toEqual([0, 0, 1, 4, 4, 4]);
  });

  it("never gives a letter twice", () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(letterOf)).toEqual(["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    expect(new Set(Array.from({ length: 2000 }, (_, index) => letterOf(index))).size).toBe(2000);
  });
});

const ALL = { shown: true, least: 0, opacity: 1 } as const;

it("explains its colours, the most frequent first and the silent last", () => {
  const signs = new Signs([predictions]);
  const entries = legendOf(signs, predictions, { ...ALL, by: "concept" });
  expect(entries.map(({ name, count }) => [name, count])).toEqual([
    ["F clef", 3],
    ["C clef", 1],
  ]);
  const shares = legendOf(signs, predictions, { ...ALL, by: "confidence", least: 0.5 });
  expect(shares.map(({ range, count }) => [range?.[0], count])).toEqual([
    [0.8, 1],
    [0.6, 1],
    [undefined, 1],
  ]);
  expect(legendOf(signs, predictions, { ...ALL, by: "layer" })).toEqual([]);
});

it("paints a layer as faint as was chosen, and leaves the others as they are", () => {
  const layers = [people, predictions];
  const of = (chosen: Chosen) => paintedOf(new Signs(layers), chosen);
  const faint = of(change({}, predictions.id, { opacity: 0.4 }));
  expect(new Set(faint.map(({ layer, opacity }) => `${layer} ${opacity}`))).toEqual(
    new Set([`${people.id} undefined`, `${predictions.id} 0.4`]),
  );
  expect(of({})).toEqual(faint.map(({ opacity: _gone, ...shape }) => shape));
});

it("remembers choices, and nothing that is none", () => {
  const chosen: Chosen = { a: { shown: false, by: "person", least: 0.4, opacity: 0.3 } };
  expect(remembered(written(chosen))).toEqual(chosen);
  const wrong = '{"a":{"shown":"no","by":"weight","least":7,"opacity":0.01},"b":3,"c":{"least":0.1}}';
  expect(remembered(wrong)).toEqual({ a: {}, b: {}, c: { least: 0.1 } });
  for (const text of [null, "", "nonsense", "[1]", "7", "null"]) expect(remembered(text)).toEqual({});
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`l${index}`, { least: 0 }]));
  expect(Object.keys(remembered(written(many)))).toHaveLength(200);
  expect(remembered(written(many)).l499).toEqual({ least: 0 });
});
