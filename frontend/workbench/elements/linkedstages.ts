/** Two stages that move as one: the one under the hand leads, and the other looks where it looks. */

import { lookOf, seenBy } from "../core/linking.ts";
import type { Stage } from "../viewer/stage.ts";
import { lieOf, straight } from "../viewer/view.ts";

export type Place = "left" | "right";
export const OTHER = { left: "right", right: "left" } as const;

/** What of a stage is moved. */
interface Movable {
  readonly drawing: Pick<Stage, "placed" | "view" | "home" | "look"> | null;
  fit(): void;
}

export class LinkedStages<S extends Movable> {
  /** The one that is moved by hand or key; the other follows. */
  leader: Place = "left";
  #following = false;

  constructor(
    readonly at: (place: Place) => S | null,
    /** Whether they move as one just now. */
    private readonly bound: () => boolean,
  ) {}

  get led(): S | null {
    return this.at(this.leader);
  }

  /** The other one looks where the leader looks; of the two only the leader is ever followed. */
  follow(place: Place): void {
    if (place !== this.leader || this.#following || !this.bound()) return;
    const [led, other] = [this.at(place)?.drawing, this.at(OTHER[place])?.drawing];
    if (!led?.placed || !other?.placed) return;
    this.#following = true;
    const view = led.view();
    const look = lookOf(straight(view), led.home(), lieOf(view));
    other.look(seenBy(look, other.home(), lieOf(other.view())));
    this.#following = false;
  }

  fit(): void {
    this.at("left")?.fit();
    this.at("right")?.fit();
  }

  /** With another size on the screen both begin anew; the viewers learn of it a frame later. */
  settle(): void {
    requestAnimationFrame(() => requestAnimationFrame(() => this.fit()));
  }
}
