/** Hears mouse, pen, fingers and wheel on an element, and tells of them in its own CSS pixels. */

import type { Point } from "../core/geometry.ts";
import type { Press } from "./gestures.ts";
import type { Hand } from "./grips.ts";

export interface PointerEffects {
  /** Whether presses count: not before the canvas has its place. */
  ready(): boolean;
  press(press: Press): void;
  move(press: Press): void;
  release(press: Press): void;
  /** The browser took the pointer away. */
  lose(press: Press): void;
  /** Where a pointer is, pressed or not; null: it has left. */
  point(at: Point | null, hand: Hand): void;
  wheel(delta: number, at: Point): void;
}

const LINE_PX = 24;

export function hearPointers(element: HTMLElement, effects: PointerEffects, signal: AbortSignal): void {
  const at = (event: MouseEvent): [number, number] => {
    const { left, top } = element.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const pressOf = (event: PointerEvent): Press => ({
    id: event.pointerId,
    at: at(event),
    hand: handOf(event),
    aside: event.button > 0,
    gathers: event.shiftKey,
    alt: event.altKey,
  });
  const on = <K extends keyof HTMLElementEventMap>(name: K, act: (event: HTMLElementEventMap[K]) => void) =>
    element.addEventListener(name, act, { signal, passive: false });
  on("pointerdown", (event) => {
    if (event.button > 1) return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    if (!effects.ready()) return;
    element.setPointerCapture(event.pointerId);
    effects.press(pressOf(event));
    effects.point(at(event), handOf(event));
  });
  on("pointermove", (event) => {
    effects.move(pressOf(event));
    effects.point(at(event), handOf(event));
  });
  on("pointerup", (event) => {
    effects.release(pressOf(event));
    effects.point(at(event), handOf(event));
  });
  // The browser's own gestures (fling, double tap) would swallow the next tap beside the image.
  on("touchstart", (event) => event.preventDefault());
  on("pointercancel", (event) => effects.lose(pressOf(event)));
  on("pointerleave", (event) => effects.point(null, handOf(event)));
  on("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
    effects.wheel((event.deltaY || event.deltaX) * lines, at(event));
  });
}

const handOf = ({ pointerType }: PointerEvent): Hand =>
  pointerType === "touch" || pointerType === "pen" ? pointerType : "mouse";
