/** `<rubricator-toolbar>`: draw, move about, undo, redo, zoom, help. Tells `tool-…` what was pressed. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { ShapeKind } from "../core/outline.ts";
import type { Tool } from "../viewer/gestures.ts";
import { type Icon, icon } from "./icons.ts";
import { LightElement } from "./light.ts";

export type ToolAction = "draw" | "move" | "undo" | "redo" | "zoom-in" | "zoom-out" | "fit" | "help";

/** Of the panel with what is said of how the image is shown. */
export interface ImageButton {
  readonly open: boolean;
  readonly changed: boolean;
}

const SIGNS = { box: "draw", polygon: "outline", point: "point" } as const;

@customElement("rubricator-toolbar")
export class RubricatorToolbar extends LightElement {
  @property({ attribute: false }) texts: Texts = en;
  @property({ attribute: false }) tool: Tool = "draw";
  /** What the draw tool draws. */
  @property({ attribute: false }) draws: ShapeKind = "box";
  /** Whether there is anything to draw here at all. */
  @property({ type: Boolean }) drawing = true;
  /** Whether there is a key map to show. */
  @property({ type: Boolean }) helped = true;
  /** Whether there is a tutorial to open again. */
  @property({ type: Boolean }) taught = false;
  /** The button for how the image is shown; null where there is none. */
  @property({ attribute: false }) imaged: ImageButton | null = null;
  @property({ type: Boolean }) undoable = false;
  @property({ type: Boolean }) redoable = false;
  /** Whether there is a task to go back to; null where one never goes back. */
  @property({ attribute: false }) backable: boolean | null = null;

  override render() {
    const { texts } = this;
    return html`<div class="rw-toolbar" role="toolbar" aria-label=${texts.toolbar} @keydown=${this.#walk}>
      ${
        this.drawing
          ? html`<div class="rw-tools" role="group">
                ${this.#button("draw", SIGNS[this.draws], texts.draw, { pressed: this.tool === "draw", key: "D" })}
                ${this.#button("move", "move", texts.move, { pressed: this.tool === "move", key: "V" })}
              </div>
              <div class="rw-tools" role="group">
                ${this.#button("undo", "undo", texts.undo, { off: !this.undoable, key: "Ctrl Z" })}
                ${this.#button("redo", "redo", texts.redo, { off: !this.redoable, key: "Ctrl Y" })}
              </div>`
          : nothing
      }
      ${
        this.backable === null
          ? nothing
          : html`<div class="rw-tools" role="group">
              ${this.#button("back", "back", texts.goBack, { off: !this.backable, key: "B" })}
            </div>`
      }
      <div class="rw-tools" role="group">
        ${this.#button("zoom-in", "zoomIn", texts.zoomIn, { key: "+" })}
        ${this.#button("zoom-out", "zoomOut", texts.zoomOut, { key: "−" })}
        ${this.#button("fit", "fit", texts.fit, { key: "0" })}
        ${this.imaged ? this.#image(this.imaged) : nothing}
      </div>
      ${
        this.helped
          ? html`<div class="rw-tools rw-tools-help" role="group">
              ${this.taught ? this.#button("lesson", "lesson", texts.tutorial, { key: "T" }) : nothing}
              ${this.#button("help", "keys", texts.keys, { key: "?" })}
            </div>`
          : nothing
      }
    </div>`;
  }

  #image({ open, changed }: ImageButton) {
    const { title, titleChanged } = this.texts.imaging;
    return html`<button
      type="button"
      class="rw-tool rw-tool-image"
      data-testid="tool-image"
      aria-label=${changed ? titleChanged : title}
      aria-expanded=${String(open)}
      title="${title} (O)"
      ?data-changed=${changed}
      @click=${() => this.tell("tool-image", {})}
    >
      ${icon("image")}
    </button>`;
  }

  #button(
    action: ToolAction | "back" | "lesson",
    sign: Icon,
    name: string,
    { pressed, off = false, key }: { pressed?: boolean; off?: boolean; key: string },
  ) {
    return html`<button
      type="button"
      class="rw-tool"
      data-testid="tool-${action}"
      aria-label=${name}
      aria-pressed=${pressed === undefined ? nothing : String(pressed)}
      aria-disabled=${String(off)}
      title="${name} (${key})"
      @click=${() => off || (action === "back" || action === "lesson" ? this.tell(`tool-${action}`, {}) : this.tell("tool", action))}
    >
      ${icon(sign)}
    </button>`;
  }

  /** Arrow keys walk along a toolbar, as everywhere. */
  readonly #walk = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey) return;
    const buttons = [...this.querySelectorAll<HTMLButtonElement>("button")];
    const index = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (index < 0) return;
    event.preventDefault();
    event.stopPropagation();
    buttons[(index + step + buttons.length) % buttons.length]?.focus();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-toolbar": RubricatorToolbar;
  }
}
