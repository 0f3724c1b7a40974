/** What lies on a shared canvas: what one writes above all, candidates below it, and whatever else stands there. */

import { furtherLayers } from "../api/layers.ts";
import type { Layer } from "../core/layers.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { ScriptoriumState } from "../core/scriptorium.ts";
import type { StageShape } from "../viewer/stage.ts";
import type { Candidacy } from "./candidacy.ts";
import type { Layering } from "./layering.ts";
import type { Palette } from "./pigments.ts";
import { type Room, sizeOf } from "./room.ts";
import { SUGGESTIONS, shownThrough } from "./shown-through.ts";
import { layerTogether, paintedTogether } from "./together.ts";

export interface Sheet {
  readonly room: Room | null;
  readonly now: ScriptoriumState | null;
  readonly texts: Texts;
  readonly helping: { readonly candidates: Candidacy };
}

export class RoomLayers {
  #further: readonly Layer[] = [];

  constructor(
    private readonly sheet: Sheet,
    private readonly layering: Layering,
    private readonly palette: Palette,
  ) {}

  /** What one writes lies above all else that stands on the canvas. */
  lay(): void {
    const { room, now, texts, helping } = this.sheet;
    const written = room && now ? layerTogether(room.layer, now) : null;
    const found = helping.candidates.layer(texts);
    const own = written?.shapes.length ? [written] : [];
    this.layering.take([...this.#further, ...(found ? [found] : []), ...own]);
  }

  /** `address`: where further layers of a canvas are, its id in the place of `{canvas}`. */
  async look(address: string, lang: string): Promise<void> {
    const { room } = this.sheet;
    if (!address || !room) return;
    this.#further = await furtherLayers(address, room.canvas.id, lang, ({ id }) => id === room.layer.id);
    this.lay();
  }

  shown(): StageShape[] {
    const { room, now, helping } = this.sheet;
    if (!now) return [];
    const { candidates } = helping;
    const drawn = [...candidates.painted(this.palette), ...paintedTogether(now, this.palette, sizeOf(room))];
    const picked = now.selected ?? candidates.picked;
    return shownThrough(drawn, [room?.layer.id ?? "", SUGGESTIONS], this.layering, { picked });
  }
}
