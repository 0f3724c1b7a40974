/** What is done on an image under review, and pressed and written beside it, becomes a decision. */

import * as clusters from "../core/clusters.ts";
import type { ConceptRef, StepAsked, Written } from "../core/contract.ts";
import type { Place } from "../core/outline.ts";
import * as rulings from "../core/rulings.ts";
import type { Deciding } from "./deciding.ts";
import type { On } from "./hearing.ts";

export function hearImage(
  on: On,
  deciding: Deciding,
  host: { readonly items: readonly { readonly id: string }[] },
): void {
  on<{ id: string | null; reveal?: boolean }>("stage-select", ({ id, reveal }) =>
    deciding.select(id, { reveal: reveal ?? false }),
  );
  on<Place & { id: string }>("stage-edit", ({ id, box, points }) => deciding.correct(id, { box, points }));
  on<Place>("stage-draw", (place) => deciding.draw(place));
  on("stage-delete", () => deciding.reject());
  on("stage-confirm", () => deciding.accept());
  // The first box is shown close once its image is there.
  on(
    "rubricator-image-shown",
    () => deciding.selected || deciding.select(host.items[0]?.id ?? null, { reveal: true }),
  );
}

export function hearCard(
  on: On,
  deciding: Deciding,
  host: { readonly stage: { focus(): void } | null },
): void {
  on("item-accept", () => deciding.accept());
  on("item-reject", () => deciding.reject());
  on("item-merge", () => deciding.merge());
  on("item-split", () => deciding.split());
  on("items-accept-rest", () => deciding.acceptRest());
  on<{ step: StepAsked }>("step-add", ({ step: { name, question } }) =>
    question.draws ? deciding.drawFor(name) : deciding.addTo(name),
  );
  on<{ part: number }>("item-part", ({ part }) => deciding.take(part));
  on<{ member: string; part: number }>("item-assign", ({ member, part }) => {
    const { item } = deciding;
    if (item) deciding.turn(clusters.assign(deciding.rulings, item, member, part));
    deciding.take(0);
  });
  on<{ reason: string }>("item-reason", ({ reason }) => {
    const { item, selected, rulings: now } = deciding;
    const base = item && !now[item.id] ? rulings.accept(now, item) : now;
    if (selected) deciding.turn(rulings.amend(base, selected, { reason }));
  });
  on<{ concept: ConceptRef }>("concept-chosen", ({ concept }) => {
    deciding.label(concept);
    host.stage?.focus();
  });
  on<{ text: Written }>("item-text", ({ text }) => {
    if (deciding.selected) deciding.correct(deciding.selected, { text: rulings.plain(text) });
    host.stage?.focus();
  });
  on<{ text: Written }>("text-written", ({ text }) => {
    if (deciding.selected) deciding.correct(deciding.selected, { text });
  });
  for (const name of ["text-leave", "text-done", "concepts-leave"]) on(name, () => host.stage?.focus());
}
