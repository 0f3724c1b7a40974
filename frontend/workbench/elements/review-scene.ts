/** What a review shows on the image: people's boxes as ghosts below, the consensus and its verdicts above. */

import type { ReviewItem } from "../core/contract.ts";
import type { Texts } from "../core/locale/texts.ts";
import { addedIn, type Part, type Ruling, type Rulings } from "../core/rulings.ts";
import type { StageShape } from "../viewer/stage.ts";
import { type Palette, VERMILION } from "./pigments.ts";
import { labelOf } from "./rubricator-shapes.ts";

export interface ReviewScene {
  readonly items: readonly ReviewItem[];
  readonly rulings: Rulings;
  readonly selected: string | null;
  readonly people: Palette;
  /** People whose boxes are switched off. */
  readonly unseen: ReadonlySet<string>;
  readonly texts: Texts;
}

const SIGNS = {
  accepted: "✓ ",
  corrected: "✓ ",
  rejected: "✗ ",
  added: "+ ",
  merged: "∪ ",
  split: "÷ ",
} as const;

/** The id under which a part of a split item stands on the image, and back. */
export const partId = (item: string, part: number): string => `${item}/${part}`;
export function partOf(id: string): { item: string; part: number } {
  const [item = id, part = "0"] = id.split("/");
  return { item, part: Number(part) };
}

/** Everybody who drew a box here, by pseudonym. */
export const participants = (items: readonly ReviewItem[]): string[] =>
  [...new Set(items.flatMap(({ members }) => members.map(({ participant }) => participant)))].sort();

export function reviewed(scene: ReviewScene): StageShape[] {
  const decided = scene.items.flatMap((item, index) => consensus(item, index, scene));
  const added = addedIn(scene.rulings).flatMap(([id, { box, points, concepts }]): StageShape[] =>
    box ? [{ id, box, points, colour: VERMILION.colour, label: `+ ${labelOf(scene.texts, concepts)}` }] : [],
  );
  return [...ghosts(scene), ...decided, ...added];
}

/** With a box picked only its own members are shown: the others would crowd it. */
function ghosts({ items, selected, people, unseen }: ReviewScene): StageShape[] {
  return items
    .filter(({ id }) => !selected || id === selected)
    .flatMap(({ members }) => members)
    .flatMap(({ annotation, participant, box, points }): StageShape[] => {
      if (!box || unseen.has(participant)) return [];
      const { colour } = people.of(participant);
      const line = people.line(participant);
      return [{ id: annotation, box, points, colour, line, ghost: true, bare: true, faint: !selected }];
    });
}

function parts(item: ReviewItem, index: number, all: readonly Part[], texts: Texts): StageShape[] {
  return all.flatMap(({ box, concepts }, part): StageShape[] =>
    box
      ? [
          {
            id: part ? partId(item.id, part) : item.id,
            box,
            colour: VERMILION.colour,
            label: `${SIGNS.split}${index + 1}.${part + 1} ${labelOf(texts, concepts)}`,
          },
        ]
      : [],
  );
}

function consensus(item: ReviewItem, index: number, { rulings, texts }: ReviewScene): StageShape[] {
  const ruling: Ruling | undefined = rulings[item.id];
  if (ruling?.parts) return parts(item, index, ruling.parts, texts);
  const box = ruling?.box ?? item.box;
  const points = ruling?.points ?? item.points;
  if (!box) return [];
  const sign = ruling ? SIGNS[ruling.verdict] : "";
  const rejected = ruling?.verdict === "rejected" || ruling?.into !== undefined;
  return [
    {
      id: item.id,
      box,
      points,
      colour: VERMILION.colour,
      label: `${sign}${index + 1} ${labelOf(texts, ruling?.concepts ?? item.concepts)}`,
      faint: rejected,
      line: rejected ? "dotted" : "solid",
    },
  ];
}
