import { expect, it } from "vitest";
import { HandClock } from "./fixtures.ts";
import { Listening, POLL_MS } from "./listening.ts";
import type { News } from "./shared.ts";

const NEWS: News = { cursor: "1", whole: true, changes: [], present: [], may_write: true, may_manage: true };

function listening() {
  const clock = new HandClock();
  let asked = 0;
  const server = {
    news: async () => {
      asked++;
      return NEWS;
    },
    leave: () => undefined,
  };
  const at = new Listening(clock, server, {
    holds: () => null,
    heard: () => undefined,
    lost: () => undefined,
  });
  return { at, asked: () => asked, pass: (ms: number) => clock.wind(ms) };
}

it("hears within two seconds, however long nothing has happened there", async () => {
  expect(POLL_MS).toBeLessThan(2_000);
  const { at, pass, asked } = listening();
  await at.poll();
  await pass(3_600_000);
  const before = asked();
  await pass(4 * POLL_MS);
  expect(asked()).toBe(before + 4);
});
