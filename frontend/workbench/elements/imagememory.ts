/** Remembers on this browser how somebody wants the images of a campaign shown. */

import { AS_IT_IS, isLit, type Light, lightFrom } from "../core/imaging.ts";

export interface Remembered {
  readonly light: Light;
  /** Null: nothing was said, so that it is shown where there is room. */
  readonly minimap: boolean | null;
}

const NOTHING: Remembered = { light: AS_IT_IS, minimap: null };
const keyOf = (campaign: string) => `rubricator/image/${campaign}`;

export function recall(campaign: string): Remembered {
  if (!campaign) return NOTHING;
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(campaign)) ?? "null") as Record<
      string,
      unknown
    > | null;
    if (!kept || typeof kept !== "object") return NOTHING;
    return { light: lightFrom(kept.light), minimap: typeof kept.minimap === "boolean" ? kept.minimap : null };
  } catch {
    // No storage here, or something else's words in it.
    return NOTHING;
  }
}

export function remember(campaign: string, what: Remembered): void {
  if (!campaign) return;
  try {
    if (isLit(what.light) || what.minimap !== null)
      localStorage.setItem(keyOf(campaign), JSON.stringify(what));
    else localStorage.removeItem(keyOf(campaign));
  } catch {
    // It then holds for this page alone.
  }
}

/** Whether the minimap is there unasked: where there is room for it, and never on other people's pages. */
export const hasMap = (memory: string | null): boolean =>
  memory !== "" && !matchMedia("(max-width: 55.99rem), (max-height: 30rem)").matches;
