/** The read-only viewer of a canvas with its layers, and the share panel that follows it. */

import "../styles/workbench.css";
import "../elements/rubricator-beside.ts";
import "../elements/rubricator-viewer.ts";
import { shareFrom, showShareHints } from "../elements/share.ts";

const viewer = document.querySelector("rubricator-viewer");
if (viewer) {
  shareFrom(
    viewer,
    (address) => void window.htmx.ajax("get", address, { target: "#share", swap: "outerHTML" }),
  );
}
showShareHints(document);
document.addEventListener("htmx:load", (event) => {
  const loaded = (event as CustomEvent<{ elt: HTMLElement }>).detail.elt;
  showShareHints(loaded);
});
