import { describe, expect, it } from "vitest";
import type { Prediction } from "./contract.ts";
import { addShape, BLANK, changeShape, copyShapes, fromOwn, sayCertainty, toContribution } from "./draft.ts";
import { assignment, HandClock, owned, PretendServer, settled, world } from "./fixtures.ts";
import { MemoryShelf } from "./ports.ts";
import { Session } from "./session.ts";
import { freshOf, untilFound } from "./similar.ts";

const F = { id: "F", label: "F clef" };
const ABOUT = { id: "c", timeSpentS: 1, locale: "en", device: "desktop" } as const;
const found = (id: string, box: Prediction["box"]): Prediction => ({
  id,
  box,
  concepts: [F],
  confidence: 0.8,
});

describe("copying from the image before", () => {
  const before = addShape(addShape(BLANK, "a", [10, 20, 30, 40], [F]), "b", [100, 100, 10, 10], []);
  let count = 0;
  const ids = () => `new-${++count}`;

  it("keeps the place relative to the canvas, and says where shapes come from", () => {
    const now = copyShapes(
      BLANK,
      sayCertainty(before, "a", "sure"),
      [
        [100, 200],
        [200, 100],
      ],
      ids,
    );
    expect(
      now.shapes.map(({ box, origin, prediction, concepts }) => ({ box, origin, prediction, concepts })),
    ).toEqual([
      { box: [20, 10, 60, 20], origin: "copied", prediction: null, concepts: [F] },
      { box: [200, 50, 20, 5], origin: "copied", prediction: null, concepts: [] },
    ]);
    expect(now.shapes.every((shape) => shape.certainty === undefined && shape.id.startsWith("new-"))).toBe(
      true,
    );
  });

  it("is done once, however often it is asked for", () => {
    const sizes = [
      [100, 200],
      [100, 200],
    ] as const;
    const once = copyShapes(BLANK, before, sizes, ids);
    expect(copyShapes(once, before, sizes, ids)).toBe(once);
  });

  it("is forgotten by a shape that is moved, and kept by one that is only named", () => {
    const [a] = copyShapes(
      BLANK,
      before,
      [
        [1, 1],
        [1, 1],
      ],
      ids,
    ).shapes;
    const answer = { ...BLANK, shapes: a ? [a] : [] };
    expect(changeShape(answer, a?.id ?? "", { concepts: [] }).shapes[0]?.origin).toBe("copied");
    expect(changeShape(answer, a?.id ?? "", { box: [1, 1, 5, 5] }).shapes[0]?.origin).toBe("drawn");
  });

  it("finds the last image of the same source, here or on the server", async () => {
    const manifest = { id: "m", label: {}, rights: null, required_statement: null };
    const on = (id: string, of = manifest) => {
      const given = assignment(id);
      return { ...given, task: { ...given.task, canvas: { ...given.task.canvas, manifest: of } } };
    };
    const server = new PretendServer([on("one"), on("two"), on("other", { ...manifest, id: "n" })]);
    const sit = () =>
      new Session(
        world(server, new MemoryShelf()),
        { campaign: "c", person: "p", locale: "en", device: "desktop" },
        () => undefined,
      );
    const session = sit();
    await session.start();
    expect(await session.past.lastBeside(on("one"))).toBeNull();
    session.change((now) => addShape(now, "a", [1, 2, 3, 4], [F]));
    await session.submit();
    await settled();
    expect((await session.past.lastBeside(on("two")))?.answer.shapes).toHaveLength(1);
    expect(await session.past.lastBeside(on("other", { ...manifest, id: "n" }))).toBeNull();
    const [said] = server.received;
    if (said) server.owned.set(said.id, owned(said, { assignment: on("one") }));
    expect((await sit().past.lastBeside(on("two")))?.assignment.id).toBe("one");
  });
});

describe("how sure one is", () => {
  it("is sent with the shape, and comes back", () => {
    const drawn = addShape(BLANK, "a", [1, 2, 3, 4], [F]);
    const said = toContribution(sayCertainty(drawn, "a", "unsure"), assignment("x"), ABOUT);
    expect(said.shapes[0]?.certainty).toBe("unsure");
    expect(fromOwn(owned(said)).shapes[0]?.certainty).toBe("unsure");
    expect(sayCertainty(sayCertainty(drawn, "a", "sure"), "a", null)).toEqual(drawn);
    expect("certainty" in (toContribution(drawn, assignment("x"), ABOUT).shapes[0] ?? {})).toBe(false);
  });

  it("of labels of the whole image goes with them", () => {
    const tagged = sayCertainty({ ...BLANK, concepts: [F] }, null, "likely");
    expect(toContribution(tagged, assignment("x"), ABOUT).certainty).toBe("likely");
    expect("certainty" in toContribution({ ...tagged, concepts: [] }, assignment("x"), ABOUT)).toBe(false);
  });
});

describe("finding more", () => {
  it("keeps what is neither drawn nor suggested", () => {
    const answer = addShape(BLANK, "a", [0, 0, 10, 10], [F]);
    const known = [found("p", [100, 100, 10, 10])];
    const all = [
      found("q", [1, 1, 10, 10]),
      found("r", [101, 100, 10, 10]),
      found("p", [300, 0, 5, 5]),
      found("s", [50, 50, 10, 10]),
    ];
    expect(freshOf(all, answer, known).map(({ id }) => id)).toEqual(["s"]);
  });

  it("looks until it is over, and no longer than it is wanted", async () => {
    const states = ["queued", "running", "done"];
    const told = (state: string) => ({ state, detail: "", predictions: [] });
    const clock = new HandClock();
    let looks = 0;
    let wanted = true;
    const look = async () => told(states[++looks] ?? "done");
    const first = untilFound(told("queued"), look, clock, () => wanted);
    await clock.wind(300);
    await clock.wind(500);
    expect((await first)?.state).toBe("done");
    expect(looks).toBe(2);
    const given = untilFound(told("queued"), look, clock, () => wanted);
    wanted = false;
    await clock.wind(300);
    expect(await given).toBeNull();
    expect(looks).toBe(2);
  });
});
