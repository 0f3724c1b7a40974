/** How the image of a stage is shown, as values: what is set, and whether that is other than it comes. */

import type { Canvas } from "../core/contract.ts";
import { textIn } from "../core/contract.ts";
import { AS_IT_IS, isLit, isTurned, type Light, type Turn, UPRIGHT } from "../core/imaging.ts";
import { paintedOn, type Showing } from "../core/layering.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { AidsOn } from "../viewer/aids.ts";
import type { Stage } from "../viewer/stage.ts";

export interface ImageState {
  readonly light: Light;
  readonly turn: Turn;
  readonly showing: Showing;
  readonly on: AidsOn;
}

export const PLAIN: ImageState = {
  light: AS_IT_IS,
  turn: UPRIGHT,
  showing: { choices: [], opacities: [] },
  on: { minimap: false, loupe: false, ruler: false },
};

export const isChanged = ({ light, turn, showing }: ImageState): boolean =>
  isLit(light) ||
  isTurned(turn) ||
  showing.choices.some((choice) => choice > 0) ||
  showing.opacities.some((one) => one < 1);

/** Has a viewer show it so. */
export function showOn(stage: Stage, { light, turn, showing, on }: ImageState): void {
  stage.light(light);
  stage.turn(turn);
  stage.show(showing);
  const now = stage.aids.on;
  if (on.minimap !== now.minimap || on.loupe !== now.loupe || on.ruler !== now.ruler) stage.aids.set(on);
}

/** Which of several images is shown, in words. */
export function nameOf(canvas: Canvas | null, { choices }: Showing, { imaging, lang }: Texts): string {
  const images = canvas ? paintedOn(canvas) : [];
  const index = images.findIndex((image) => image.choices.length > 1);
  const choice = choices[index] ?? 0;
  return imaging.shown(textIn(images[index]?.choices[choice]?.label, lang) || imaging.choice(choice + 1));
}
