/** `<rubricator-company>`: who else is at the canvas, each in the pigment that frames what they hold. */

import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Presence } from "../core/shared.ts";
import { LightElement } from "./light.ts";
import { Palette, type Pigment } from "./pigments.ts";

const SEATS = Array.from({ length: 6 }, (_, seat) => `seat ${seat}`);
const seats = new Palette();
seats.prime(SEATS);

/** The same for everybody who looks: it belongs to the seat. */
export const pigmentOf = ({ seat }: Presence): Pigment => seats.of(SEATS[seat % SEATS.length]);

@customElement("rubricator-company")
export class RubricatorCompany extends LightElement {
  @property({ attribute: false }) present: readonly Presence[] = [];
  @property({ attribute: false }) texts: Texts = en;
  /** Whether one is told that one is alone; who only looks on may not be told who works here. */
  @property({ type: Boolean }) working = false;
  /** Who came or went just now, for who does not see it. */
  @state() private said = "";

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("present");
    if (!before) return;
    const [were, are] = [names(before), names(this.present)];
    const { came, went } = this.texts.scriptorium;
    const lines = [
      ...[...are].filter((name) => !were.has(name)).map(came),
      ...[...were].filter((name) => !are.has(name)).map(went),
    ];
    if (lines.length) this.said = lines.join(" ");
  }

  override render() {
    const { present, texts } = this;
    const words = texts.scriptorium;
    return html`<section class="rw-company" aria-label=${words.here} data-testid="company">
      ${
        present.length
          ? html`<ul>
              ${present.map((one) => this.#one(one))}
            </ul>`
          : this.working
            ? html`<p class="rw-hint">${words.alone}</p>`
            : nothing
      }
      <p class="rw-unseen" aria-live="polite">${this.said}</p>
    </section>`;
  }

  #one(one: Presence) {
    const words = this.texts.scriptorium;
    return html`<li data-testid="present" data-holds=${one.holds ?? nothing}>
      <i class="rw-swatch rw-pigment-${pigmentOf(one).name}" aria-hidden="true">${initialOf(one.name)}</i>
      <span>${one.name}${one.me ? html` <small>(${words.otherWindow})</small>` : nothing}</span>
      ${one.holds ? html`<span class="rw-unseen">, ${words.holds}</span>` : nothing}
    </li>`;
  }
}

const names = (present: readonly Presence[]): Set<string> =>
  new Set(present.filter(({ me }) => !me).map(({ name }) => name));

/** The first letter as one sees it, whatever the script. */
export const initialOf = (name: string): string => ([...name.trim()][0] ?? "?").toUpperCase();

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-company": RubricatorCompany;
  }
}
