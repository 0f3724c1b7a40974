/** The note over the image while an outline is in the making: what goes on, and which keys or buttons end it. */

import { html, nothing } from "lit";
import type { Texts } from "../core/locale/texts.ts";
import type { ShapeKind } from "../core/outline.ts";

export interface Sketching {
  readonly texts: Texts;
  readonly draws: ShapeKind;
  /** How many corners are set. */
  readonly corners: number;
  /** Whether keys move a crosshair. */
  readonly aiming: boolean;
  /** Why the last stroke was not taken. */
  readonly said: string;
  close(): void;
  back(): void;
  drop(): void;
}

export function sketchNote({ texts, draws, corners, aiming, said, close, back, drop }: Sketching) {
  if (!corners && !aiming && !said) return nothing;
  const { drawing } = texts;
  const hint = aiming ? drawing.aiming[draws === "point" ? "point" : "polygon"] : drawing.sketching;
  return html`<div class="rw-stage-note rw-sketch-note" data-testid="sketch">
    <p aria-live="polite" class=${said || !corners ? "" : "rw-sketch-hint"}>
      ${said || hint} ${corners ? html`<span class="rw-unseen">${drawing.cornersSet(corners)}</span>` : nothing}
    </p>
    ${
      corners
        ? html`<p class="rw-row">
            <button type="button" class="rw-button rw-button-small" data-testid="sketch-close" aria-disabled=${String(corners < 3)} @click=${close}>
              ${drawing.closeOutline}
            </button>
            <button type="button" class="rw-button rw-button-small" data-testid="sketch-back" @click=${back}>
              ${drawing.cornerBack}
            </button>
            <button type="button" class="rw-button rw-button-small" data-testid="sketch-drop" @click=${drop}>
              ${drawing.giveUp}
            </button>
          </p>`
        : nothing
    }
  </div>`;
}
