/** Ties what helps the hand to the workbench that it helps at: what it works on, and what it is asked for. */

import type { ReactiveControllerHost } from "lit";
import type { ConceptRef } from "../core/contract.ts";
import type { AssistTexts } from "../core/locale/assist.ts";
import type { Desk } from "../core/sessionstate.ts";
import type { Answering } from "./answering.ts";
import type { Act, Assisting, AssistState, Bench } from "./assisting.ts";
import { Hearing } from "./hearing.ts";

/** The workbench as a bench: it lasts, what lies on it changes. */
interface BenchHolder {
  readonly api: string;
  readonly lang: string;
  readonly texts: { readonly assist: AssistTexts };
  readonly sitting: { readonly desk: Desk | null; readonly hand: Answering | null };
  readonly branches: { show(concept: string | null): unknown };
  assist: AssistState | null;
}

export const benchOf = (holder: BenchHolder): Bench => ({
  get api() {
    return holder.api;
  },
  get lang() {
    return holder.lang;
  },
  get texts() {
    return holder.texts.assist;
  },
  get session() {
    return holder.sitting.desk;
  },
  get hand() {
    return holder.sitting.hand;
  },
  browse: (concept) => void holder.branches.show(concept),
  changed: (assist) => {
    holder.assist = assist;
  },
});

interface Assisted extends ReactiveControllerHost, HTMLElement {
  readonly assisting: Assisting;
  readonly labels: { take(concept: ConceptRef): void } | null;
}

export const hearAssist = (workbench: Assisted): Hearing =>
  new Hearing(workbench, (on) => {
    on("stage-draw", () => workbench.assisting.drawn());
    on<{ act: Act }>("assist", ({ act }) => workbench.assisting.do(act));
    on<{ on: boolean }>("assist-tightens", (now) => workbench.assisting.setTightens(now.on));
    on<{ concept: ConceptRef }>("branch-chosen", ({ concept }) => workbench.labels?.take(concept));
    on<{ instead: ConceptRef; concept: ConceptRef }>("concept-instead", ({ instead, concept }) =>
      workbench.assisting.say(instead, concept),
    );
  });
