/**
 * Chooses what a dragged frame touches: by mouse whenever it is dragged, by finger where dragging chooses, or once the
 * finger has rested, where it may.
 */

const STILL_PX = 6;
const REST_MS = 400;

export interface LassoHost {
  /** What may be chosen, each with its id. */
  items(): Iterable<readonly [id: string, element: Element]>;
  /** Whether a finger that drags chooses, instead of scrolling. */
  fingers(): boolean;
  /** Whether a finger that rests and then drags chooses, so that it scrolls otherwise. */
  rests?: boolean;
  chosen(ids: readonly string[], adding: boolean): void;
}

export class Lasso {
  readonly #frame = document.createElement("div");
  #from: { x: number; y: number; id: number } | null = null;
  #dragging = false;
  #swallowing = false;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly host: LassoHost,
  ) {
    this.#frame.className = "rw-lasso";
    this.#frame.hidden = true;
    root.append(this.#frame);
    root.addEventListener("pointerdown", this.#down);
    root.addEventListener("pointermove", this.#move);
    root.addEventListener("pointerup", this.#up);
    root.addEventListener("pointercancel", () => this.#end());
    root.addEventListener("dragstart", (event) => event.preventDefault());
    root.addEventListener("click", this.#click, { capture: true });
    if (!host.rests) return;
    // A gesture that has begun to scroll cannot be taken over: it is kept from beginning.
    root.addEventListener("touchmove", (event) => this.#dragging && event.preventDefault(), {
      passive: false,
    });
    root.addEventListener("contextmenu", (event) => this.#dragging && event.preventDefault());
  }

  readonly #down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const from = { x: event.clientX, y: event.clientY, id: event.pointerId };
    if (event.pointerType !== "touch" || this.host.fingers()) this.#from = from;
    else if (this.host.rests) this.#resting = setTimeout(() => this.#begin(from, event), REST_MS);
  };

  /** A finger has rested: what it drags now is the frame. */
  #begin(from: { x: number; y: number; id: number }, event: PointerEvent): void {
    this.#from = from;
    this.#dragging = true;
    this.root.setPointerCapture(from.id);
    this.#draw(from, event);
    navigator.vibrate?.(15);
  }

  readonly #move = (event: PointerEvent): void => {
    const from = this.#from;
    if (!from && event.pointerType === "touch") clearTimeout(this.#resting);
    if (from?.id !== event.pointerId) return;
    const far = Math.hypot(event.clientX - from.x, event.clientY - from.y) > STILL_PX;
    if (!this.#dragging && !far) return;
    if (!this.#dragging) this.root.setPointerCapture(event.pointerId);
    this.#dragging = true;
    event.preventDefault();
    this.#draw(from, event);
  };

  readonly #up = (event: PointerEvent): void => {
    clearTimeout(this.#resting);
    const from = this.#from;
    if (from?.id !== event.pointerId) return;
    if (this.#dragging) {
      const frame = between(from, { x: event.clientX, y: event.clientY });
      const touched = [...this.host.items()].filter(([, element]) =>
        meets(frame, element.getBoundingClientRect()),
      );
      // The click that follows a drag is not meant.
      this.#swallowing = true;
      setTimeout(() => {
        this.#swallowing = false;
      });
      this.host.chosen(
        touched.map(([id]) => id),
        event.shiftKey || event.ctrlKey || event.metaKey,
      );
    }
    this.#end();
  };

  readonly #click = (event: MouseEvent): void => {
    if (!this.#swallowing) return;
    event.preventDefault();
    event.stopPropagation();
  };

  #draw(from: { x: number; y: number }, event: PointerEvent): void {
    const frame = between(from, { x: event.clientX, y: event.clientY });
    const { style } = this.#frame;
    style.insetInlineStart = style.insetBlockStart = "0";
    style.translate = `${frame.left}px ${frame.top}px`;
    style.inlineSize = `${frame.right - frame.left}px`;
    style.blockSize = `${frame.bottom - frame.top}px`;
    this.#frame.hidden = false;
  }

  #end(): void {
    clearTimeout(this.#resting);
    this.#from = null;
    this.#dragging = false;
    this.#frame.hidden = true;
  }
}

type Frame = Pick<DOMRect, "left" | "top" | "right" | "bottom">;

const between = (a: { x: number; y: number }, b: { x: number; y: number }): Frame => ({
  left: Math.min(a.x, b.x),
  top: Math.min(a.y, b.y),
  right: Math.max(a.x, b.x),
  bottom: Math.max(a.y, b.y),
});

const meets = (a: Frame, b: Frame): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
