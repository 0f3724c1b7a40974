/** The hand where something is shown to be judged: right, wrong, or corrected in its place and label. */

import { newId } from "../api/world.ts";
import type { ConceptRef, Prediction } from "../core/contract.ts";
import { accept, correct, type Judged, judged, reject, shownIn, unjudge } from "../core/judging.ts";
import type { Place } from "../core/outline.ts";
import type { Desk } from "../core/sessionstate.ts";

export class Judgment {
  constructor(
    private readonly session: Desk,
    private readonly select: (id: string | null) => void,
  ) {}

  /** What is to be judged here; null where people are asked something else. */
  get shown(): Prediction | null {
    return shownIn(this.session.state.campaign, this.session.state.assignment);
  }

  /** Says of what is shown that it is right or wrong; false while a correction is to be made first. */
  judge(verdict: Exclude<Judged, "open">): boolean {
    const { shown, session } = this;
    if (!shown || session.state.revisit?.whyNot) return false;
    if (verdict === "edited") {
      if (judged(session.answer) === "rejected") session.change(unjudge);
      this.select(shown.id);
      return false;
    }
    session.change((now) => (verdict === "accepted" ? accept(now, shown, newId()) : reject(now, shown)));
    return true;
  }

  /** Takes a correction back. */
  leaveAsShown(): void {
    this.session.change(unjudge);
    this.select(null);
  }

  /** It stands elsewhere. */
  place(shown: Prediction, { box }: Pick<Place, "box">): void {
    this.session.change((now) => correct(now, shown, newId(), { box }));
  }

  /** It is something else; chosen again a label is taken back where several are allowed. */
  relabel(shown: Prediction, concept: ConceptRef, { many }: { readonly many: boolean }): void {
    const before = this.session.answer.shapes[0]?.concepts ?? shown.concepts;
    const others = before.filter(({ id }) => id !== concept.id);
    const takenBack = many && others.length < before.length;
    const concepts = takenBack ? others : [...(many ? others : []), concept];
    this.session.change((now) => correct(now, shown, newId(), { concepts }));
  }
}
