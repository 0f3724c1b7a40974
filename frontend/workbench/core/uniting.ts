/** Two versions of one answer made into one that says what both say, each thing once. */

import { type Answer, BLANK, isBlank, type Shape, saysTheSame, twinOf } from "./draft.ts";

interface How {
  /** Whether a shape may have several labels; of a sequence by the name of the step. */
  readonly many: (step: string) => boolean;
  readonly newId: () => string;
}

/**
 * Both versions as one: shapes are put together; of a sequence each step is. Null where there is nothing to unite, or
 * a step that has no shapes is answered in two ways.
 */
export function united(mine: Answer, theirs: Answer, how: How): Answer | null {
  if (!mine.steps && !theirs.steps) return ofShapes(mine, theirs, how.many(""), how.newId);
  const [ours, others] = [mine.steps ?? {}, theirs.steps ?? {}];
  const steps: Record<string, Answer> = {};
  let joins = false;
  for (const name of new Set([...Object.keys(others), ...Object.keys(ours)])) {
    const [one, other] = [ours[name] ?? BLANK, others[name] ?? BLANK];
    if (isBlank(one) || isBlank(other) || saysTheSame(one, other)) {
      steps[name] = isBlank(other) ? one : other;
      continue;
    }
    const both = ofShapes(one, other, how.many(name), how.newId);
    if (!both) return null;
    steps[name] = both;
    joins = true;
  }
  return joins ? { ...theirs, steps, comment: joined(mine.comment, theirs.comment) } : null;
}

/**
 * What stands, and with it what only mine says. A shape that both have on almost the same place is one: as mine has
 * it, with the labels of both where several are allowed. One that was moved apart is two: the one that stands keeps
 * its id. Null where there is nothing to unite: answers without shapes, or one that says “nothing here”.
 */
function ofShapes(mine: Answer, theirs: Answer, many: boolean, newId: () => string): Answer | null {
  if (mine.nothingHere || theirs.nothingHere) return null;
  if (!mine.shapes.length || !theirs.shapes.length) return null;
  const shapes: Shape[] = [...theirs.shapes];
  for (const shape of mine.shapes) {
    const twin = twinOf({ ...theirs, shapes: [...shapes] }, shape);
    const at = twin ? shapes.indexOf(twin) : -1;
    if (twin && at >= 0) shapes[at] = merged(shape, twin, many);
    else shapes.push(shapes.some(({ id }) => id === shape.id) ? { ...shape, id: newId() } : shape);
  }
  const taken = new Set(shapes.map(({ prediction }) => prediction));
  const rejected = [...new Set([...theirs.rejected, ...mine.rejected])].filter((id) => !taken.has(id));
  return { ...theirs, shapes, rejected, comment: joined(mine.comment, theirs.comment) };
}

/** Mine at the place and under the id of the one that stands. */
function merged(mine: Shape, theirs: Shape, many: boolean): Shape {
  const more = theirs.concepts.filter(({ id }) => !mine.concepts.some((one) => one.id === id));
  const concepts = many
    ? [...mine.concepts, ...more]
    : mine.concepts.length
      ? mine.concepts
      : theirs.concepts;
  const { id, origin, prediction } = theirs;
  const stays = said(theirs) === said({ ...mine, concepts });
  return { ...mine, id, origin: origin === "accepted" && !stays ? "edited" : origin, prediction, concepts };
}

const said = ({ box, points, concepts }: Shape) => String([points ?? box, concepts.map(({ id }) => id)]);

function joined(mine: string, theirs: string): string {
  const [one, other] = [theirs.trim(), mine.trim()];
  if (!one || one.includes(other)) return one || other;
  return other.includes(one) ? other : `${one}\n${other}`;
}
