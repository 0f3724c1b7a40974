import { LitElement } from "lit";
import { customElement } from "lit/decorators.js";
import { beforeEach, describe, expect, it } from "vitest";
import type { ReviewItem } from "../core/contract.ts";
import { change, waysOf } from "../core/layers.ts";
import { en } from "../core/locale/en/index.ts";
import type { SessionState } from "../core/sessionstate.ts";
import type { StageShape } from "../viewer/stage.ts";
import { Layering } from "./layering.ts";
import {
  CONSENSUS,
  CONTEXT,
  layersOfReview,
  layersOfSitting,
  PEOPLE,
  SUGGESTIONS,
  shownThrough,
} from "./shown-through.ts";

@customElement("test-host")
class Host extends LitElement {
  readonly layering = new Layering(this);
}

const clef = { id: "f", label: "F clef" };
const item = (id: string, support: number): ReviewItem => ({
  id,
  box: [0, 0, 10, 10],
  concepts: [clef],
  votes: [],
  support,
  seen: 3,
  disagreement: 0,
  members: [{ annotation: `${id}-anna`, participant: "Anna", box: [1, 1, 9, 9], concepts: [clef] }],
});
const items = [item("one", 3), item("two", 1)];
const drawn: StageShape[] = items.flatMap(({ id }) => [
  { id: `${id}-anna`, box: [1, 1, 9, 9], colour: "anna", line: "dotted", ghost: true },
  { id, box: [0, 0, 10, 10], colour: "red", label: id },
]);
const added: StageShape = { id: "added", box: [5, 5, 9, 9], colour: "red" };

let layering: Layering;
const choose = (chosen: object) =>
  document
    .querySelector("test-host")
    ?.dispatchEvent(new CustomEvent("layers-choose", { detail: { chosen } }));

beforeEach(() => {
  const host = new Host();
  document.body.replaceChildren(host);
  layering = host.layering;
});

const through = (picked: string | null = null) =>
  shownThrough([...drawn, added], [PEOPLE, CONSENSUS], layering, { picked });
const ids = (shapes: readonly StageShape[]) => shapes.map(({ id }) => id);

describe("a review", () => {
  beforeEach(() => layering.take(layersOfReview(items, en), ["Zoe", "Anna"]));

  it("looks as ever until somebody chooses otherwise", () => {
    expect(through()).toEqual([...drawn, added]);
  });

  it("hides a layer, and what few agreed on, but never what is picked or added", () => {
    choose(change(change({}, PEOPLE, { shown: false }), CONSENSUS, { least: 0.5 }));
    expect(ids(through())).toEqual(["one", "added"]);
    expect(ids(through("two"))).toEqual(["one", "two", "added"]);
    layering.toggle();
    expect(ids(through())).toEqual(["added"]);
  });

  it("makes all of a layer fainter, but what is picked", () => {
    choose(change({}, CONSENSUS, { opacity: 0.3 }));
    const faint = (picked: string | null) => through(picked).filter(({ opacity }) => opacity === 0.3);
    expect(ids(faint(null))).toEqual(["one", "two"]);
    expect(ids(faint("two"))).toEqual(["one"]);
    expect(through()[1]).toMatchObject({ id: "one", colour: "red", label: "one" });
  });

  it("colours by agreement", () => {
    choose(change({}, CONSENSUS, { by: "agreement" }));
    const colours = through().filter(({ id }) => ["one", "two"].includes(id));
    expect(new Set(colours.map(({ colour }) => colour)).size).toBe(2);
    expect(colours.map(({ colour }) => colour)).not.toContain("red");
    expect(colours.map(({ label }) => label)).toEqual(["3/3 one", "1/3 two"]);
  });

  it("shows further layers below, to be looked at only", () => {
    const model = { id: "model", title: {}, shapes: [{ id: "m", box: [0, 0, 5, 5] as const, concepts: [] }] };
    layering.take([...layersOfReview(items, en), { ...model, usual: { shown: false } }]);
    expect(ids(through())).not.toContain("m");
    choose(change({}, "model", { shown: true }));
    expect(through()[0]).toMatchObject({ id: "m", ghost: true });
  });

  it("has the swatch of the colour that the page paints", () => {
    const inks = layering.layers.map((layer) => layering.signs.of(layer, null, "layer").ink);
    expect(inks[1]).toBe("vermilion");
  });

  it("names people in the order of the page", () => {
    const [people] = layering.layers;
    const shape = people?.shapes[0] ?? null;
    expect(people && layering.signs.of(people, shape, "person").letter).toBe("B");
  });
});

describe("a volunteer's sitting", () => {
  const session = (question: object): SessionState =>
    ({
      campaign: { question },
      assignment: {
        neighbours: [[1, 1, 5, 5]],
        predictions: [{ id: "p", box: [0, 0, 5, 5], concepts: [clef], confidence: 0.4 }],
      },
    }) as unknown as SessionState;

  it("has suggestions and what is around, and nothing that others said", () => {
    const layers = layersOfSitting(session({ draws: true }), en);
    expect(layers.map(({ kind }) => kind)).toEqual(["context", "predictions"]);
    expect(JSON.stringify(layers)).not.toMatch(/person|agreement/);
    expect(layers.map((layer) => waysOf(layer).includes("confidence"))).toEqual([false, true]);
  });

  it("keeps a suggestion dashed in whatever colour", () => {
    layering.take(layersOfSitting(session({ draws: true }), en));
    choose(change({}, SUGGESTIONS, { by: "layer" }));
    const shape: StageShape = { id: "p", box: [0, 0, 5, 5], colour: "pigment", line: "dashed" };
    const [shown] = shownThrough([shape], [CONTEXT, SUGGESTIONS], layering);
    expect(shown?.line).toBe("dashed");
    expect(shown?.colour).not.toBe("pigment");
  });

  it("hides suggestions that are not sure enough, and keeps the one that is picked", () => {
    layering.take(layersOfSitting(session({ draws: true }), en));
    const shape: StageShape = { id: "p", box: [0, 0, 5, 5], colour: "pigment", line: "dashed" };
    const through = (picked: string | null = null) =>
      shownThrough([shape], [CONTEXT, SUGGESTIONS], layering, { picked }).filter(({ id }) => id === "p");
    const set = (detail: object) =>
      document
        .querySelector("test-host")
        ?.dispatchEvent(new CustomEvent("layers-set", { detail: { id: SUGGESTIONS, ...detail } }));
    set({ least: 0.4, opacity: 0.5 });
    expect(through()).toMatchObject([{ opacity: 0.5 }]);
    expect(layering.leastOf(SUGGESTIONS)).toBe(0.4);
    set({ least: 0.41 });
    expect(through()).toEqual([]);
    expect(through("p")).toHaveLength(1);
    expect(layering.leastOf("elsewhere")).toBe(0);
  });

  it("has no switch for what is judged, and none without a task", () => {
    expect(layersOfSitting(session({ draws: true, judges: true }), en).map(({ kind }) => kind)).toEqual([
      "context",
    ]);
    expect(layersOfSitting({} as SessionState, en)).toEqual([]);
  });
});
