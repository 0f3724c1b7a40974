import { describe, expect, it } from "vitest";
import type { Prediction } from "./contract.ts";
import { BLANK, obstacle } from "./draft.ts";
import { accept, correct, judged, reject, surroundings, unjudge } from "./judging.ts";

const G = { id: "g", label: "G clef" };
const F = { id: "f", label: "F clef" };
const SHOWN: Prediction = { id: "p", box: [10, 20, 30, 40], concepts: [G], confidence: 0.4 };

describe("judging", () => {
  it("accepts as shown, rejects by name, and each takes the other's place", () => {
    const yes = accept(BLANK, SHOWN, "s");
    expect(yes.shapes).toEqual([
      { id: "s", box: SHOWN.box, concepts: [G], origin: "accepted", prediction: "p" },
    ]);
    const no = reject(yes, SHOWN);
    expect([no.shapes, no.rejected, no.nothingHere]).toEqual([[], ["p"], true]);
    const again = accept(no, SHOWN, "s");
    expect([judged(again), again.rejected, again.nothingHere]).toEqual(["accepted", [], false]);
    expect(judged(unjudge(again))).toBe("open");
  });

  it("says the same only once, so that undo has no empty steps", () => {
    const yes = accept(BLANK, SHOWN, "s");
    expect(accept(yes, SHOWN, "t")).toBe(yes);
    const no = reject(BLANK, SHOWN);
    expect(reject(no, SHOWN)).toBe(no);
    expect(unjudge(BLANK)).toBe(BLANK);
  });

  it("corrects place and labels, keeping the other and the id", () => {
    const moved = correct(BLANK, SHOWN, "s", { box: [11, 20, 30, 40] });
    const named = correct(moved, SHOWN, "t", { concepts: [F] });
    expect(named.shapes).toEqual([
      { id: "s", box: [11, 20, 30, 40], concepts: [F], origin: "edited", prediction: "p" },
    ]);
    expect(judged(correct(reject(BLANK, SHOWN), SHOWN, "s", { concepts: [F] }))).toBe("edited");
  });

  it("counts what was put back as accepted", () => {
    const moved = correct(BLANK, SHOWN, "s", { box: [11, 20, 30, 40] });
    const back = correct(moved, SHOWN, "s", { box: [10, 20, 30, 40] });
    expect(judged(back)).toBe("accepted");
    expect(correct(BLANK, SHOWN, "s", { box: [10, 20, 30, 40] })).toBe(BLANK);
  });

  it("is shown with what stands around it, as far as there is an image", () => {
    expect(surroundings([100, 100, 40, 20], [1000, 800])).toEqual([70, 70, 100, 80]);
    expect(surroundings([0, 790, 40, 10], [1000, 800])).toEqual([0, 760, 70, 40]);
  });

  it("may be handed in once something is said, a correction with its label", () => {
    const question = { draws: true, judges: true, required_label: true };
    const bare = { ...SHOWN, concepts: [] };
    expect(obstacle(BLANK, question)).toBe("no-answer");
    expect(obstacle(reject(BLANK, SHOWN), question)).toBeNull();
    expect(obstacle(accept(BLANK, bare, "s"), question)).toBeNull();
    expect(obstacle(correct(BLANK, bare, "s", { box: [11, 20, 30, 40] }), question)).toBe("no-label");
  });
});
