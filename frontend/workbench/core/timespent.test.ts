import { expect, it } from "vitest";
import { TimeSpent } from "./timespent.ts";

let now = 0;
const time = new TimeSpent({ now: () => now, after: () => () => undefined });

it("counts the time between signs of life, and no more than two minutes of a pause", () => {
  time.begin(30);
  now += 10_000;
  time.active();
  expect(time.seconds).toBe(40);
  now += 3_600_000;
  expect(time.isIdle).toBe(true);
  time.active();
  expect([time.seconds, time.isIdle]).toEqual([160, false]);
  time.begin(0);
  expect(time.seconds).toBe(0);
});
