/** How the image of a stage is shown: what was set holds here, goes to the viewer, and is kept; keys and panel change it. */

import { html, nothing, type ReactiveController, type ReactiveControllerHost } from "lit";
import { type Canvas, textIn } from "../core/contract.ts";
import type { Point } from "../core/geometry.ts";
import {
  AS_IT_IS,
  isLit,
  isTurned,
  type Light,
  mirrored,
  seenAngle,
  type Turn,
  turnedBy,
  twistedBy,
  UPRIGHT,
} from "../core/imaging.ts";
import { isLayered, paintedOn, type Showing, shownAtFirst, stepped } from "../core/layering.ts";
import type { Texts } from "../core/locale/texts.ts";
import { inCanvasUnits, realLength } from "../core/measuring.ts";
import type { AidsOn } from "../viewer/aids.ts";
import { type ImageCommand, imageCommandOf } from "../viewer/imagekeys.ts";
import type { Command } from "../viewer/keys.ts";
import type { Stage } from "../viewer/stage.ts";
import { stepOnCanvas } from "../viewer/turning.ts";
import { recall, remember } from "./imagememory.ts";
import "./rubricator-image.ts";

export interface ImageState {
  readonly light: Light;
  readonly turn: Turn;
  readonly showing: Showing;
  readonly on: AidsOn;
}

interface ImagingHost extends ReactiveControllerHost {
  readonly drawing: Stage | null;
  readonly canvas: Canvas | null;
  readonly texts: Texts;
  /** The campaign whose settings these are; "" where none are kept, null where there are none. */
  readonly memory: string | null;
  dispatchEvent(event: Event): boolean;
  focus(): void;
}

/** Without a modifier the crosshair of the ruler goes by this many pixels, with Shift by ten times that. */
const AIM_PX = 2;

export class Imaging implements ReactiveController {
  #state: ImageState;
  #open = false;
  #canvas = "";
  #memory: string | null = null;
  #minimapSaid: boolean | null = null;
  /** What a screen reader is told of the last change. */
  #said = "";
  /** How the image stood when two fingers began to turn it. */
  #twisting: Turn | null = null;
  #lost: { readonly image: number; readonly choice: number } | null = null;

  constructor(private readonly host: ImagingHost) {
    this.#state = {
      light: AS_IT_IS,
      turn: UPRIGHT,
      showing: { choices: [], opacities: [] },
      on: { minimap: false, loupe: false, ruler: false },
    };
    host.addController(this);
  }

  hostUpdate(): void {
    if (this.#memory === this.host.memory) return;
    this.#memory = this.host.memory;
    const { light, minimap } = recall(this.host.memory ?? "");
    this.#minimapSaid = minimap;
    const on = { ...this.#state.on, minimap: this.host.memory !== null && (minimap ?? hasRoom()) };
    this.#state = { ...this.#state, light, on };
    this.#apply();
    this.#announce();
  }

  get showing(): Showing {
    return this.#state.showing;
  }

  get opened(): boolean {
    return this.#open;
  }

  get changed(): boolean {
    const { light, turn, showing } = this.#state;
    const isOther = showing.choices.some((choice) => choice > 0) || showing.opacities.some((one) => one < 1);
    return isLit(light) || isTurned(turn) || isOther;
  }

  /** A canvas is about to be opened: another one stands upright, and shows what it shows at first. */
  begin(canvas: Canvas): void {
    if (canvas.id === this.#canvas) return;
    this.#canvas = canvas.id;
    this.#said = "";
    this.#lost = null;
    this.#twisting = null;
    const { on } = this.#state;
    this.#state = {
      ...this.#state,
      turn: UPRIGHT,
      showing: shownAtFirst(paintedOn(canvas)),
      on: { ...on, ruler: false },
    };
    this.host.drawing?.turn(UPRIGHT, { immediately: true });
    this.#apply();
    this.#announce();
  }

  set(change: Partial<ImageState>): void {
    const { image = -1, choice } = this.#lost ?? {};
    if (change.showing && change.showing.choices[image] !== choice) this.#lost = null;
    this.#state = { ...this.#state, ...change };
    if (change.on && change.on.minimap !== (this.#minimapSaid ?? hasRoom())) {
      this.#minimapSaid = change.on.minimap;
    }
    remember(this.host.memory ?? "", { light: this.#state.light, minimap: this.#minimapSaid });
    this.#apply();
    this.#announce();
    this.host.requestUpdate();
  }

  toggle(open = !this.#open): void {
    if (this.#open === open) return;
    this.#open = open;
    this.host.requestUpdate();
    this.#announce();
    // What was seen whole stays so, beside the panel.
    const { drawing } = this.host;
    if (drawing?.whole) void this.host.updateComplete.then(() => drawing.fit());
    if (!open) this.host.focus();
  }

  /** Does what a key means; answers whether it meant anything here. */
  key(event: KeyboardEvent, command: Command | null): boolean {
    const found = this.host.memory === null ? null : imageCommandOf(event);
    if (found) return this.#obey(found);
    return command ? this.#measure(command) : false;
  }

  /** Space sets an end of the line; false where nothing is measured. */
  mark(): boolean {
    const stage = this.host.drawing;
    if (!stage?.placed || !stage.aids.ruler) return false;
    stage.aids.ruler.set(stage.view(), stage.size);
    return true;
  }

  /** Two fingers turn the image by so many degrees since they came down; null: they have gone. */
  twist(degrees: number | null, about: Point): void {
    if (this.host.memory === null) return;
    if (degrees === null) {
      this.#twisting = null;
      this.#stand(this.#state.turn);
      return;
    }
    this.#twisting ??= this.#state.turn;
    const turn = twistedBy(this.#twisting, degrees);
    if (turn.rotation === this.#state.turn.rotation) return;
    this.host.drawing?.turn(turn, { about });
    this.set({ turn });
  }

  sayLength(units: number): string {
    const { scale } = this.host.canvas ?? {};
    const { length, measured } = this.host.texts.imaging;
    return measured(length(inCanvasUnits(units)), scale ? length(realLength(units, scale)) : "");
  }

  /** An image could not be loaded: what was shown before stays until another is chosen. */
  missing(image: number, choice: number): void {
    this.#lost = { image, choice };
    this.host.requestUpdate();
  }

  measured(units: number): void {
    this.#tell(this.sayLength(units));
  }

  render() {
    const { texts, canvas } = this.host;
    const { on } = this.#state;
    return html`
      <p class="rw-unseen" role="status" data-testid="image-said">${this.#said}</p>
      ${on.ruler ? this.#measuringNote() : nothing}
      ${this.#lost ? html`<p class="rw-stage-note" role="alert" data-testid="image-missing">${texts.imaging.missing}</p>` : nothing}
      ${
        this.#open && canvas
          ? html`<rubricator-image
              .texts=${texts}
              .images=${paintedOn(canvas)}
              .state=${this.#state}
              @image-set=${(event: CustomEvent<Partial<ImageState>>) => this.#change(event.detail)}
              @image-turn=${(event: CustomEvent<{ degrees: number }>) => this.#turn(event.detail.degrees)}
              @image-mirror=${() => this.#stand(mirrored(this.#state.turn))}
              @image-reset=${() => this.#reset()}
              @image-close=${() => this.toggle(false)}
            ></rubricator-image>`
          : nothing
      }
    `;
  }

  #measuringNote() {
    const { measuring, measuringTouch, measuringKeys, endMeasuring } = this.host.texts.imaging;
    const touch = matchMedia("(pointer: coarse)").matches;
    return html`<div class="rw-stage-note rw-sketch-note rw-measure-note" data-testid="measuring">
      <p>${touch ? measuringTouch : measuring} ${touch ? nothing : html`<span class="rw-measure-keys">${measuringKeys}</span>`}</p>
      <button type="button" class="rw-button rw-button-small" data-testid="measure-end" @click=${() => this.#rule(false)}>
        ${endMeasuring}
      </button>
    </div>`;
  }

  #obey(command: ImageCommand): boolean {
    const { on, showing, turn } = this.#state;
    switch (command.kind) {
      case "settings":
        this.toggle();
        return true;
      case "loupe":
        this.set({ on: { ...on, loupe: !on.loupe } });
        return true;
      case "measure":
        this.#rule(!on.ruler);
        return true;
      case "turn":
        this.#stand(turnedBy(turn, command.degrees));
        return true;
      case "step": {
        const images = this.host.canvas ? paintedOn(this.host.canvas) : [];
        const next = stepped(images, showing, command.step);
        if (next === showing) return isLayered(images);
        this.set({ showing: next });
        this.#tell(this.#nameOf(next));
        return true;
      }
    }
  }

  /** While the ruler is out arrows, Enter and Escape are its own. */
  #measure(command: Command): boolean {
    const stage = this.host.drawing;
    const ruler = stage?.aids.ruler;
    if (!stage?.placed || !ruler) return false;
    if (command.kind === "nudge" || command.kind === "grow") {
      const [dx, dy] = stepOnCanvas(stage.view(), [command.dx, command.dy]);
      const unit = AIM_PX / stage.scale;
      ruler.step([dx * unit, dy * unit], stage.view(), stage.size);
      if (ruler.aim) stage.reveal([...ruler.aim, 1, 1], 0);
      return true;
    }
    if (command.kind === "confirm") return this.mark();
    if (command.kind === "cancel") {
      this.#rule(false);
      return true;
    }
    // Who wants to draw has done with measuring.
    if (command.kind === "new" || command.kind === "draw" || command.kind === "move") this.#rule(false);
    return false;
  }

  /** Another tool is taken up. */
  putAway(): void {
    if (this.#state.on.ruler) this.#rule(false);
  }

  #change(change: Partial<ImageState>): void {
    const ruler = change.on?.ruler;
    if (ruler === undefined || ruler === this.#state.on.ruler) this.set(change);
    else this.#rule(ruler);
  }

  #rule(ruler: boolean): void {
    this.set({ on: { ...this.#state.on, ruler } });
    if (ruler && matchMedia("(max-width: 55.99rem)").matches) this.toggle(false);
    this.host.focus();
    this.#tell(ruler ? `${this.host.texts.imaging.measuring} ${this.host.texts.imaging.measuringKeys}` : "");
  }

  #turn(degrees: number): void {
    this.#stand(turnedBy(this.#state.turn, degrees));
  }

  #stand(turn: Turn): void {
    this.set({ turn });
    this.#tell(this.host.texts.imaging.stands(seenAngle(turn), turn.flipped));
  }

  #reset(): void {
    const { canvas } = this.host;
    const showing = shownAtFirst(canvas ? paintedOn(canvas) : []);
    this.set({ light: AS_IT_IS, turn: UPRIGHT, showing });
    this.#tell(this.host.texts.imaging.stands(0, false));
  }

  #nameOf({ choices }: Showing): string {
    const images = this.host.canvas ? paintedOn(this.host.canvas) : [];
    const index = images.findIndex((image) => image.choices.length > 1);
    const choice = choices[index] ?? 0;
    const { imaging, lang } = this.host.texts;
    return imaging.shown(textIn(images[index]?.choices[choice]?.label, lang) || imaging.choice(choice + 1));
  }

  #tell(sentence: string): void {
    this.#said = sentence;
    this.host.requestUpdate();
  }

  #apply(): void {
    const stage = this.host.drawing;
    if (!stage) return;
    const { light, turn, showing, on } = this.#state;
    stage.light(light);
    stage.turn(turn);
    stage.show(showing);
    const now = stage.aids.on;
    if (on.minimap !== now.minimap || on.loupe !== now.loupe || on.ruler !== now.ruler) stage.aids.set(on);
  }

  /** Tells the toolbar: whether the panel is open, and whether anything is not as it is. */
  #announce(): void {
    const detail = { open: this.#open, changed: this.changed };
    this.host.dispatchEvent(new CustomEvent("image-state", { detail, bubbles: true, composed: true }));
  }

  /** The viewer is there: it is told what has been set before. */
  arrive(): void {
    this.#apply();
  }
}

const hasRoom = (): boolean => !matchMedia("(max-width: 55.99rem), (max-height: 30rem)").matches;
