import { expect, it } from "vitest";
import { assignment, PretendServer } from "../core/fixtures.ts";
import { previewWorld, shownFrom } from "./preview.ts";

const samples = [assignment("a"), assignment("b")];

it("goes round the campaign's tasks and leaves the server alone", async () => {
  const real = new PretendServer([assignment("leased")]);
  const { server } = previewWorld(real, async (position) => ({
    task: samples[position]?.task ?? null,
    predictions: [],
  }));
  const shown: (string | undefined)[] = [];
  for (let round = 0; round < 4; round++) {
    const { assignment: given } = await server.claim({ resume: true });
    shown.push(given?.task.id);
    if (given) await server.skip(given.id);
  }
  expect(shown).toEqual(["task-a", "task-b", "task-a", "task-b"]);
  expect(real.calls).toEqual([]);
});

it("says that there is nothing to show in an empty campaign", async () => {
  const { server } = previewWorld(new PretendServer([]), async () => ({ task: null, predictions: [] }));
  expect(await server.claim({ resume: true })).toMatchObject({ assignment: null, reason: "nothing_left" });
});

it("shows the tasks a page brought along, each time under another lease", async () => {
  const { server } = previewWorld(new PretendServer([]), shownFrom(samples));
  const [first, , third] = [
    await server.claim({ resume: true }),
    await server.claim({ resume: false }),
    await server.claim({ resume: false }),
  ];
  expect(third.assignment?.task.id).toBe("task-a");
  expect(third.assignment?.id).not.toBe(first.assignment?.id);
});
