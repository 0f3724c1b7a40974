/** Lets a protected image in: asks the doorkeeper before it is opened, and what to ask of the person meanwhile. */

import { html, nothing, type ReactiveControllerHost } from "lit";
import type { Outcome } from "../core/access.ts";
import type { Canvas } from "../core/contract.ts";
import { isProtected, withBase, withOthers } from "../core/layering.ts";
import type { Texts } from "../core/locale/texts.ts";
import { doorkeeper } from "./rubricator-access.ts";

interface AdmissionHost extends ReactiveControllerHost {
  readonly canvas: Canvas | null;
  readonly texts: Texts;
}

export class Admission {
  #outcome: Outcome | null = null;

  constructor(
    private readonly host: AdmissionHost,
    /** Shows a canvas whose images may be fetched. */
    private readonly open: (canvas: Canvas) => unknown,
  ) {}

  /** Whether the person is asked for something before the image can be shown. */
  get asks(): boolean {
    return Boolean(this.#outcome?.ask);
  }

  /** Another canvas is to be shown, or none. */
  async begin(canvas: Canvas | null): Promise<void> {
    this.#become(null);
    if (!canvas) return;
    if (!isProtected(canvas)) {
      this.open(canvas);
      return;
    }
    try {
      await this.#admit(canvas, await doorkeeper.admit(canvas));
    } catch {
      // A probe that cannot be asked tells nothing: the image may open all the same.
      await this.#admit(canvas, { canvas, ask: null });
    }
  }

  render() {
    if (!this.asks) return nothing;
    return html`<rubricator-access
      .canvas=${this.host.canvas}
      .outcome=${this.#outcome}
      .texts=${this.host.texts}
      @access-outcome=${({ detail }: CustomEvent<{ canvas: Canvas; outcome: Outcome }>) =>
        void this.#admit(detail.canvas, detail.outcome)}
    ></rubricator-access>`;
  }

  async #admit(asked: Canvas, outcome: Outcome): Promise<void> {
    const { canvas } = this.host;
    if (!canvas || asked.id !== canvas.id) return;
    this.#become(outcome);
    if (!outcome.canvas) return;
    const shown = await withOthers(withBase(canvas, outcome.canvas), (one) => doorkeeper.admit(one));
    if (asked.id !== this.host.canvas?.id) return;
    this.open(shown);
  }

  #become(outcome: Outcome | null): void {
    this.#outcome = outcome;
    this.host.requestUpdate();
  }
}
