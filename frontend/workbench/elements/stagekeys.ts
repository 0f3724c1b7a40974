/** Everything the keyboard does on an image: boxes are placed, moved and sized, the view goes about, the rest is passed on. */

import type { ReactiveControllerHost } from "lit";
import { type Box, boxBetween, centre, moved, type Point } from "../core/geometry.ts";
import { isPlain, type ShapeKind } from "../core/outline.ts";
import { type Command, commandOf } from "../viewer/keys.ts";
import type { Stage, StageShape } from "../viewer/stage.ts";
import { grownOnScreen, stepOnCanvas } from "../viewer/turning.ts";
import type { Imaging } from "./imaging.ts";
import type { OutlineKeys } from "./outlinekeys.ts";

interface StageKeysHost extends ReactiveControllerHost, HTMLElement {
  readonly drawing: Stage | null;
  readonly draws: ShapeKind;
  readonly readonly: boolean;
  readonly confirms: boolean;
  readonly shapes: readonly StageShape[];
  readonly selected: string | null;
  readonly also: readonly string[] | null;
  readonly imaging: Imaging;
  readonly outlines: OutlineKeys;
  zoom(factor: number): void;
  fit(): void;
  reveal(box: Box): void;
}

/** A new box takes this share of what is in view. */
const NEW_BOX_SHARE = 0.15;
const PAN_PX = 60;
/** Commands that are none of the stage's business; those about several only where several can be picked. */
const PASSED_ON = ["undo", "redo", "help", "draw", "move", "choose", "next"];
/** What a key that is held down says once: never of the next suggestion, or the next image, as well. */
const SAID_ONCE = ["confirm", "delete", "choose"];
const ABOUT_SEVERAL = ["all", "extend", "duplicate", "copy", "paste"];

export class StageKeys {
  #placing: Box | null = null;

  constructor(private readonly host: StageKeysHost) {}

  /** The box that is being placed, not yet set down. */
  get placing(): Box | null {
    return this.#placing;
  }

  /** Another image: what was being placed on the one before is gone. */
  end(): void {
    this.#putAt(null);
  }

  /** Does what a key asks of the image; answers whether the key was meant for it. */
  key(event: KeyboardEvent): boolean {
    const { host } = this;
    const command = commandOf(event);
    if (host.imaging.key(event, command)) {
      event.preventDefault();
      return true;
    }
    if (!command) return false;
    if (event.repeat && SAID_ONCE.includes(command.kind)) {
      event.preventDefault();
      return true;
    }
    const done =
      host.outlines.key(command) ||
      (this.#placing ? this.#place(command, this.#placing) : this.#act(command));
    if (done) event.preventDefault();
    else if (this.#isPassedOn(command)) {
      event.preventDefault();
      this.#tell("stage-command", command);
      return true;
    }
    return done;
  }

  /** Begins a box in the middle of what is in view, to be set down with Enter. */
  place(): void {
    const { host } = this;
    const stage = host.drawing;
    if (!stage?.placed || host.readonly) return;
    if (host.draws === "box") this.#putAt(newBox(stage));
    else host.outlines.begin();
    this.#tell("stage-select", { id: null });
    host.focus();
  }

  #tell(name: string, detail: unknown): void {
    this.host.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #isPassedOn({ kind }: Command): boolean {
    if (PASSED_ON.includes(kind)) return true;
    // Text that somebody has marked on the page is what they want to copy.
    if (kind === "copy" && String(getSelection() ?? "")) return false;
    return this.host.also !== null && !this.host.readonly && ABOUT_SEVERAL.includes(kind);
  }

  #place(command: Command, box: Box): boolean {
    switch (command.kind) {
      case "nudge":
      case "grow": {
        const now = this.#changed(box, command);
        this.#putAt(now);
        this.host.reveal(now);
        return true;
      }
      case "confirm":
        this.#putAt(null);
        this.#tell("stage-draw", { box, by: "keyboard" });
        return true;
      case "cancel":
      case "delete":
        this.#putAt(null);
        return true;
      default:
        return command.kind === "new" || this.#look(command);
    }
  }

  #putAt(box: Box | null): void {
    if (box === this.#placing) return;
    this.#placing = box;
    this.host.requestUpdate();
  }

  #act(command: Command): boolean {
    const { host } = this;
    switch (command.kind) {
      case "new":
        this.place();
        return true;
      case "confirm":
        if (host.selected || host.confirms) this.#tell("stage-confirm", { id: host.selected });
        else this.place();
        return true;
      case "cancel":
        if (!host.drawing?.cancel()) this.#tell("stage-select", { id: null });
        return true;
      case "delete":
        if (!host.selected) return false;
        this.#tell("stage-delete", { id: host.selected });
        return true;
      case "nudge":
      case "grow":
        return this.#step(command);
      default:
        return this.#look(command);
    }
  }

  /** Arrows: they carry several, change what is picked, or move the view. */
  #step(command: Extract<Command, { kind: "nudge" | "grow" }>): boolean {
    const { host } = this;
    const { dx, dy } = command;
    if (host.also?.length) {
      if (command.kind === "nudge") this.#tell("stage-carried", { dx, dy });
      return true;
    }
    const shape = host.readonly ? undefined : host.shapes.find(({ id }) => id === host.selected);
    if (!shape) {
      host.drawing?.pan(-Math.sign(dx) * PAN_PX, -Math.sign(dy) * PAN_PX);
      return true;
    }
    if (!isPlain(shape)) return host.outlines.move(shape, command);
    const box = this.#changed(shape.box, command);
    this.#tell("stage-edit", { id: shape.id, box });
    host.reveal(box);
    return true;
  }

  /** A box moved or sized by a step on the screen, however the canvas is turned there. */
  #changed(box: Box, { kind, dx, dy }: Extract<Command, { kind: "nudge" | "grow" }>): Box {
    const stage = this.host.drawing;
    if (!stage) return box;
    if (kind === "grow") return grownOnScreen(stage.view(), box, dx, dy, stage.size);
    const [x, y]: Point = stepOnCanvas(stage.view(), [dx, dy]);
    return moved(box, x, y, stage.size);
  }

  #look(command: Command): boolean {
    if (command.kind === "zoom") this.host.zoom(command.factor);
    else if (command.kind === "fit") this.host.fit();
    else return false;
    return true;
  }
}

function newBox(stage: Stage): Box | null {
  const [, , w, h] = stage.seen();
  const [x, y] = centre(stage.seen()).map(Math.round) as [number, number];
  const half = Math.round((Math.min(w, h, ...stage.size) * NEW_BOX_SHARE) / 2);
  const box = boxBetween([x - half, y - half], [x + half, y + half], stage.size);
  return box ?? boxBetween([0, 0], [2 * half, 2 * half], stage.size);
}
