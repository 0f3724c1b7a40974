import { expect, it } from "vitest";
import type { ReviewItem } from "./contract.ts";
import * as rulings from "./rulings.ts";

const G = { id: "g", label: "G clef" };
const F = { id: "f", label: "F clef" };
const item = (id: string): ReviewItem => ({
  id,
  box: [1, 2, 30, 40],
  concepts: [G],
  votes: [],
  support: 2,
  seen: 3,
  disagreement: 0.3,
  members: [],
});
const [one, two] = [item("one"), item("two")];

it("accepts, rejects, and knows what is still open", () => {
  const now = rulings.reject(rulings.accept({}, one), two);
  expect(now.one?.verdict).toBe("accepted");
  expect(now.two?.verdict).toBe("rejected");
  expect(rulings.undecided(rulings.accept({}, one), [one, two])).toEqual([two]);
  expect(rulings.acceptRest(now, [one, two])).toEqual(now);
});

it("calls a change a correction, and a change taken back an acceptance", () => {
  const changed = rulings.correct({}, one, { box: [1, 2, 31, 40] });
  expect(changed.one).toMatchObject({ verdict: "corrected", box: [1, 2, 31, 40], concepts: [G] });
  const labelled = rulings.correct(changed, one, { concepts: [F] });
  expect(labelled.one).toMatchObject({ verdict: "corrected", box: [1, 2, 31, 40], concepts: [F] });
  const back = rulings.correct(rulings.correct(labelled, one, { concepts: [G] }), one, {
    box: [1, 2, 30, 40],
  });
  expect(back.one?.verdict).toBe("accepted");
});

it("posts items by id, and added boxes without one", () => {
  const now = rulings.amend(rulings.add(rulings.accept({}, one), "new", [5, 5, 5, 5], [F]), "new", {
    reason: "missed",
  });
  expect(rulings.toDecision("d", "t", [one], now)).toEqual({
    id: "d",
    task: "t",
    items: [
      { id: "one", verdict: "accepted", box: [1, 2, 30, 40], concepts: ["g"], reason: "" },
      { id: null, verdict: "added", box: [5, 5, 5, 5], concepts: ["f"], reason: "missed" },
    ],
  });
  expect(rulings.addedIn(rulings.withdraw(now, "new"))).toEqual([]);
});
