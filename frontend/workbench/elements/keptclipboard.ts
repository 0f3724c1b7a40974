/** What was copied on a shared canvas, kept in this tab: the next canvas is another page. */

import type { Clip, Clipboard } from "./bunching.ts";

const KEY = "rubricator/copied";

/** Whether it looks like something that was copied here. */
function isClip(value: unknown): value is Clip {
  const { from, step, shapes } = (value ?? {}) as Partial<Clip>;
  if (typeof from !== "string" || typeof step !== "string" || !Array.isArray(shapes)) return false;
  return shapes.every(
    ({ box, concepts, text }) =>
      Array.isArray(box) && box.every(Number.isFinite) && Array.isArray(concepts) && typeof text === "string",
  );
}

export function keptClipboard(): Clipboard {
  let held: Clip | null = null;
  return {
    read: () => {
      try {
        const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
        return isClip(kept) ? kept : held;
      } catch {
        // No storage here, or something else's words in it.
        return held;
      }
    },
    write: (clip) => {
      held = clip;
      try {
        sessionStorage.setItem(KEY, JSON.stringify(clip));
      } catch {
        // It then holds for this page alone.
      }
    },
  };
}
