/** `<rubricator-panel>`: all that stands beside the image: the question, the label card, the lists, the foot. */

import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Campaign, ConceptRef } from "../core/contract.ts";
import { type Answer, obstacle, type Shape, saysTheSame } from "../core/draft.ts";
import type { Box, Size } from "../core/geometry.ts";
import { judged, shownIn } from "../core/judging.ts";
import type { Chosen, Signs } from "../core/layers.ts";
import type { Lexicon } from "../core/lexicon.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { asAsked, nextOpen, stepsOf } from "../core/sequence.ts";
import type { SessionState } from "../core/sessionstate.ts";
import { picked } from "../core/several.ts";
import type { Revisit } from "../core/trail.ts";
import { textOf } from "../core/writing.ts";
import type { Assisting, AssistState } from "./assisting.ts";
import { certainty } from "./certainty.ts";
import { known } from "./known.ts";
import { LightElement } from "./light.ts";
import { credits } from "./pair.ts";
import { Palette } from "./pigments.ts";
import { lettersOf, suggestions } from "./scene.ts";
import "./rubricator-answer.ts";
import "./rubricator-assist.ts";
import "./rubricator-judge.ts";
import "./rubricator-label.ts";
import "./rubricator-layers.ts";
import "./rubricator-question.ts";
import "./rubricator-report.ts";
import { labelOf, placeSentence } from "./rubricator-shapes.ts";
import "./rubricator-several.ts";
import "./rubricator-status.ts";
import "./rubricator-steps.ts";
import "./rubricator-suggestions.ts";
import "./rubricator-text.ts";
import "./rubricator-trail.ts";
import "./rubricator-way.ts";

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
        ${correcting ? this.#form(question, answer) : null}
        <rubricator-question
          .campaign=${everything?.campaign ?? campaign}
          .progress=${progress}
          .texts=${texts}
          ?preview=${this.preview}
          ?example=${this.example}
          guide-url=${this.guideUrl}
        ></rubricator-question>
        <rubricator-steps .steps=${steps} .answer=${all} .texts=${texts}></rubricator-steps>
        ${correcting ? null : this.#form(question, answer)} ${this.#layers()} ${this.#comment(answer)}
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

  /** What stands between the question and the comment. */
  #form(question: Campaign["question"], answer: Answer) {
    if (question.judges) return this.#judging(answer);
    if (question.writes) return this.#writing(question, answer);
    return question.draws ? this.#locating(answer) : this.#choosing(question, answer);
  }

  get #size(): Size {
    const canvas = this.session?.assignment?.task.canvas;
    return canvas ? [canvas.width, canvas.height] : [1, 1];
  }

  readonly #wayTo = async (concept: string) => (await this.assisting?.wayTo(concept)) ?? [];

  #locating(answer: Answer) {
    const { texts, session } = this;
    const { many = false, required_label = false } = session?.campaign?.question ?? {};
    const index = answer.shapes.findIndex(({ id }) => id === this.selected);
    const boxes = (session?.campaign?.question.shapes ?? "box") === "box";
    const several = picked(answer, this.selected ? [...this.also, this.selected] : []);
    return html`${several.length > 1 ? this.#several(several, many) : this.#single(answer, index, many)}
      <rubricator-assist
        .texts=${texts}
        .state=${this.assist}
        ?boxes=${boxes}
        ?boxed=${boxes && index >= 0 && several.length < 2}
        ?similar=${!this.preview && (session?.assignment?.finds_similar ?? false)}
      ></rubricator-assist>
      <rubricator-suggestions
        .texts=${texts}
        .canvas=${this.#size}
        .image=${session?.assignment?.task.canvas ?? null}
        .predictions=${session ? suggestions(session) : []}
        .selected=${this.selected}
      ></rubricator-suggestions>
      <rubricator-shapes
        .texts=${texts}
        .canvas=${this.#size}
        .shapes=${answer.shapes}
        .selected=${this.selected}
        .also=${this.also}
        ?gathers=${this.gathers}
        ?readonly=${Boolean(session?.revisit?.whyNot)}
        .palette=${this.palette}
        ?demanding=${required_label}
      ></rubricator-shapes>`;
  }

  #single(answer: Answer, index: number, many: boolean) {
    const shape = answer.shapes[index] ?? null;
    return html`<rubricator-label
      .texts=${this.texts}
      .shape=${shape}
      .number=${index + 1}
      .next=${this.label}
      .lexicon=${this.lexicon}
      .palette=${this.palette}
      .canvas=${this.#size}
      .live=${this.live}
      .wayTo=${this.#wayTo}
      ?many=${many}
      ?certain=${this.session?.campaign?.question.certainty ?? false}
      ?copies=${shape !== null && !this.session?.revisit?.whyNot}
    ></rubricator-label>`;
  }

  #several(shapes: readonly Shape[], many: boolean) {
    return html`<rubricator-several
      .texts=${this.texts}
      .shapes=${shapes}
      .lexicon=${this.lexicon}
      .palette=${this.palette}
      ?many=${many}
    ></rubricator-several>`;
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

  /** What is shown, in words; while it is corrected, its label and place. */
  #judging(answer: Answer) {
    const { texts, session } = this;
    const shown = shownIn(session?.campaign ?? null, session?.assignment ?? null);
    if (!shown?.box) return html``;
    const { id, box, confidence } = shown;
    const shape = {
      ...(answer.shapes[0] ?? { ...shown, box, origin: "edited", prediction: id }),
      id,
    } as const;
    if (this.selected !== null) {
      return html`<rubricator-label
          .texts=${texts}
          .shape=${shape}
          .number=${1}
          heading=${texts.judging.otherLabel}
          .lexicon=${this.lexicon}
          .palette=${this.palette}
          .canvas=${this.#size}
          .live=${this.live}
          ?many=${session?.campaign?.question.many ?? false}
        ></rubricator-label>
        <p class="rw-hint">${texts.judging.correctHint}</p>`;
    }
    const sure = confidence === null ? "" : texts.sure(confidence);
    return html`<section class="rw-section rw-shown" aria-label=${texts.judging.shown} data-testid="shown">
      <h2 class="rw-section-title">${texts.judging.shown}</h2>
      <p class="rw-shown-label">${labelOf(texts, shape.concepts)}</p>
      <p class="rw-hint">${[sure, placeSentence(texts, shape, this.#size)].filter(Boolean).join(" · ")}</p>
      <p class="rw-hint" role="status">${texts.judging.said[judged(answer)]}</p>
    </section>`;
  }

  #writing(question: Campaign["question"], answer: Answer) {
    return html`<rubricator-text
      .question=${question}
      .text=${textOf(answer)}
      .texts=${this.texts}
      ?fixed=${Boolean(this.session?.revisit?.whyNot)}
    ></rubricator-text>`;
  }

  #choosing({ many, answers, certainty: asked }: Campaign["question"], answer: Answer) {
    const { texts } = this;
    const name = many ? texts.chooseMany : texts.chooseOne;
    return html`<section class="rw-section" aria-label=${name}>
      <h2 class="rw-section-title">${name}</h2>
      <rubricator-concepts
        class="rw-big-choices ${answers.length ? "rw-few-choices" : ""}"
        .lexicon=${this.lexicon}
        .chosen=${answer.concepts}
        .many=${many}
        .texts=${texts}
        .name=${name}
        .letters=${lettersOf(answers, texts.lang)}
      ></rubricator-concepts>
      ${
        this.lexicon && !answers.length
          ? html`<rubricator-way
              .concept=${answer.concepts.at(-1) ?? null}
              .wayTo=${this.#wayTo}
              .texts=${texts}
            ></rubricator-way>`
          : null
      }
      ${
        asked && answer.concepts.length
          ? certainty(answer.certainty, texts, (now) => this.tell("answer-certainty", { certainty: now }))
          : null
      }
    </section>`;
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
