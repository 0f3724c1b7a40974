/** What keys on the image and buttons of the toolbar ask of a page: the same on every page on which one draws. */

import type { ReactiveControllerHost } from "lit";
import type { Tool } from "../viewer/gestures.ts";
import type { Command } from "../viewer/keys.ts";
import { Hearing } from "./hearing.ts";
import type { ToolAction } from "./rubricator-toolbar.ts";

interface Looking {
  zoom(factor: number): void;
  fit(): void;
  /** Takes the last corner of an outline in the making back; false where none is made. */
  takeBack(): boolean;
}

export interface Page {
  readonly stage: Looking | null;
  readonly keys: { show(): void } | null;
  tool: Tool;
  travel(way: "undo" | "redo"): void;
  /** One of the labels at hand, by its number. */
  choose(index: number): void;
  /** To the shape after or before the picked one. */
  walk(step: 1 | -1): void;
}

const NEARER = 1.5;

/** Hears both, and has the page do it. */
export function obeying(page: Page & ReactiveControllerHost & HTMLElement): Hearing {
  return new Hearing(page, (on) => {
    on<Command>("stage-command", (command) => obey(page, command));
    on<ToolAction>("tool", (action) => press(page, action));
  });
}

export function obey(page: Page, command: Command): void {
  switch (command.kind) {
    case "undo":
    case "redo":
      // The last corner of an outline in the making is the last step there is.
      if (command.kind === "redo" || !page.stage?.takeBack()) page.travel(command.kind);
      return;
    case "help":
      page.keys?.show();
      return;
    case "draw":
    case "move":
      page.tool = command.kind;
      return;
    case "choose":
      page.choose(command.index);
      return;
    case "next":
      page.walk(command.step);
  }
}

function press(page: Page, action: ToolAction): void {
  if (action === "zoom-in") page.stage?.zoom(NEARER);
  else if (action === "zoom-out") page.stage?.zoom(1 / NEARER);
  else if (action === "fit") page.stage?.fit();
  else obey(page, { kind: action });
}
