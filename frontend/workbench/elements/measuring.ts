/** Measuring on a stage: the note that it goes on, its keys, and lengths in words. */

import { html, nothing } from "lit";
import type { Canvas } from "../core/contract.ts";
import type { Texts } from "../core/locale/texts.ts";
import { inCanvasUnits, realLength } from "../core/measuring.ts";
import type { Command } from "../viewer/keys.ts";
import type { Stage } from "../viewer/stage.ts";
import { stepOnCanvas } from "../viewer/turning.ts";
import { keysLikely } from "./keyslikely.ts";

/** Without a modifier the crosshair of the ruler goes by this many pixels, with Shift by ten times that. */
const AIM_PX = 2;

export function measuringNote({ imaging }: Texts, end: () => void) {
  const { measuring, measuringTouch, measuringKeys, endMeasuring } = imaging;
  const keys = keysLikely();
  return html`<div class="rw-stage-note rw-sketch-note rw-measure-note" data-testid="measuring">
    <p>${keys ? measuring : measuringTouch} ${keys ? html`<span class="rw-measure-keys">${measuringKeys}</span>` : nothing}</p>
    <button type="button" class="rw-button rw-button-small" data-testid="measure-end" @click=${end}>
      ${endMeasuring}
    </button>
  </div>`;
}

export function sayLength(canvas: Canvas | null, { imaging }: Texts, units: number): string {
  const { length, measured } = imaging;
  const { scale } = canvas ?? {};
  return measured(length(inCanvasUnits(units)), scale ? length(realLength(units, scale)) : "");
}

/** Sets an end of the line; false where nothing is measured. */
export function setEnd(stage: Stage | null): boolean {
  if (!stage?.placed || !stage.aids.ruler) return false;
  stage.aids.ruler.set(stage.view(), stage.size);
  return true;
}

/** While the ruler is out arrows, Enter and Escape are its own. */
export function measureByKey(stage: Stage | null, command: Command, end: () => void): boolean {
  const ruler = stage?.aids.ruler;
  if (!stage?.placed || !ruler) return false;
  if (command.kind === "nudge" || command.kind === "grow") {
    const [dx, dy] = stepOnCanvas(stage.view(), [command.dx, command.dy]);
    const unit = AIM_PX / stage.scale;
    ruler.step([dx * unit, dy * unit], stage.view(), stage.size);
    if (ruler.aim) stage.reveal([...ruler.aim, 1, 1], 0);
    return true;
  }
  if (command.kind === "confirm") return setEnd(stage);
  if (command.kind === "cancel") {
    end();
    return true;
  }
  // Who wants to draw has done with measuring.
  if (command.kind === "new" || command.kind === "draw" || command.kind === "move") end();
  return false;
}
