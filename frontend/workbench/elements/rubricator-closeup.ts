/** `<rubricator-closeup>`: one picture of a grid on its whole image, to look at, to correct, and to decide. */

import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Assignment, Campaign, ConceptRef } from "../core/contract.ts";
import type { Answer } from "../core/draft.ts";
import type { Box } from "../core/geometry.ts";
import { judged, shownIn, surroundings } from "../core/judging.ts";
import type { Lexicon } from "../core/lexicon.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import type { Command } from "../viewer/keys.ts";
import { icon } from "./icons.ts";
import { isTyping } from "./keyboard.ts";
import { LightElement } from "./light.ts";
import { Palette } from "./pigments.ts";
import "./rubricator-judge.ts";
import type { RubricatorLabel } from "./rubricator-label.ts";
import "./rubricator-label.ts";
import { labelOf } from "./rubricator-shapes.ts";
import type { RubricatorStage } from "./rubricator-stage.ts";
import "./rubricator-stage.ts";
import { judgedShape } from "./scene.ts";

@customElement("rubricator-closeup")
export class RubricatorCloseup extends LightElement {
  @property({ attribute: false }) cell: Assignment | null = null;
  @property({ attribute: false }) answer: Answer | null = null;
  @property({ attribute: false }) campaign: Campaign | null = null;
  @property({ attribute: false }) lexicon: Lexicon | null = null;
  @property({ attribute: false }) palette = new Palette();
  @property({ attribute: false }) texts: Texts = en;
  @state() private live: Box | null = null;
  @query("dialog") private dialog!: HTMLDialogElement | null;
  @query("rubricator-stage") private stage!: RubricatorStage | null;
  @query("rubricator-label") private labels!: RubricatorLabel | null;

  override updated(changed: Map<string, unknown>): void {
    if (!changed.has("cell")) return;
    this.live = null;
    if (!this.cell) return;
    this.dialog?.showModal();
    // The stage is there once it has drawn itself.
    void this.stage?.updateComplete.then(() => this.stage?.focus());
  }

  override render() {
    const { cell, answer, campaign, texts } = this;
    const shown = shownIn(campaign, cell);
    if (!cell || !answer || !campaign || !shown?.box) return nothing;
    const correctable = campaign.question.may_correct ?? true;
    const verdict = judged(answer);
    const concepts = answer.shapes[0]?.concepts ?? shown.concepts;
    const shape = {
      ...(answer.shapes[0] ?? { box: shown.box, concepts, origin: "edited", prediction: shown.id }),
      id: shown.id,
    } as const;
    const { width, height } = cell.task.canvas;
    const name = labelOf(texts, concepts);
    return html`<dialog
      class="rw-dialog rw-closeup"
      aria-label=${texts.grid.closer}
      data-testid="closeup"
      @close=${() => this.tell("closeup-away", {})}
      @keydown=${this.#key}
      @stage-edit=${({ detail }: CustomEvent<{ box: Box }>) => this.#correct({ box: detail.box })}
      @stage-preview=${({ detail }: CustomEvent<{ box: Box | null }>) => this.#follow(detail.box)}
      @concept-chosen=${({ detail }: CustomEvent<{ concept: ConceptRef }>) => this.#choose(detail.concept, concepts)}
      @judge=${({ detail }: CustomEvent<{ verdict: "accepted" | "rejected" }>) => this.#say(detail.verdict)}
    >
      <div class="rw-view">
        <rubricator-stage
          .canvas=${cell.task.canvas}
          .region=${surroundings(shown.box, [width, height])}
          .shapes=${judgedShape(answer, shown, this.palette, { locked: !correctable })}
          .selected=${correctable && verdict !== "rejected" ? shown.id : null}
          .tool=${"move"}
          .texts=${texts}
          .name=${texts.image}
          ?readonly=${!correctable}
        ></rubricator-stage>
      </div>
      <aside class="rw-panel">
        <div class="rw-sheet">
          <header class="rw-section-head">
            <div>
              <h2 class="rw-shown-label">${name}</h2>
              <p class="rw-hint" role="status">${texts.judging.said[verdict]}</p>
            </div>
            <button type="button" class="rw-tool" aria-label=${texts.close} @click=${() => this.dialog?.close()}>
              ${icon("cross")}
            </button>
          </header>
          ${
            correctable && verdict !== "rejected"
              ? html`<rubricator-label
                    .texts=${texts}
                    .shape=${shape}
                    .number=${1}
                    heading=${texts.judging.otherLabel}
                    .lexicon=${this.lexicon}
                    .palette=${this.palette}
                    .canvas=${[width, height] as const}
                    .live=${this.live}
                    ?many=${campaign.question.many}
                  ></rubricator-label>
                  <p class="rw-hint">${texts.grid.correctHint}</p>`
              : nothing
          }
        </div>
        <footer class="rw-foot">
          <rubricator-judge .texts=${texts} .verdict=${verdict} .correctable=${false} .skippable=${false}></rubricator-judge>
          <p class="rw-row">
            ${
              verdict === "edited"
                ? html`<button type="button" class="rw-button" data-testid="as-shown" @click=${() => this.tell("closeup-forget", { id: cell.id })}>
                    ${texts.judging.asShown}
                  </button>`
                : nothing
            }
            <button
              type="button"
              class="rw-button rw-button-primary"
              data-testid="closeup-done"
              @click=${() => this.dialog?.close()}
            >
              ${texts.grid.done}
            </button>
          </p>
        </footer>
      </aside>
    </dialog>`;
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey) return;
    const control =
      event.target instanceof HTMLElement && event.target.closest("button, summary, [role=option]");
    const letter = event.key.toLowerCase();
    if (letter === "a") this.#say("accepted");
    else if (letter === "r" || event.key === "Delete") this.#say("rejected");
    else if (event.key === "Enter" && !control) this.dialog?.close();
    else if (event.key === "Escape" || (control && (event.key === "Enter" || event.key === " "))) return;
    else {
      this.stage?.key(event);
      return;
    }
    event.preventDefault();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("stage-command", (event) => {
      event.stopPropagation();
      const command = (event as CustomEvent<Command>).detail;
      if (command.kind === "choose") this.labels?.choose(command.index);
    });
    // What the stage tells of what is picked stays in here.
    for (const name of ["stage-select", "stage-draw", "stage-delete", "stage-confirm"]) {
      this.addEventListener(name, (event) => event.stopPropagation());
    }
  }

  #follow(box: Box | null): void {
    this.live = box;
  }

  #say(verdict: "accepted" | "rejected"): void {
    this.tell("closeup-say", { id: this.cell?.id, verdict });
    this.dialog?.close();
  }

  #choose(concept: ConceptRef, before: readonly ConceptRef[]): void {
    const many = this.campaign?.question.many ?? false;
    const others = before.filter(({ id }) => id !== concept.id);
    const takenBack = many && others.length < before.length;
    this.#correct({ concepts: takenBack ? others : [...(many ? others : []), concept] });
  }

  #correct(change: { box?: Box; concepts?: readonly ConceptRef[] }): void {
    this.live = null;
    this.tell("closeup-correct", { id: this.cell?.id, change });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-closeup": RubricatorCloseup;
  }
}
