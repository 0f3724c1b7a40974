/** What lies under a hand: the grip or handle of what is picked, or the shape that a click would pick. */

import { hit, type Point } from "../core/geometry.ts";
import { encloses, isOutline, isPoint } from "../core/outline.ts";
import type { Scene, Touchable } from "./gestures.ts";
import { gripAt, type Hand, REACH_PX } from "./grips.ts";
import type { Outliner } from "./outliner.ts";
import { toCanvas, toScreen, type View } from "./view.ts";

export class UnderHand {
  constructor(
    private readonly view: () => View,
    private readonly scene: () => Scene,
    private readonly outliner: Outliner,
  ) {}

  /** A grip of the picked box. */
  grip(at: Point, hand: Hand) {
    const { tool } = this.scene();
    const shape = this.#picked;
    if (!shape || shape.points?.length) return null;
    const grip = gripAt(this.view(), shape.box, at, hand, { everywhere: tool === "move" });
    return grip && { shape, grip };
  }

  /** A handle of the picked outline or point; none while another outline is drawn over it. */
  handle(at: Point, hand: Hand) {
    const shape = this.outliner.busy ? undefined : this.#picked;
    if (!shape?.points?.length) return null;
    const handle = this.outliner.handle(shape.points, at, hand, this.scene().tool === "move");
    return handle && { id: shape.id, points: shape.points, handle };
  }

  /** A box or outline, the smallest; or a point near by, the nearest, which comes before these. */
  shape(at: Point): Touchable | null {
    const shapes = this.scene().shapes.filter(({ ghost }) => !ghost);
    const here = toCanvas(this.view(), at);
    const away = (shape: Touchable) => {
      const [x, y] = toScreen(this.view(), shape.points?.[0] ?? [0, 0]);
      return Math.hypot(x - at[0], y - at[1]);
    };
    const near = shapes.filter((shape) => isPoint(shape) && away(shape) <= REACH_PX.pen);
    const [nearest] = near.sort((a, b) => away(a) - away(b));
    const under = shapes.filter(
      (shape) => !isPoint(shape) && (!isOutline(shape) || encloses(shape.points ?? [], here)),
    );
    return nearest ?? hit(under, here);
  }

  get #picked(): Touchable | undefined {
    const { selected, shapes, readonly } = this.scene();
    return readonly ? undefined : shapes.find(({ id, locked }) => id === selected && !locked);
  }
}
