/** Routes the page's keys to the image, unless someone is typing or pressing the button they are on. */

import type { ReactiveController, ReactiveControllerHost } from "lit";

interface KeyboardStage {
  key(event: KeyboardEvent): boolean;
  carry(carrying: boolean): void;
  /** Sets a corner where a crosshair stands; false, and space carries, where there is none. */
  mark(): boolean;
}

/** Whether keys belong to a text field. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=radio], [type=checkbox]), textarea, select"))
  );
}

export class Keyboard implements ReactiveController {
  constructor(
    host: ReactiveControllerHost & HTMLElement,
    private readonly stage: () => KeyboardStage | null,
    private readonly submit: () => void,
    /** Keys of one page's own, by letter; asked before the image. */
    private readonly own:
      | Readonly<Record<string, () => void>>
      | (() => Readonly<Record<string, () => void>>) = {},
  ) {
    this.#host = host;
    host.addController(this);
  }

  readonly #host: HTMLElement;

  hostConnected(): void {
    document.addEventListener("keydown", this.#down);
    document.addEventListener("keyup", this.#up);
  }

  hostDisconnected(): void {
    document.removeEventListener("keydown", this.#down);
    document.removeEventListener("keyup", this.#up);
  }

  readonly #down = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    const elsewhere = target !== document.body && !this.#host.contains(target);
    if (elsewhere) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!event.repeat) this.submit();
      return;
    }
    if (isTyping(target)) return;
    const control = target.closest("button, a, summary, [role=option]");
    if (event.key === " " && !control) {
      event.preventDefault();
      if (!event.repeat && this.stage()?.mark()) return;
      this.stage()?.carry(true);
      return;
    }
    // Enter and space press the control they are on.
    if (control && (event.key === "Enter" || event.key === " ")) return;
    const known = typeof this.own === "function" ? this.own() : this.own;
    const own = event.ctrlKey || event.metaKey || event.altKey ? undefined : known[event.key.toLowerCase()];
    if (own) {
      event.preventDefault();
      // A key that is held down was pressed once: it says nothing of what has come onto the screen since.
      if (!event.repeat) own();
    } else this.stage()?.key(event);
  };

  readonly #up = (event: KeyboardEvent): void => {
    if (event.key === " ") this.stage()?.carry(false);
  };
}
