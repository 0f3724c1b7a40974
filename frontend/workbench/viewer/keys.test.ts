import { expect, it } from "vitest";
import { commandOf, type Key } from "./keys.ts";

const key = (name: string, more: Partial<Key> = {}): Key => ({
  key: name,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...more,
});

it("moves by arrows and sizes by arrows with Alt or Ctrl, by ten with Shift", () => {
  expect(commandOf(key("ArrowLeft"))).toEqual({ kind: "nudge", dx: -1, dy: 0 });
  expect(commandOf(key("ArrowDown", { shiftKey: true }))).toEqual({ kind: "nudge", dx: 0, dy: 10 });
  expect(commandOf(key("ArrowRight", { altKey: true }))).toEqual({ kind: "grow", dx: 1, dy: 0 });
  expect(commandOf(key("ArrowUp", { ctrlKey: true, shiftKey: true }))).toEqual({
    kind: "grow",
    dx: 0,
    dy: -10,
  });
});

it("undoes and redoes as every system does", () => {
  expect(commandOf(key("z", { ctrlKey: true }))).toEqual({ kind: "undo" });
  expect(commandOf(key("Z", { metaKey: true, shiftKey: true }))).toEqual({ kind: "redo" });
  expect(commandOf(key("y", { ctrlKey: true }))).toEqual({ kind: "redo" });
});

it("picks, copies and duplicates as every list does", () => {
  expect(commandOf(key("a", { ctrlKey: true }))).toEqual({ kind: "all" });
  expect(commandOf(key("d", { metaKey: true }))).toEqual({ kind: "duplicate" });
  expect(commandOf(key("c", { ctrlKey: true }))).toEqual({ kind: "copy" });
  expect(commandOf(key("v", { ctrlKey: true }))).toEqual({ kind: "paste" });
  expect(commandOf(key("}", { shiftKey: true }))).toEqual({ kind: "extend", step: 1 });
  expect(commandOf(key("C", { ctrlKey: true, shiftKey: true }))).toBeNull();
});

it("leaves the browser's own keys alone", () => {
  expect(commandOf(key("n", { ctrlKey: true }))).toBeNull();
  expect(commandOf(key("d", { altKey: true }))).toBeNull();
  expect(commandOf(key("F5"))).toBeNull();
  expect(commandOf(key("Tab"))).toBeNull();
});

it("chooses by digit, also on keyboards that want Shift for one", () => {
  expect(commandOf(key("3", { code: "Digit3" }))).toEqual({ kind: "choose", index: 2 });
  expect(commandOf(key("é", { code: "Digit2" }))).toEqual({ kind: "choose", index: 1 });
  expect(commandOf(key("2", { code: "Digit2", shiftKey: true }))).toEqual({ kind: "choose", index: 1 });
  expect(commandOf(key("!", { code: "Digit1", shiftKey: true }))).toBeNull();
  expect(commandOf(key("-", { code: "Digit6" }))).toEqual({ kind: "zoom", factor: 1 / 1.4 });
});
