import { expect, it, vi } from "vitest";
import type { Lexicon } from "../core/lexicon.ts";
import { Lexicons } from "./lexicons.ts";

it("opens the labels of each step once, and shows those of the step that was asked for last", async () => {
  const shown: string[] = [];
  const waiting = new Map<string, () => void>();
  const lexicons = new Lexicons((lexicon) => shown.push((lexicon as unknown as { name: string }).name));
  await lexicons.use("early");
  expect(shown).toEqual([]);
  const find = vi.fn(
    (name: string) =>
      ({ name, open: () => new Promise<void>((done) => waiting.set(name, done)) }) as unknown as Lexicon,
  );
  lexicons.begin(find);
  const first = lexicons.use("slow");
  const second = lexicons.use("quick");
  waiting.get("quick")?.();
  await second;
  waiting.get("slow")?.();
  await first;
  expect(shown).toEqual(["quick"]);
  await lexicons.use("slow");
  expect([shown, lexicons.at]).toEqual([["quick", "slow"], "slow"]);
  expect(find).toHaveBeenCalledTimes(2);
});

it("shows labels that could not be opened: their field says why", async () => {
  const shown = vi.fn();
  const lexicons = new Lexicons(shown);
  lexicons.begin(() => ({ open: () => Promise.reject(new Error("offline")) }) as unknown as Lexicon);
  await lexicons.use("");
  expect(shown).toHaveBeenCalledOnce();
});
