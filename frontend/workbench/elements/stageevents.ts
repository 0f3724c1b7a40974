/** What the viewer of a stage tells becomes events for the elements above, and the stage's own state. */

import type { Canvas } from "../core/contract.ts";
import type { Point } from "../core/geometry.ts";
import type { Texts } from "../core/locale/texts.ts";
import { placeOf } from "../core/outline.ts";
import type { Stage, StageEvents } from "../viewer/stage.ts";
import type { Imaging } from "./imaging.ts";
import type { OutlineKeys } from "./outlinekeys.ts";

interface StageHost extends HTMLElement {
  readonly drawing: Stage | null;
  readonly canvas: Canvas | null;
  readonly texts: Texts;
  readonly imaging: Imaging;
  readonly outlines: OutlineKeys;
  readonly follows: (() => void) | null;
  waiting: boolean;
  failed: boolean;
  /** Said for a moment: why the last stroke was not taken. */
  said: string;
  reshape(id: string, points: readonly Point[]): void;
  sketched(corners: readonly Point[]): void;
}

export function stageEvents(host: StageHost): StageEvents {
  const tell = (name: string, detail: unknown) =>
    host.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  return {
    drawn: (box) => tell("stage-draw", { box, by: "hand" }),
    edited: (id, box) => tell("stage-edit", { id, box }),
    select: (id) => tell("stage-select", { id }),
    traced: (points) => {
      const by = host.outlines.aiming ? "keyboard" : "hand";
      host.outlines.end();
      tell("stage-draw", { ...placeOf(points, host.drawing?.size ?? [1, 1]), by });
    },
    reshaped: (id, points) => host.reshape(id, points),
    corner: (index) => host.outlines.pick(index),
    crossed: () => {
      host.said = host.texts.drawing.crosses;
    },
    sketched: (corners) => host.sketched(corners),
    pick: (id) => tell("stage-pick", { id }),
    framed: (box) => tell("stage-framed", { box }),
    carried: (dx, dy) => tell("stage-carried", { dx, dy }),
    copied: (dx, dy) => tell("stage-copied", { dx, dy }),
    twisted: (degrees, about) => host.imaging.twist(degrees, about),
    preview: (id, box) => tell("stage-preview", { id, box }),
    missing: (image, choice) => host.imaging.missing(image, choice),
    say: (units) => host.imaging.sayLength(units),
    sayLength: (length) => host.texts.imaging.length(length),
    measured: (units) => host.imaging.measured(units),
    shown: () => {
      host.waiting = false;
      tell("rubricator-image-shown", { canvas: host.canvas?.id });
    },
    failed: () => {
      host.failed = true;
    },
    moved: () => host.follows?.(),
  };
}
