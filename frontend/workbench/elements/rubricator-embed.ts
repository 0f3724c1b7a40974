/**
 * `<rubricator-workbench manifest="…">` on pages of other sites: the reader in a shadow tree, so that neither page sees
 * the other's styles or ids. The name is that of the volunteer's element of our own pages, where this one is never loaded.
 */

import styles from "../styles/embed.css?inline";
import "./rubricator-reader.ts";

export const TAG = "rubricator-workbench";
const PASSED = ["manifest", "canvas", "annotations"] as const;
const STATE = "iiif-content";
/** Sites that count in tenths of their root's size would make everything tiny. */
const SMALLEST_ROOT_PX = 13;

let sheet: CSSStyleSheet | null = null;

/** One style sheet for all elements of a page; a strict policy about styles does not concern it. */
function sharedSheet(): CSSStyleSheet {
  if (sheet) return sheet;
  sheet = new CSSStyleSheet();
  // Sizes count from our own root: that of a page may be anything.
  sheet.replaceSync(styles.replace(/(-?\d*\.?\d+)rem(?=[^{}]*[;}])/g, "calc($1 * var(--rw-rem, 16px))"));
  return sheet;
}

export class RubricatorEmbed extends HTMLElement {
  static readonly observedAttributes = [...PASSED, STATE, "lang"];
  readonly #reader = document.createElement("rubricator-reader");

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sharedSheet()];
  }

  connectedCallback(): void {
    const size = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.#reader.style.setProperty("--rw-rem", size >= SMALLEST_ROOT_PX ? `${size}px` : "16px");
    this.#pass();
    if (!this.#reader.isConnected) this.shadowRoot?.append(this.#reader);
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.#pass();
  }

  #pass(): void {
    for (const name of PASSED) this.#reader[name] = this.getAttribute(name) ?? "";
    const state = this.getAttribute(STATE) ?? this.#ofPage();
    this.#reader.state = state;
    const around = this.closest<HTMLElement>("[lang]")?.lang ?? document.documentElement.lang;
    this.#reader.lang = around || navigator.language || "en";
  }

  /** The page's own `?iiif-content=`, for an element that names nothing itself. */
  #ofPage(): string {
    if (this.hasAttribute("manifest")) return "";
    return new URLSearchParams(location.search).get(STATE) ?? "";
  }
}
