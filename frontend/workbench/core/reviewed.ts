/** What is under review at an image: every item, what is decided so far, and which step each of them answers. */

import type { Campaign, ReviewItem, StepAsked } from "./contract.ts";
import type { Asked } from "./locale/index.ts";
import { addedIn, type Rulings } from "./rulings.ts";
import { stepsOf } from "./sequence.ts";

export interface Reviewed {
  readonly campaign: Campaign | null;
  readonly items: readonly ReviewItem[];
  readonly rulings: Rulings;
}

export const itemOf = ({ items }: Pick<Reviewed, "items">, id: string | null): ReviewItem | null =>
  items.find((item) => item.id === id) ?? null;

/** Everything in walking order: what people drew, and what was added. */
export const walked = ({ items, rulings }: Pick<Reviewed, "items" | "rulings">): string[] => [
  ...items.map(({ id }) => id),
  ...addedIn(rulings).map(([id]) => id),
];

/** The labels that stand for each of some; of what fell into parts those of one part. */
export const labelsOf = (
  { items, rulings }: Pick<Reviewed, "items" | "rulings">,
  ids: readonly string[],
  part = 0,
) =>
  ids.map((id) => {
    const ruling = rulings[id];
    const { concepts } = ruling?.parts?.[part] ?? ruling ?? itemOf({ items }, id) ?? { concepts: [] };
    return { id, concepts };
  });

/** The step to which an item, or something added, belongs; empty where one question is asked. */
export const stepOf = (reviewed: Omit<Reviewed, "campaign">, id: string | null): string =>
  itemOf(reviewed, id)?.step || (id && reviewed.rulings[id]?.step) || "";

/** The question that an item answers: of a sequence that of its step. */
export function askedOf(reviewed: Reviewed, id: string | null): Campaign["question"] | null {
  const step = stepOf(reviewed, id);
  const found = stepsOf(reviewed.campaign).find(({ name }) => name === step);
  return found?.question ?? reviewed.campaign?.question ?? null;
}

/** What people were asked for: what is said of it in a review depends on that. */
export function kindOf(question: Campaign["question"] | null): Asked {
  const { writes, draws = true, judges, answers = [], shapes = "box" } = question ?? {};
  if (writes) return "text";
  if (draws || judges) return shapes;
  return answers.length ? "answer" : "label";
}

/** The same of all that is under review: of a sequence there may be anything. */
export const kindOfAll = ({ campaign }: Pick<Reviewed, "campaign">): Asked =>
  stepsOf(campaign).length ? "answer" : kindOf(campaign?.question ?? null);

/** The step that a shape drawn now belongs to: that of what is picked, else the first in which one draws. */
export function drawnIn(campaign: Campaign | null, picked: string): StepAsked | null {
  const drawing = stepsOf(campaign).filter(({ question }) => question.draws);
  return drawing.find(({ name }) => name === picked) ?? drawing[0] ?? null;
}
