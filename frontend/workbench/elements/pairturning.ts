/** How each of two compared pictures is turned, looked at through a loupe and measured: each by itself, and its turn goes with it. */

import { html, nothing, type ReactiveController, type ReactiveControllerHost } from "lit";
import { textIn } from "../core/contract.ts";
import { angle, mirrored, seenAngle, type Turn, turnedBy, UPRIGHT } from "../core/imaging.ts";
import { paintedOn, withChoice } from "../core/layering.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { ImageCommand } from "../viewer/imagekeys.ts";
import { icon } from "./icons.ts";
import type { Imaging } from "./imaging.ts";
import type { Place } from "./linkedstages.ts";
import type { Side } from "./rubricator-beside.ts";

type Shown = Pick<Imaging, "state" | "set" | "obey">;

interface TurningHost extends ReactiveControllerHost {
  readonly first: Side | null;
  readonly second: Side | null;
  at(place: Place): { readonly imaging: Shown } | null;
}

const PLACES = ["left", "right"] as const;

export class PairTurning implements ReactiveController {
  /** By picture: whichever side it is put on. */
  readonly #turns = new Map<string, Turn>();
  readonly #stood: Record<Place, string> = { left: "", right: "" };

  constructor(private readonly host: TurningHost) {
    host.addController(this);
  }

  hostUpdated(): void {
    for (const place of PLACES) {
      const picture = this.#picture(place);
      if (picture === this.#stood[place]) continue;
      this.#stood[place] = picture;
      this.settle(place);
    }
  }

  get changed(): boolean {
    return PLACES.some((place) => {
      const { rotation, flipped } = this.#turns.get(this.#picture(place)) ?? UPRIGHT;
      return rotation !== 0 || flipped;
    });
  }

  /** A picture has come to this side: it stands as it was turned on the other. */
  settle(place: Place): void {
    const turn = this.#turns.get(this.#picture(place)) ?? UPRIGHT;
    const imaging = this.#imaging(place);
    if (imaging && String(Object.values(imaging.state.turn)) !== String(Object.values(turn)))
      imaging.set({ turn });
  }

  obey(place: Place, command: ImageCommand): void {
    const imaging = this.#imaging(place);
    if (!imaging) return;
    imaging.obey(command);
    this.#keep(place, imaging.state.turn);
  }

  reset(): void {
    this.#turns.clear();
    for (const place of PLACES) this.settle(place);
    this.host.requestUpdate();
  }

  /** A group of the panel for each side. */
  render(texts: Texts) {
    return PLACES.map((place) => this.#group(place, texts));
  }

  #group(place: Place, texts: Texts) {
    const { imaging, comparing } = texts;
    const state = this.#imaging(place)?.state;
    const { turn = UPRIGHT, on = { loupe: false, ruler: false } } = state ?? {};
    const seen = seenAngle(turn);
    const name = comparing[place](textIn(this.#side(place)?.canvas.label, texts.lang));
    return html`<fieldset class="rw-image-group" data-testid="pair-${place}">
      <legend>${name}</legend>
      ${this.#images(place, texts)}
      <div class="rw-row">
        ${this.#button("turnLeft", imaging.turnLeft, () => this.obey(place, { kind: "turn", degrees: -90 }))}
        ${this.#button("turnRight", imaging.turnRight, () => this.obey(place, { kind: "turn", degrees: 90 }))}
        ${this.#button("mirror", imaging.mirror, () => this.#stand(place, mirrored(turn)), turn.flipped)}
      </div>
      <div class="rw-row">
        ${this.#switch("loupe", imaging.loupe, on.loupe, () => this.obey(place, { kind: "loupe" }))}
        ${this.#switch("measure", imaging.measure, on.ruler, () => this.obey(place, { kind: "measure" }))}
      </div>
      <label class="rw-slider">
        <span>${imaging.angle}</span>
        <output>${imaging.degrees(seen)}</output>
        <input
          type="range"
          min="-180"
          max="180"
          step="1"
          .value=${String(seen)}
          aria-label="${imaging.angle}, ${name}"
          aria-valuetext=${imaging.degrees(seen)}
          data-testid="pair-angle"
          @input=${({ target }: Event) => {
            const wanted = Number((target as HTMLInputElement).value);
            this.#stand(place, turnedBy(turn, angle(wanted - seen)));
          }}
        />
      </label>
    </fieldset>`;
  }

  /** Of what was painted in several ways, visible light and ultraviolet for instance, which is seen. */
  #images(place: Place, { imaging, lang }: Texts) {
    const { canvas } = this.#side(place) ?? {};
    const shown = this.#imaging(place)?.state.showing;
    if (!canvas || !shown) return nothing;
    return paintedOn(canvas).map(({ choices }, index) => {
      if (choices.length < 2) return nothing;
      const set = (choice: number) => {
        this.#imaging(place)?.set({ showing: withChoice(shown, index, choice) });
        this.host.requestUpdate();
      };
      return html`<div class="rw-row" role="group" aria-label=${imaging.imageNamed(index + 1)}>
        ${choices.map(({ label }, choice) => {
          const name = textIn(label, lang) || imaging.choice(choice + 1);
          return this.#switch(`choice-${choice}`, name, choice === (shown.choices[index] ?? 0), () =>
            set(choice),
          );
        })}
      </div>`;
    });
  }

  #button(sign: "turnLeft" | "turnRight" | "mirror", label: string, act: () => void, pressed = false) {
    return html`<button
      type="button"
      class="rw-tool rw-tool-framed"
      aria-label=${label}
      title=${label}
      aria-pressed=${sign === "mirror" ? String(pressed) : nothing}
      data-testid="pair-${sign}"
      @click=${act}
    >
      ${icon(sign)}
    </button>`;
  }

  #switch(name: string, label: string, on: boolean, act: () => void) {
    return html`<button type="button" class="rw-button rw-button-small" aria-pressed=${String(on)} data-testid="pair-${name}" @click=${act}>
      ${label}
    </button>`;
  }

  #stand(place: Place, turn: Turn): void {
    this.#imaging(place)?.set({ turn });
    this.#keep(place, turn);
  }

  #keep(place: Place, turn: Turn): void {
    this.#turns.set(this.#picture(place), turn);
    this.host.requestUpdate();
  }

  #side(place: Place): Side | null {
    return place === "left" ? this.host.first : this.host.second;
  }

  #picture(place: Place): string {
    const { canvas, region = null } = this.#side(place) ?? {};
    return `${canvas?.id ?? ""} ${region ?? ""}`;
  }

  #imaging(place: Place): Shown | null {
    return this.host.at(place)?.imaging ?? null;
  }
}
