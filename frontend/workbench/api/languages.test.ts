import { expect, it, vi } from "vitest";
import { textsFor } from "../core/locale/index.ts";

const half = vi.hoisted(() => ({ texts: { submit: "Envoyer" } as object }));
vi.mock("../core/locale/fr/index.ts", () => half);
const { LANGUAGES, languageComes } = await import("./languages.ts");

it("waits for a language once, and for none that is there or that nobody has translated", async () => {
  expect(LANGUAGES).toEqual(expect.arrayContaining(["en", "fr"]));
  for (const tag of ["en", "EN-gb", "tlh", "", "../secret"]) expect(languageComes(tag)).toBeNull();
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const coming = languageComes("fr-CA");
  await coming;
  expect(languageComes("fr")).toBeNull();
  expect([textsFor("fr").submit, textsFor("fr").skip]).toEqual(["Envoyer", textsFor("en").skip]);
  // Whoever translates is told what is still said in English.
  expect(warn).toHaveBeenCalledOnce();
  expect(warn.mock.lastCall?.[0]).toMatch(/“fr” lacks: .*\bskip\b/);
  expect(warn.mock.lastCall?.[0]).not.toMatch(/\bsubmit\b/);
});

it("keeps nobody waiting for a language that does not come", async () => {
  vi.resetModules();
  vi.useFakeTimers();
  vi.doMock("../core/locale/fr/index.ts", () => new Promise(() => undefined));
  const again = await import("./languages.ts");
  const coming = again.languageComes("fr");
  expect(coming).not.toBeNull();
  await vi.advanceTimersByTimeAsync(5_000);
  await coming;
  expect(again.languageComes("fr")).toBeNull();
  vi.useRealTimers();
});
