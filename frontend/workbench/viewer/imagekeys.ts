/** What a key means for how the image is shown. */

import type { Key } from "./keys.ts";

export type ImageCommand =
  | { readonly kind: "settings" | "loupe" | "measure" }
  | { readonly kind: "turn"; readonly degrees: 90 | -90 }
  | { readonly kind: "step"; readonly step: 1 | -1 };

export function imageCommandOf({ key, shiftKey, ctrlKey, altKey, metaKey }: Key): ImageCommand | null {
  if (ctrlKey || altKey || metaKey) return null;
  switch (key.length === 1 ? key.toLowerCase() : "") {
    case "o":
      return { kind: "settings" };
    case "l":
      return { kind: "loupe" };
    case "k":
      return { kind: "measure" };
    case "r":
      return { kind: "turn", degrees: shiftKey ? -90 : 90 };
    case "<":
      return { kind: "step", step: -1 };
    case ">":
      return { kind: "step", step: 1 };
    default:
      return null;
  }
}
