/** `<rubricator-question>`: what is asked, how to do it, and how far one has come. */

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { type Campaign, type Progress, titleIn } from "../core/contract.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { spokenIn } from "../core/reading.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";

@customElement("rubricator-question")
export class RubricatorQuestion extends LightElement {
  @property({ attribute: false }) campaign: Campaign | null = null;
  @property({ attribute: false }) progress: Progress | null = null;
  @property({ attribute: false }) texts: Texts = en;
  @property({ type: Boolean }) preview = false;
  /** Whether an example for the tutorial is drawn. */
  @property({ type: Boolean }) example = false;
  @property({ attribute: "guide-url" }) guideUrl = "";

  override render() {
    const { campaign, texts, progress } = this;
    if (!campaign) return nothing;
    const instructions = titleIn(campaign.instructions_html, texts.lang);
    const taught = spokenIn(campaign.instructions_html, texts.lang);
    const prompted = titleIn(campaign.question.prompt, texts.lang) !== "";
    const asked = spokenIn(prompted ? campaign.question.prompt : campaign.title, texts.lang);
    return html`<header class="rw-question">
      ${
        this.preview
          ? html`<p class="rw-preview" data-testid="preview">
            ${this.example ? texts.drawExample : texts.preview}
          </p>`
          : nothing
      }
      <h1 data-testid="prompt" lang=${asked.lang} dir=${asked.dir}>${titleIn(campaign.question.prompt, texts.lang) || titleIn(campaign.title, texts.lang)}</h1>
      ${progress ? this.#progress(progress) : nothing}
      ${
        instructions
          ? html`<details class="rw-instructions" ?open=${!progress?.mine && wide()}>
              <summary>${texts.instructions}${icon("chevron")}</summary>
              <!-- Markdown the server has rendered and sanitised (nh3). -->
              <div class="rw-prose" lang=${taught.lang} dir=${taught.dir}>${unsafeHTML(instructions)}</div>
            </details>`
          : nothing
      }
      ${
        this.guideUrl
          ? html`<p><a href=${this.guideUrl} target="_blank" rel="noopener" data-testid="guide">${texts.guide}</a></p>`
          : nothing
      }
    </header>`;
  }

  #progress({ mine, retired, tasks }: Progress) {
    return html`<p class="rw-progress" data-testid="progress">
      <progress max=${Math.max(tasks, 1)} .value=${retired} aria-label=${this.texts.progressOf(retired, tasks)}></progress>
      <span>${this.texts.progress(mine)}</span>
      <span>${this.texts.progressOf(retired, tasks)}</span>
    </p>`;
  }
}

const wide = (): boolean => matchMedia("(min-width: 56rem)").matches;

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-question": RubricatorQuestion;
  }
}
