import { describe, expect, it } from "vitest";
import { assignment } from "../core/fixtures.ts";
import type { SessionState } from "../core/sessionstate.ts";
import { around, context } from "./scene.ts";

const showing = (more: object) =>
  ({ assignment: assignment("a", { ...more }) }) as unknown as Pick<
    SessionState,
    "assignment"
  > as SessionState;

describe("a region that is there", () => {
  const { task } = assignment("a");
  const asked = { task: { ...task, region: [900, 100, 100, 200] as const } };

  it("is seen with what stands about it, within its canvas", () => {
    const session = showing({ ...asked, neighbours: [[10, 20, 30, 40]] });
    expect(around(session)).toEqual([850, 0, 150, 400]);
    expect(context(session)).toMatchObject([
      { box: [10, 20, 30, 40], line: "dotted", faint: true, locked: true },
    ]);
  });

  it("fills the view where it stands alone", () => {
    expect(around(showing({ ...asked, neighbours: [] }))).toBeNull();
    expect(context(showing(asked))).toEqual([]);
  });
});
