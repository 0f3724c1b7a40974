/** Keeps the share panel (`#share`, written by the server) and the page's address to what is chosen in the viewer. */

import { type Box, cleaned } from "../core/geometry.ts";

export interface Chosen {
  readonly box: Box | null;
  /** The annotation's id, when the region is one's. */
  readonly id: string | null;
}

interface Choosing extends HTMLElement {
  /** The part of the canvas in view. */
  seen(): Box | null;
  mark(box: Box | null): void;
}

/** The query string that names a choice, as the pages of canvases and share panels read it. */
export function query({ box, id }: Chosen): string {
  const said = [
    ...(box ? [`xywh=${cleaned(box).join(",")}`] : []),
    ...(id ? [`annotation=${encodeURIComponent(id)}`] : []),
  ];
  return said.length ? `?${said.join("&")}` : "";
}

/** Listens to a viewer; `fetchPanel` puts the answer of an address in the place of the panel. */
export function shareFrom(viewer: Choosing, fetchPanel: (address: string) => void): void {
  const share = (chosen: Chosen): void => {
    const panel = document.getElementById("share");
    if (!panel?.dataset.share) return;
    history.replaceState(null, "", `${location.pathname}${query(chosen)}`);
    fetchPanel(`${panel.dataset.share}${query(chosen)}`);
  };
  viewer.addEventListener("viewer-choose", (event) => share((event as CustomEvent<Chosen>).detail));
  document.addEventListener("click", (event) => {
    const button =
      event.target instanceof Element ? event.target.closest("[data-share-view], [data-share-whole]") : null;
    if (!button) return;
    const box = button.matches("[data-share-view]") ? viewer.seen() : null;
    viewer.mark(box);
    share({ box, id: null });
  });
}

/** The buttons that only help who has script. */
export function showShareHints(root: ParentNode): void {
  for (const hint of root.querySelectorAll<HTMLElement>("[data-share-hint]")) hint.hidden = false;
}
