/** What is drawn as an example goes into a form of the page, and with it to the server. */

import type { Answer } from "../core/draft.ts";

/** Puts the answer into the field `example` of the form with this id, and sends the form. */
export function keepExample(formId: string, answer: Answer): void {
  const form = document.getElementById(formId);
  const field = form?.querySelector<HTMLInputElement>("[name=example]");
  if (!(form instanceof HTMLFormElement) || !field) return;
  const parts = [answer, ...Object.values(answer.steps ?? {})];
  const ids = (concepts: Answer["concepts"]) => concepts.map(({ id }) => id);
  const written = parts.flatMap(({ texts = [] }) => texts);
  field.value = JSON.stringify({
    nothing_here: answer.nothingHere,
    shapes: parts.flatMap(({ shapes }) =>
      shapes.map(({ box, points = [], concepts }) => ({ box, points, concepts: ids(concepts) })),
    ),
    concepts: parts.flatMap(({ concepts }) => ids(concepts)),
    ...(written.length && { texts: written }),
  });
  form.requestSubmit();
}
