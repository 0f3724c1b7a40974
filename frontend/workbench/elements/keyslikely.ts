/**
 * Whether a keyboard is likely: beside a mouse there mostly is one, and where a key was pressed there certainly is. What
 * says keys asks here; for style sheets the root bears `data-keys` from the first key on.
 */

import type { ReactiveController, ReactiveControllerHost } from "lit";

const MOUSE = "(hover: hover) and (pointer: fine)";
/** What a keyboard on the screen sends says nothing of one on the table. */
const WRITTEN_IN = "input, textarea, select, [contenteditable]";

const hosts = new Set<ReactiveControllerHost>();

export const keysLikely = (): boolean =>
  document.documentElement.dataset.keys !== undefined || matchMedia(MOUSE).matches;

function learn({ target, key, isTrusted, isComposing }: KeyboardEvent): void {
  const isWriting = target instanceof Element && target.matches(WRITTEN_IN) && key !== "Tab";
  if (isWriting || isComposing || !isTrusted || !key || key === "Unidentified") return;
  tellKeys();
}

/** A key was pressed: from now on keys are told. */
export function tellKeys(): void {
  document.documentElement.dataset.keys = "";
  removeEventListener("keydown", learn, true);
  for (const host of hosts) host.requestUpdate();
}

addEventListener("keydown", learn, true);

/** Draws its element anew when the first key is pressed. */
export class KeysLikely implements ReactiveController {
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get likely(): boolean {
    return keysLikely();
  }

  hostConnected(): void {
    hosts.add(this.#host);
  }

  hostDisconnected(): void {
    hosts.delete(this.#host);
  }
}
