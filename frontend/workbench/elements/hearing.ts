/** Hears what the elements inside tell, for as long as their host stands in a page. */

import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Acts on each event of a name, with what it tells. */
export type On = <T>(name: string, act: (detail: T) => void) => void;

export class Hearing implements ReactiveController {
  #listening = new AbortController();

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly listen: (on: On, signal: AbortSignal) => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.listen(
      <T>(name: string, act: (detail: T) => void) =>
        this.host.addEventListener(name, (event) => act((event as CustomEvent<T>).detail), { signal }),
      signal,
    );
  }

  hostDisconnected(): void {
    this.#listening.abort();
  }
}
