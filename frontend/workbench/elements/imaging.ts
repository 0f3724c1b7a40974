/** How the image of a stage is shown: what was set holds here, goes to the viewer, and is kept; keys and panel change it. */

import { html, nothing, type ReactiveController, type ReactiveControllerHost } from "lit";
import type { Canvas } from "../core/contract.ts";
import type { Point } from "../core/geometry.ts";
import { AS_IT_IS, mirrored, seenAngle, type Turn, turnedBy, twistedBy, UPRIGHT } from "../core/imaging.ts";
import { isLayered, paintedOn, shownAtFirst, stepped } from "../core/layering.ts";
import type { Texts } from "../core/locale/texts.ts";
import { type ImageCommand, imageCommandOf } from "../viewer/imagekeys.ts";
import type { Command } from "../viewer/keys.ts";
import type { Stage } from "../viewer/stage.ts";
import { hasMap, recall, remember } from "./imagememory.ts";
import { type ImageState, isChanged, nameOf, PLAIN, showOn } from "./imagestate.ts";
import { measureByKey, measuringNote, sayLength, setEnd } from "./measuring.ts";
import "./rubricator-image.ts";

interface ImagingHost extends ReactiveControllerHost {
  readonly drawing: Stage | null;
  readonly canvas: Canvas | null;
  readonly texts: Texts;
  /** The campaign whose settings these are; "" where none are kept, null where there are none. */
  readonly memory: string | null;
  dispatchEvent(event: Event): boolean;
  focus(): void;
}

export class Imaging implements ReactiveController {
  #state: ImageState = PLAIN;
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
    host.addController(this);
  }

  hostUpdate(): void {
    if (this.#memory === this.host.memory) return;
    this.#memory = this.host.memory;
    const { light, minimap } = recall(this.host.memory ?? "");
    this.#minimapSaid = minimap;
    const on = { ...this.#state.on, minimap: this.host.memory !== null && (minimap ?? hasMap(this.#memory)) };
    this.#state = { ...this.#state, light, on };
    this.apply();
    this.#announce();
  }

  get state(): ImageState {
    return this.#state;
  }

  get opened(): boolean {
    return this.#open;
  }

  get changed(): boolean {
    return isChanged(this.#state);
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
    this.apply();
    this.#announce();
  }

  set(change: Partial<ImageState>): void {
    const { image = -1, choice } = this.#lost ?? {};
    if (change.showing && change.showing.choices[image] !== choice) this.#lost = null;
    this.#state = { ...this.#state, ...change };
    if (change.on && change.on.minimap !== (this.#minimapSaid ?? hasMap(this.#memory))) {
      this.#minimapSaid = change.on.minimap;
    }
    remember(this.host.memory ?? "", { light: this.#state.light, minimap: this.#minimapSaid });
    this.apply();
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
    if (found) return this.obey(found);
    return command ? measureByKey(this.host.drawing, command, () => this.#rule(false)) : false;
  }

  /** Space sets an end of the line; false where nothing is measured. */
  mark(): boolean {
    return setEnd(this.host.drawing);
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
    return sayLength(this.host.canvas, this.host.texts, units);
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
      ${on.ruler ? measuringNote(texts, () => this.#rule(false)) : nothing}
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

  obey(command: ImageCommand): boolean {
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
        this.#tell(nameOf(this.host.canvas, next, this.host.texts));
        return true;
      }
    }
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

  #tell(sentence: string): void {
    this.#said = sentence;
    this.host.requestUpdate();
  }

  /** The viewer is told what is set, and told again once it is there. */
  apply(): void {
    if (this.host.drawing) showOn(this.host.drawing, this.#state);
  }

  /** Tells the toolbar: whether the panel is open, and whether anything is not as it is. */
  #announce(): void {
    const detail = { open: this.#open, changed: this.changed };
    this.host.dispatchEvent(new CustomEvent("image-state", { detail, bubbles: true, composed: true }));
  }
}
