/** What is seen of a sitting at a grid: the question with its tools, the crops, and what can be said of them. Pure. */

import { html, nothing } from "lit";
import type { GridSitting } from "../core/grid.ts";
import type { GridState } from "../core/gridstate.ts";
import type { Texts } from "../core/locale/texts.ts";
import { icon } from "./icons.ts";
import "./rubricator-crops.ts";
import "./rubricator-question.ts";

export type Verdict = "accepted" | "rejected" | "passed";

export interface GridPage {
  readonly texts: Texts;
  readonly sitting: GridSitting | null;
  readonly picked: readonly string[];
  /** A click picks one more. */
  readonly several: boolean;
  choosing(several: boolean): void;
  pick(ids: readonly string[]): void;
  say(ids: readonly string[], verdict: Verdict): void;
  /** All of which nothing has been said is right. */
  others(): void;
  handIn(): void;
  help(): void;
}

export function gridSheet(page: GridPage, grid: GridState) {
  const { texts, sitting, several } = page;
  const crops = grid.cells.map((cell) => ({
    cell,
    standing: sitting?.standing(cell.id) ?? ("open" as const),
    concepts: sitting?.answer(cell.id).shapes[0]?.concepts ?? cell.predictions[0]?.concepts ?? [],
  }));
  return html`<div class="rw-grid-sheet">
    <div class="rw-grid-head">
      <rubricator-question .campaign=${grid.campaign} .progress=${grid.progress} .texts=${texts}></rubricator-question>
      <div class="rw-grid-tools" role="group" aria-label=${texts.toolbar}>
        <p class="rw-hint">${texts.grid.hint}</p>
        ${tool("undo", texts.undo, grid.history.past.length > 0, () => sitting?.undo())}
        ${tool("redo", texts.redo, grid.history.future.length > 0, () => sitting?.redo())}
        <button
          type="button"
          class="rw-button rw-button-small"
          data-testid="several"
          aria-pressed=${String(several)}
          @click=${() => page.choosing(!several)}
        >
          ${texts.grid.several}
        </button>
        ${tool("keys", texts.keys, true, () => page.help())}
      </div>
    </div>
    <rubricator-crops
      .crops=${crops}
      .picked=${page.picked}
      .texts=${texts}
      ?several=${several}
    ></rubricator-crops>
  </div>`;
}

function tool(sign: "undo" | "redo" | "keys", name: string, on: boolean, act: () => void) {
  return html`<button
    type="button"
    class="rw-tool"
    data-testid="tool-${sign}"
    aria-label=${name}
    title=${name}
    aria-disabled=${String(!on)}
    @click=${() => on && act()}
  >
    ${icon(sign)}
  </button>`;
}

/** Of what is picked, what it is; else the way on: the others are right, or all is handed in. */
export function gridActions(page: GridPage) {
  return page.picked.length ? ofPicked(page) : wayOn(page);
}

function ofPicked(page: GridPage) {
  const words = page.texts.grid;
  const action = (verdict: Verdict, name: string) => html`<button
    type="button"
    class="rw-button"
    data-testid="picked-${verdict}"
    @click=${() => page.say(page.picked, verdict)}
  >
    ${name}
  </button>`;
  return html`<div class="rw-grid-actions" data-testid="chosen">
    <p>${words.chosen(page.picked.length)}</p>
    ${action("accepted", words.right)} ${action("rejected", words.wrong)} ${action("passed", words.pass)}
    <button type="button" class="rw-button rw-button-small" data-testid="pick-none" @click=${() => page.pick([])}>
      ${words.none}
    </button>
  </div>`;
}

function wayOn({ texts, sitting, others, handIn }: GridPage) {
  const words = texts.grid;
  const open = sitting?.open.length ?? 0;
  const count = sitting?.state.cells.length ?? 0;
  const bare = sitting?.unlabelled.length ?? 0;
  return html`<div class="rw-grid-actions">
    ${bare ? html`<p class="rw-obstacle" role="status">${words.bare(bare)}</p>` : nothing}
    ${
      open
        ? html`<button type="button" class="rw-button rw-button-primary" data-testid="others-right" aria-keyshortcuts="Enter" @click=${others}>
            ${words.othersRight(open, count)}
          </button>`
        : html`<button
            type="button"
            class="rw-button rw-button-primary"
            data-testid="hand-in"
            aria-keyshortcuts="Enter"
            aria-disabled=${String(bare > 0)}
            @click=${handIn}
          >
            ${words.handIn(count)}
          </button>`
    }
  </div>`;
}
