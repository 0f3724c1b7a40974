/** `<rubricator-panel>`: all that stands beside the image: the question, the label card, the lists, the foot. */

import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Campaign, Certainty, ConceptRef } from "../core/contract.ts";
import { type Answer, obstacle, saysTheSame } from "../core/draft.ts";
import type { Box } from "../core/geometry.ts";
import { judged } from "../core/judging.ts";
import { type Chosen, type Signs, settingsOf } from "../core/layers.ts";
import type { Lexicon } from "../core/lexicon.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { asAsked, nextOpen, stepsOf } from "../core/sequence.ts";
import type { SessionState } from "../core/sessionstate.ts";
import type { Revisit } from "../core/trail.ts";
import { answerForm } from "./answerform.ts";
import type { Assisting, AssistState } from "./assisting.ts";
import { known } from "./known.ts";
import { LightElement } from "./light.ts";
import { credits } from "./pair.ts";
import { Palette } from "./pigments.ts";
import "./rubricator-answer.ts";
import "./rubricator-judge.ts";
import "./rubricator-layers.ts";
import "./rubricator-question.ts";
import "./rubricator-report.ts";
import "./rubricator-status.ts";
import "./rubricator-steps.ts";
import "./rubricator-trail.ts";

import { SUGGESTIONS } from "./shown-through.ts";

@customElement("rubricator-panel")
export class RubricatorPanel extends LightElement {
  @property({ attribute: false }) session: SessionState | null = null;
  /** Of a sequence all of it, where `session` is the step at hand. */
  @property({ attribute: false }) whole: SessionState | null = null;
  @property({ attribute: false }) selected: string | null = null;
  /** What is picked beside the selected one. */
  @property({ attribute: false }) also: readonly string[] = [];
  @property({ type: Boolean }) gathers = false;
  @property({ attribute: false }) label: ConceptRef | null = null;
  @property({ attribute: false }) live: Box | null = null;
  @property({ attribute: false }) lexicon: Lexicon | null = null;
  @property({ attribute: false }) palette = new Palette();
  /** What lies on the image beside one's own answer, and how it is shown. */
  @property({ attribute: false }) layering: { signs: Signs; chosen: Chosen; veiled: boolean } | null = null;
  @property({ attribute: false }) texts: Texts = en;
  /** What helps the hand. */
  @property({ attribute: false }) assisting: Assisting | null = null;
  @property({ attribute: false }) assist: AssistState | null = null;
  @property({ type: Boolean }) preview = false;
  @property({ type: Boolean }) example = false;
  @property({ attribute: "login-url" }) loginUrl = "";
  @property({ attribute: "guide-url" }) guideUrl = "";
  /** Base address of the campaign in the API, and that of its page. */
  @property() api = "";
  @property({ attribute: "home-url" }) homeUrl = "";

  override render() {
    const { session, texts } = this;
    const { campaign, assignment, history, progress } = session ?? {};
    if (!campaign || !history) return html`<aside class="rw-panel" aria-label=${texts.panel}></aside>`;
    const answer = history.present;
    const { revisit = null } = session ?? {};
    const { question } = campaign;
    const everything = this.whole ?? session;
    const all = everything?.history.present ?? answer;
    const steps = stepsOf(everything?.campaign ?? null);
    const drawn = [all, ...Object.values(all.steps ?? {})].reduce(
      (sum, { shapes }) => sum + shapes.length,
      0,
    );
    // What is being corrected stands on top, in reach on a phone too.
    const correcting = question.judges && this.selected !== null;
    return html`<aside class="rw-panel" aria-label=${texts.panel} ?inert=${!assignment}>
      <div class="rw-sheet">
        ${revisit ? this.#again(revisit) : null}
        ${correcting ? answerForm(this, question, answer) : null}
        <rubricator-question
          .campaign=${everything?.campaign ?? campaign}
          .progress=${progress}
          .texts=${texts}
          ?preview=${this.preview}
          ?example=${this.example}
          guide-url=${this.guideUrl}
        ></rubricator-question>
        <rubricator-steps .steps=${steps} .answer=${all} .texts=${texts}></rubricator-steps>
        ${correcting ? null : answerForm(this, question, answer)} ${this.#layers()} ${this.#comment(answer)}
        ${assignment && !this.preview ? this.#talk(assignment.task.id, revisit !== null) : null}
        <rubricator-trail
          .steps=${session?.trail ?? []}
          .shown=${revisit?.contribution ?? null}
          .trouble=${session?.phase === "working" ? session.trouble : null}
          .texts=${texts}
          ?more=${session?.backable ?? false}
        ></rubricator-trail>
        ${assignment ? credits(assignment.task, answer.left, texts.lang) : null}
      </div>
      <footer class="rw-foot">
        ${known(session?.feedback ?? null, texts, () => this.tell("known-away", {}))}
        <rubricator-status .session=${session} .texts=${texts} login-url=${this.loginUrl}></rubricator-status>
        ${
          question.judges
            ? this.#judge(answer, question)
            : html`<rubricator-answer
          .texts=${texts}
          .obstacle=${obstacle(answer, question)}
          ?nothingHere=${answer.nothingHere}
          .takesNothing=${question.takes_nothing}
          .atStake=${drawn}
          ?drawn=${answer.shapes.length > 0}
          .revisit=${revisit}
          ?onward=${steps.length > 0 && nextOpen(steps, all) !== null}
          ?changed=${revisit !== null && !saysTheSame(asAsked(all, everything?.campaign ?? null), revisit.original)}
        ></rubricator-answer>`
        }
      </footer>
    </aside>`;
  }

  /** That this is an earlier answer, and whether it may still be changed. */
  #again({ at, whyNot }: Revisit) {
    const { texts } = this;
    return html`<p class="rw-again" role="status" data-testid="again">
      <strong>${texts.again(texts.moment(at))}</strong> ${whyNot ?? texts.againHint}
    </p>`;
  }

  #layers() {
    const { signs, chosen, veiled } = this.layering ?? {};
    // Where there is nothing there are no switches either.
    if (!signs?.layers.length) return null;
    return html`<rubricator-layers
      .signs=${signs}
      .chosen=${chosen}
      .veiled=${veiled}
      .texts=${this.texts}
    ></rubricator-layers>`;
  }

  get least(): number {
    const { signs, chosen = {} } = this.layering ?? {};
    const layer = signs?.layers.find(({ id }) => id === SUGGESTIONS);
    return signs && layer ? settingsOf(layer, chosen, signs.layers).least : 0;
  }

  readonly wayTo = async (concept: string) => (await this.assisting?.wayTo(concept)) ?? [];

  sure(certainty: Certainty | null): void {
    this.tell("answer-certainty", { certainty });
  }

  #judge(answer: Answer, question: Campaign["question"]) {
    return html`<rubricator-judge
      .texts=${this.texts}
      .verdict=${judged(answer)}
      .obstacle=${obstacle(answer, question)}
      ?correctable=${question.may_correct ?? true}
      ?correcting=${this.selected !== null}
      .revisit=${this.session?.revisit ?? null}
    ></rubricator-judge>`;
  }

  /** Told to those who run it; and what others say, once one has handed in an answer of one's own. */
  #talk(task: string, answered: boolean) {
    const { texts } = this;
    return html`<p class="rw-talk">
      ${answered ? html`<a href="${this.homeUrl}tasks/${task}/discussion/" target="_blank" rel="noopener">${texts.discuss}</a>` : null}
      <rubricator-report api=${this.api} task=${task} .texts=${texts}></rubricator-report>
    </p>`;
  }

  #comment(answer: Answer) {
    const { texts } = this;
    return html`<details class="rw-comment" ?open=${answer.comment !== ""}>
      <summary>${texts.comment}</summary>
      <label
        ><span class="rw-hint">${texts.commentHint}</span>
        <textarea
          rows="3"
          maxlength="2000"
          .value=${answer.comment}
          data-testid="comment"
          @change=${({ target }: Event) =>
            this.tell("answer-comment", { comment: (target as HTMLTextAreaElement).value })}
        ></textarea>
      </label>
    </details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-panel": RubricatorPanel;
  }
}
