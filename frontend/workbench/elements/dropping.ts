/** Forms with `data-iiif-drop` (the address of `/open/`) take IIIF links that are dropped on them or pasted into them. */

import { contentStateIn } from "./iiiflink.ts";

/** Begins to listen; `go` leads the browser to an address. */
export function takeLinks(root: ParentNode, go: (address: string) => void): void {
  for (const form of root.querySelectorAll<HTMLElement>("[data-iiif-drop]")) {
    const open = (state: string) => go(`${form.dataset.iiifDrop}?iiif-content=${encodeURIComponent(state)}`);
    form.addEventListener("dragover", (event) => {
      // Files keep their own way in.
      if (!event.dataTransfer || event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      form.dataset.over = "";
    });
    form.addEventListener("dragleave", () => delete form.dataset.over);
    form.addEventListener("drop", (event) => {
      delete form.dataset.over;
      const { dataTransfer } = event;
      if (!dataTransfer || dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      const said = ["text/plain", "text/uri-list"].map((type) => contentStateIn(dataTransfer.getData(type)));
      const state = said.find((one) => one !== null);
      if (state) open(state);
    });
    form.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain").trim() ?? "";
      // A plain address is for the field itself; a content state no field could hold.
      if (!/^[[{]/.test(text) && !text.includes("iiif-content=")) return;
      const state = contentStateIn(text);
      if (!state) return;
      event.preventDefault();
      open(state);
    });
  }
}
