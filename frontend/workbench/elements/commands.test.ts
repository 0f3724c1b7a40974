import { LitElement } from "lit";
import { customElement } from "lit/decorators.js";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Command } from "../viewer/keys.ts";
import { obeying } from "./commands.ts";

@customElement("obedient-page")
class Obedient extends LitElement {
  stage = { zoom: vi.fn(), fit: vi.fn(), takeBack: vi.fn(() => false) };
  keys = { show: vi.fn() };
  tool = "draw" as "draw" | "move";
  travel = vi.fn();
  choose = vi.fn();
  walk = vi.fn();

  constructor() {
    super();
    obeying(this);
  }
}

let page: Obedient;
const tell = (name: string, detail: unknown) => page.dispatchEvent(new CustomEvent(name, { detail }));
const command = (one: Command) => tell("stage-command", one);

beforeEach(() => {
  page = new Obedient();
  document.body.append(page);
});
afterEach(() => document.body.replaceChildren());

it("takes a corner back before a step, and redoes steps alone", () => {
  page.stage.takeBack.mockReturnValueOnce(true);
  command({ kind: "undo" });
  expect(page.travel).not.toHaveBeenCalled();
  command({ kind: "undo" });
  command({ kind: "redo" });
  expect(page.travel.mock.calls).toEqual([["undo"], ["redo"]]);
  expect(page.stage.takeBack).toHaveBeenCalledTimes(2);
});

it("does what keys and buttons ask alike", () => {
  command({ kind: "move" });
  expect(page.tool).toBe("move");
  tell("tool", "draw");
  expect(page.tool).toBe("draw");
  command({ kind: "choose", index: 2 });
  command({ kind: "next", step: -1 });
  tell("tool", "help");
  expect([page.choose.mock.lastCall, page.walk.mock.lastCall]).toEqual([[2], [-1]]);
  expect(page.keys.show).toHaveBeenCalledOnce();
  for (const action of ["zoom-in", "zoom-out", "fit"]) tell("tool", action);
  expect(page.stage.zoom.mock.calls.flat().map((factor) => Math.round(factor * 100))).toEqual([150, 67]);
  expect(page.stage.fit).toHaveBeenCalledOnce();
});

it("hears nothing once its page is gone, and again when it is put back", () => {
  page.remove();
  command({ kind: "help" });
  expect(page.keys.show).not.toHaveBeenCalled();
  document.body.append(page);
  command({ kind: "help" });
  expect(page.keys.show).toHaveBeenCalledOnce();
});
