/** How rows of a list of shapes are picked, as in any list: Ctrl or ⌘ picks one more, Shift all from the selected one on. */

import { html } from "lit";
import type { Texts } from "../core/locale/texts.ts";

interface PickingList extends EventTarget {
  readonly shapes: readonly { readonly id: string }[];
  readonly selected: string | null;
  /** A click picks one more. */
  readonly gathers: boolean;
  /** Nothing can be picked to be changed. */
  readonly readonly: boolean;
  readonly texts: Texts;
}

type Keys = Pick<MouseEvent, "shiftKey" | "ctrlKey" | "metaKey">;

export function pickIn(list: PickingList, id: string, keys: Keys): void {
  if (list.readonly) tell(list, "stage-select", { id, reveal: true });
  else if (keys.shiftKey) tell(list, "stage-range", { ids: rangeTo(list, id) });
  else if (keys.ctrlKey || keys.metaKey || list.gathers) tell(list, "stage-pick", { id });
  else tell(list, "stage-select", { id, reveal: true });
}

/** Space with Shift or Ctrl does what a click with it does. */
export function pickByKey(list: PickingList, id: string, event: KeyboardEvent): void {
  if (event.key !== " " || !(event.shiftKey || event.ctrlKey)) return;
  event.preventDefault();
  pickIn(list, id, event);
}

function rangeTo({ shapes, selected }: PickingList, id: string): readonly string[] {
  const ids = shapes.map((shape) => shape.id);
  const [from, to] = [ids.indexOf(selected ?? id), ids.indexOf(id)];
  const range = ids.slice(Math.min(from, to), Math.max(from, to) + 1);
  // The first stays the one to reach from.
  return from < to ? [...range].reverse() : range;
}

/** Where no Shift key is at hand: from now on each click or tap picks one more. */
export const gatherButton = (list: PickingList) => html`<button
  type="button"
  class="rw-button rw-button-small rw-gather"
  data-testid="gather"
  aria-pressed=${String(list.gathers)}
  @click=${() => tell(list, "shapes-gather", {})}
>
  ${list.texts.several.gather}
</button>`;

function tell(list: EventTarget, name: string, detail: unknown): void {
  list.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
