import { expect, it } from "vitest";
import { HandClock, settled } from "./fixtures.ts";
import { IDLE_AFTER_MS, IDLE_POLL_MS, Listening, POLL_MS } from "./listening.ts";
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

it("hears within two seconds, however long nobody has done anything but sit there", async () => {
  expect(POLL_MS).toBeLessThan(2_000);
  const { at, pass, asked } = listening();
  at.stir();
  await at.poll();
  await pass(IDLE_AFTER_MS - 10 * POLL_MS);
  const before = asked();
  await pass(4 * POLL_MS);
  expect(asked()).toBe(before + 4);
});

it("asks less often of a page that nobody has touched for long, and at once when somebody does", async () => {
  const { at, pass, asked } = listening();
  at.stir();
  await at.poll();
  await pass(IDLE_AFTER_MS + 2 * IDLE_POLL_MS);
  const before = asked();
  await pass(2 * IDLE_POLL_MS);
  expect(asked()).toBe(before + 2);
  at.stir();
  await settled();
  expect(asked()).toBe(before + 3);
  await pass(2 * POLL_MS);
  expect(asked()).toBe(before + 5);
});
