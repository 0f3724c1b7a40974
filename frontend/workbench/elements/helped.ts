/** Ties what helps the hand at a shared canvas to what is pressed and picked there, and shows it beside the image. */

import { html, nothing, type ReactiveControllerHost } from "lit";
import type { Candidate } from "../core/candidates.ts";
import type { Canvas, ConceptRef } from "../core/contract.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Act, AssistState } from "./assisting.ts";
import { Hearing } from "./hearing.ts";
import type { Helping } from "./helping.ts";
import "./rubricator-assist.ts";
import "./rubricator-suggestions.ts";

/** What the margin shows of it. */
export interface Help {
  readonly state: AssistState;
  readonly open: readonly Candidate[];
  readonly picked: string | null;
  readonly least: number;
  readonly wayTo: Helping["wayTo"] | null;
}

export const helpOf = (helping: Helping, least: number): Help => ({
  state: helping.state,
  open: helping.candidates.open,
  picked: helping.candidates.picked,
  least,
  wayTo: helping.tree ? helping.wayTo : null,
});

/** The sentences of the help as they are said here. */
export const helpTexts = (texts: Texts): Texts => {
  const { helping } = texts;
  const { copy, copyHint, nothingToCopy, lookHint, noExamples } = helping;
  return {
    ...texts,
    suggestions: () => helping.candidates,
    suggestionsHint: helping.candidatesHint,
    assist: { ...texts.assist, copy, copyHint, nothingToCopy, lookHint, noExamples },
  };
};

/** Rows of the key map. */
export const helpKeys = ({ assist, helping }: Texts, browses: boolean): Texts["keyMap"][number] => [
  assist.help,
  helping.keys.filter(([[key]]) => browses || key !== "G"),
];

interface HelpedRoom extends ReactiveControllerHost, HTMLElement {
  readonly helping: Helping;
  readonly labels: { take?(concept: ConceptRef): void } | null;
}

export const hearHelp = (room: HelpedRoom): Hearing =>
  new Hearing(room, (on) => {
    const { helping } = room;
    on("stage-draw", () => helping.drawn());
    on<{ act: Act }>("assist", ({ act }) => helping.do(act));
    on<{ on: boolean }>("assist-tightens", (now) => helping.setTightens(now.on));
    on<{ predictions: readonly { id: string }[] }>("suggestion-accept", ({ predictions }) =>
      helping.candidates.accept(predictions),
    );
    on<{ id: string }>("suggestion-reject", ({ id }) => helping.candidates.dismiss([id]));
    on<{ accepted: readonly { id: string }[]; rejected: readonly string[] }>(
      "suggestions-looked",
      ({ accepted, rejected }) => {
        helping.candidates.dismiss(rejected);
        helping.candidates.accept(accepted);
      },
    );
    on<{ concept: ConceptRef }>("branch-chosen", ({ concept }) => room.labels?.take?.(concept));
    on<{ instead: ConceptRef; concept: ConceptRef }>("concept-instead", ({ instead, concept }) =>
      helping.say(instead, concept),
    );
  });

/** The buttons, and what was found. */
export function helpBeside(help: Help | null, texts: Texts, canvas: Canvas, boxed: boolean) {
  if (!help) return nothing;
  const words = helpTexts(texts);
  return html`<rubricator-assist .texts=${words} .state=${help.state} boxes similar ?boxed=${boxed}></rubricator-assist>
    <rubricator-suggestions
      .texts=${words}
      .canvas=${[canvas.width, canvas.height] as const}
      .image=${canvas}
      .predictions=${help.open}
      .least=${help.least}
      .selected=${help.picked}
    ></rubricator-suggestions>`;
}
