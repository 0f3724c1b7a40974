/** Several questions of one task: which of them are asked, how far each is, and each as if it were the only one. */

import type { Campaign, ConceptRef, StepAsked } from "./contract.ts";
import { type Answer, BLANK, type Obstacle, obstacle } from "./draft.ts";
import { mapHistory } from "./history.ts";
import type { SessionState } from "./sessionstate.ts";

type Steps = readonly StepAsked[];

/** How a step stands: done, wanting something, not reached yet, or not asked after what was said before. */
export type Standing = "done" | "open" | "ahead" | "moot";

export const stepsOf = (campaign: Pick<Campaign, "question"> | null): Steps => campaign?.question.steps ?? [];

/** The answer to a step; blank where nothing is said yet. */
export const partOf = (answer: Answer, name: string): Answer => answer.steps?.[name] ?? BLANK;

const isBlankPart = (part: Answer): boolean =>
  !part.nothingHere && part.shapes.length + part.concepts.length + (part.texts?.length ?? 0) === 0;

/** Whether a step is asked: on a step that is not asked itself, or not answered, nothing depends. */
export function isAsked(steps: Steps, answer: Answer, name: string): boolean {
  const condition = steps.find((step) => step.name === name)?.condition;
  if (!condition) return true;
  if (!isAsked(steps, answer, condition.step)) return false;
  const part = partOf(answer, condition.step);
  if (isBlankPart(part)) return false;
  if (condition.something !== undefined && condition.something !== null)
    return condition.something !== part.nothingHere;
  const wanted = new Set(condition.answers ?? condition.concepts ?? []);
  return conceptsIn(part).some(({ id }) => wanted.has(id));
}

const conceptsIn = ({ concepts, shapes }: Answer): ConceptRef[] => [
  ...concepts,
  ...shapes.flatMap((shape) => shape.concepts),
];

/** Why a step cannot be left yet; null where it is complete. */
export function wanting(steps: Steps, answer: Answer, name: string): Obstacle {
  const step = steps.find((one) => one.name === name);
  return step ? obstacle(partOf(answer, name), step.question) : null;
}

/** The first step that is asked and not complete; null where all is said. */
export const nextOpen = (steps: Steps, answer: Answer): string | null =>
  steps.find(({ name }) => isAsked(steps, answer, name) && wanting(steps, answer, name))?.name ?? null;

/** The step that is at hand: the one gone to, as long as it is asked, else the first that wants something. */
export function current(steps: Steps, answer: Answer): string {
  const { at } = answer;
  if (at && steps.some(({ name }) => name === at) && isAsked(steps, answer, at)) return at;
  const asked = steps.filter(({ name }) => isAsked(steps, answer, name));
  return nextOpen(steps, answer) ?? asked.at(-1)?.name ?? "";
}

export function standing(steps: Steps, answer: Answer, name: string): Standing {
  if (!isAsked(steps, answer, name)) return couldBeAsked(steps, answer, name) ? "ahead" : "moot";
  if (!wanting(steps, answer, name)) return "done";
  return name === nextOpen(steps, answer) ? "open" : "ahead";
}

/** Whether what it depends on is still to be said. */
function couldBeAsked(steps: Steps, answer: Answer, name: string): boolean {
  const condition = steps.find((step) => step.name === name)?.condition;
  if (!condition) return true;
  if (!isAsked(steps, answer, condition.step)) return couldBeAsked(steps, answer, condition.step);
  return isBlankPart(partOf(answer, condition.step));
}

/** Goes to a step; part of the answer's history, so that undoing crosses steps. */
export const goTo = (answer: Answer, name: string): Answer =>
  answer.at === name ? answer : { ...answer, at: name };

/** Changes the answer to the step at hand, which stays at hand. */
export function editPart(steps: Steps, answer: Answer, edit: (part: Answer) => Answer): Answer {
  const name = current(steps, answer);
  const before = withWhole(answer, partOf(answer, name));
  const after = edit(before);
  if (after === before) return answer;
  // What was shown and refused, and what stood on the left, is kept once: with the whole.
  const { left, ...part } = after;
  const parts = { ...answer.steps, [name]: { ...part, rejected: [] } };
  return { ...answer, ...(left && { left }), rejected: after.rejected, at: name, steps: parts };
}

/** The answer to a step with what is said of the whole task. */
const withWhole = ({ rejected, left }: Answer, part: Answer): Answer => ({
  ...part,
  rejected,
  ...(left && { left }),
});

/** The answer as it is handed in: without what was said in steps that are not asked any more. */
export function asAsked(answer: Answer, campaign: Pick<Campaign, "question"> | null): Answer {
  const steps = stepsOf(campaign);
  if (!steps.length) return answer;
  const asked = steps.filter(({ name }) => isAsked(steps, answer, name));
  return { ...answer, steps: Object.fromEntries(asked.map(({ name }) => [name, partOf(answer, name)])) };
}

/** What is shown to be judged is no suggestion to the steps that come after. */
const unsuggested = (assignment: SessionState["assignment"]): SessionState["assignment"] =>
  assignment?.predictions.length ? { ...assignment, predictions: [] } : assignment;

/** The sitting as if the step at hand were all that is asked; itself where one question is asked. */
export function viewOf<S extends SessionState | null>(session: S): S {
  const steps = stepsOf(session?.campaign ?? null);
  if (!session?.campaign || !steps.length) return session;
  const name = current(steps, session.history.present);
  const step = steps.find((one) => one.name === name);
  if (!step) return session;
  const { comment } = session.history.present;
  return {
    ...session,
    campaign: { ...session.campaign, question: step.question },
    assignment: step.question.judges ? session.assignment : unsuggested(session.assignment),
    history: mapHistory(session.history, (answer) => ({
      ...withWhole(answer, partOf(answer, name)),
      comment,
    })),
  };
}
