/** What of a shared canvas is painted, and what its status line says. Pure. */

import type { Titles } from "../core/contract.ts";
import type { Layer } from "../core/layers.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { ScriptoriumState } from "../core/scriptorium.ts";
import { among } from "../core/several.ts";
import type { StageShape } from "../viewer/stage.ts";
import { type Palette, VERMILION } from "./pigments.ts";
import { pigmentOf } from "./rubricator-company.ts";
import type { Tone } from "./rubricator-status.ts";

/** How far the frame of somebody's hold stands off, as a share of the shorter side of the canvas. */
const OFF = 0.004;

export function paintedTogether(state: ScriptoriumState, palette: Palette, size: readonly [number, number]) {
  const shapes = state.shapes ?? [];
  const off = OFF * Math.min(...size);
  const drawn = shapes.map(({ id, box, points, concepts, lock, waits, holder }, index): StageShape => {
    const [first] = concepts;
    const { colour } = first ? palette.of(first.id) : VERMILION;
    // Two labels in one place would hide each other.
    const label = [`${index + 1}${first ? ` ${first.label}` : ""}`, holder?.name].filter(Boolean).join(" · ");
    return {
      id,
      box,
      points,
      colour,
      label,
      locked: lock !== null,
      ...(waits ? { line: "dash-dot" as const } : {}),
    };
  });
  const frames = shapes.flatMap(({ id, holder, box: [x, y, w, h] }): StageShape[] => {
    if (!holder) return [];
    const { colour } = pigmentOf(holder);
    const box = [x - off, y - off, w + 2 * off, h + 2 * off] as const;
    return [
      {
        id: `hold ${holder.client}`,
        box,
        colour,
        // What is picked here has no other label.
        label: id === state.selected ? holder.name : "",
        line: "dashed",
        ghost: true,
        locked: true,
      },
    ];
  });
  const theirs = state.clashes.flatMap(({ id, theirs: said, by }): StageShape[] => {
    if (!said) return [];
    const { box, points } = said;
    return [
      {
        id: `theirs ${id}`,
        box,
        points,
        colour: "#3b342d",
        label: by ?? "?",
        line: "dotted",
        ghost: true,
        locked: true,
      },
    ];
  });
  return [...drawn, ...frames, ...theirs];
}

/** What is written here as a layer among others: coloured by its labels, or by who wrote. */
export const layerTogether = (
  { id, title }: { readonly id: string; readonly title: Titles },
  { shapes }: Pick<ScriptoriumState, "shapes">,
): Layer => ({
  id,
  title,
  kind: "personal",
  usual: { by: "concept" },
  // The list has the swatch of each.
  isExplained: true,
  shapes: (shapes ?? []).map(({ id, box, points, concepts, text, by: person }) => ({
    ...{ id, box, points, concepts, text, person },
  })),
});

/** All that is picked, in the order of its making. */
export function pickedIn({ shapes, selected, also }: Pick<ScriptoriumState, "shapes" | "selected" | "also">) {
  return among(shapes ?? [], selected ? [...also, selected] : []);
}

/** One line that always says where the work is. */
export function togetherStatus(
  { courier, deaf, shut, clashes, mayWrite }: ScriptoriumState,
  texts: Texts,
): { sentence: string; tone: Tone } {
  const words = texts.scriptorium;
  const waiting = courier.parcels.filter(({ clash, refused }) => !clash && refused === null).length;
  const because = courier.because ?? deaf;
  if (waiting && because === "offline") return { sentence: words.keptOffline(waiting), tone: "held" };
  if (waiting && because === "signin") return { sentence: words.keptSignin(waiting), tone: "held" };
  if (waiting && because) return { sentence: words.keptServer(waiting), tone: "held" };
  if (shut) return { sentence: words.deafShut, tone: "held" };
  if (deaf === "signin") return { sentence: words.signedOut, tone: "held" };
  if (deaf === "offline") return { sentence: words.deafOffline, tone: "held" };
  if (deaf === "server") return { sentence: words.deafServer, tone: "held" };
  if (waiting && !courier.kept) return { sentence: words.notKept, tone: "held" };
  if (clashes.some(({ held }) => !held)) return { sentence: words.choose, tone: "held" };
  if (waiting) return { sentence: words.sending(waiting), tone: "busy" };
  return { sentence: mayWrite ? words.sent : words.live, tone: "done" };
}
