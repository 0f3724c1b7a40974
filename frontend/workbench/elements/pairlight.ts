/** Light and colour of two pictures that are compared: one setting for both, so that a difference is one of the pictures; in its panel stands what is set of each. */

import { html, nothing, type ReactiveController, type ReactiveControllerHost } from "lit";
import { AS_IT_IS, isLit, type Light } from "../core/imaging.ts";
import type { Texts } from "../core/locale/texts.ts";
import { recall, remember } from "./imagememory.ts";
import { PLAIN } from "./imagestate.ts";
import type { Imaging } from "./imaging.ts";
import type { PairTurning } from "./pairturning.ts";
import "./rubricator-image.ts";

interface PairHost extends ReactiveControllerHost {
  /** Where it is remembered; "" for nowhere. */
  readonly memory: string;
  readonly stages: readonly ({ readonly imaging?: Pick<Imaging, "set"> } | null)[];
  focus(): void;
}

export class PairLight implements ReactiveController {
  #light: Light = AS_IT_IS;
  #open = false;
  #memory = "";

  constructor(
    private readonly host: PairHost,
    /** What is set for each of them by itself. */
    private readonly each: Pick<PairTurning, "render" | "changed" | "reset">,
  ) {
    host.addController(this);
  }

  get opened(): boolean {
    return this.#open;
  }

  get changed(): boolean {
    return isLit(this.#light) || this.each.changed;
  }

  hostUpdated(): void {
    const { memory } = this.host;
    if (memory === this.#memory) return;
    this.#memory = memory;
    this.#shine(recall(memory).light);
  }

  readonly toggle = (): void => {
    this.#open = !this.#open;
    this.host.requestUpdate();
    if (!this.#open) this.host.focus();
  };

  render(texts: Texts) {
    if (!this.#open) return nothing;
    return html`<rubricator-image
      .texts=${texts}
      .state=${{ ...PLAIN, light: this.#light }}
      only-light
      .more=${this.each.render(texts)}
      ?more-changed=${this.each.changed}
      @image-set=${(event: CustomEvent<{ light?: Light }>) => this.#set(event.detail.light ?? this.#light)}
      @image-reset=${() => this.#reset()}
      @image-close=${this.toggle}
    ></rubricator-image>`;
  }

  #reset(): void {
    this.each.reset();
    this.#set(AS_IT_IS);
  }

  #set(light: Light): void {
    remember(this.#memory, { ...recall(this.#memory), light });
    this.#shine(light);
  }

  #shine(light: Light): void {
    if (light === this.#light) return;
    this.#light = light;
    for (const stage of this.host.stages) stage?.imaging?.set({ light });
    this.host.requestUpdate();
  }
}
