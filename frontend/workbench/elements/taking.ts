/**
 * Takes a concept up and puts it below another: by pointer (mouse at once, finger after a moment's rest) or with
 * Ctrl+X and Ctrl+V. Nothing moves here: the page that shows what a move touches is opened with the two filled in.
 */

import { type ConceptTree, groupOf, itemAt, nameOf } from "./tree.ts";

const SLACK_PX = 6;
const REST_MS = 350;
const OPEN_MS = 600;
const EDGE_PX = 40;
const STEP_PX = 14;

export class Taking {
  readonly #tree: ConceptTree;
  #taken: HTMLElement | null = null;
  #over: HTMLElement | null = null;
  #from: { x: number; y: number; item: HTMLElement; pointer: number } | null = null;
  #dragging = false;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #opening: ReturnType<typeof setTimeout> | undefined;

  constructor(tree: ConceptTree) {
    this.#tree = tree;
    const { root } = tree;
    root.addEventListener("pointerdown", this.#down);
    root.addEventListener("pointermove", this.#move);
    root.addEventListener("pointerup", this.#up);
    root.addEventListener("pointercancel", () => this.leave());
    // A link would be dragged as an address.
    root.addEventListener("dragstart", (event) => event.preventDefault());
    root.addEventListener("contextmenu", (event) => this.#dragging && event.preventDefault());
    // A finger that carries a concept must not scroll the page.
    root.addEventListener("touchmove", (event) => this.#dragging && event.preventDefault(), {
      passive: false,
    });
    root.addEventListener("click", this.#swallow, { capture: true });
  }

  /** Ctrl+X takes up, Ctrl+V puts below, Escape leaves; answers whether the key was one of these. */
  key(event: KeyboardEvent, item: HTMLElement): boolean {
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (command && key === "x") this.take(item);
    else if (command && key === "v" && this.#taken) this.#put(item);
    else if (event.key === "Escape" && this.#taken) this.leave(true);
    else return false;
    event.preventDefault();
    return true;
  }

  take(item: HTMLElement): void {
    this.leave();
    this.#taken = item;
    item.dataset.taken = "";
    this.#tree.say(this.#tree.root.dataset.taken, nameOf(item));
  }

  leave(aloud = false): void {
    clearTimeout(this.#rest);
    clearTimeout(this.#opening);
    if (this.#taken) delete this.#taken.dataset.taken;
    this.#mark(null);
    this.#taken = null;
    this.#from = null;
    this.#dragging = false;
    delete this.#tree.root.dataset.dragging;
    this.#tree.say(aloud ? this.#tree.root.dataset.left : "");
  }

  /** Opens the page of the move, which shows what it touches and asks. */
  #put(target: HTMLElement): void {
    const taken = this.#taken;
    if (!taken || !this.#fits(target)) return;
    const address = taken.getAttribute("href") ?? "";
    location.assign(`${address}move/?target=${target.dataset.concept}`);
  }

  /** A concept does not go below itself, and nothing goes below one that is out of use. */
  #fits(target: HTMLElement | null): target is HTMLElement {
    const taken = this.#taken;
    if (!target || !taken || target === taken || target.dataset.status === "deprecated") return false;
    return !groupOf(taken)?.contains(target);
  }

  readonly #down = (event: PointerEvent): void => {
    const item = itemAt(event.target);
    if (!item || event.button !== 0) return;
    this.#from = { x: event.clientX, y: event.clientY, item, pointer: event.pointerId };
    if (event.pointerType !== "mouse") this.#rest = setTimeout(() => this.#begin(), REST_MS);
  };

  readonly #move = (event: PointerEvent): void => {
    const from = this.#from;
    if (from?.pointer !== event.pointerId) return;
    const far = Math.hypot(event.clientX - from.x, event.clientY - from.y) > SLACK_PX;
    if (!this.#dragging) {
      if (!far) return;
      if (event.pointerType === "mouse") this.#begin();
      else {
        // The finger scrolls.
        clearTimeout(this.#rest);
        this.#from = null;
      }
    }
    if (this.#dragging) this.#carry(event);
  };

  #begin(): void {
    if (!this.#from) return;
    const { item, pointer } = this.#from;
    const from = this.#from;
    this.take(item);
    this.#from = from;
    this.#dragging = true;
    this.#tree.root.dataset.dragging = "";
    this.#tree.root.setPointerCapture(pointer);
  }

  #carry({ clientX, clientY }: PointerEvent): void {
    const found = itemAt(document.elementFromPoint(clientX, clientY));
    const target = found && this.#tree.root.contains(found) && this.#fits(found) ? found : null;
    if (target !== this.#over) {
      this.#mark(target);
      clearTimeout(this.#opening);
      if (target) this.#opening = setTimeout(() => void this.#tree.open(target), OPEN_MS);
    }
    const { root } = this.#tree;
    const { top, bottom } = root.getBoundingClientRect();
    const frame = root.scrollHeight > root.clientHeight ? root : document.scrollingElement;
    const [upper, lower] =
      frame === root ? [Math.max(top, 0), Math.min(bottom, innerHeight)] : [0, innerHeight];
    if (clientY < upper + EDGE_PX) frame?.scrollBy(0, -STEP_PX);
    else if (clientY > lower - EDGE_PX) frame?.scrollBy(0, STEP_PX);
  }

  #mark(target: HTMLElement | null): void {
    if (this.#over) delete this.#over.dataset.over;
    this.#over = target;
    if (!target) return;
    target.dataset.over = "";
    this.#tree.say(this.#tree.root.dataset.over, nameOf(target));
  }

  readonly #up = (event: PointerEvent): void => {
    clearTimeout(this.#rest);
    if (!this.#dragging) {
      this.#from = null;
      return;
    }
    event.preventDefault();
    const target = this.#over;
    // The click that follows a drag is not meant.
    this.#swallowing = true;
    setTimeout(() => {
      this.#swallowing = false;
    });
    if (target) this.#put(target);
    this.leave(!target);
  };

  #swallowing = false;
  readonly #swallow = (event: MouseEvent): void => {
    if (!this.#swallowing) return;
    event.preventDefault();
    event.stopPropagation();
  };
}
