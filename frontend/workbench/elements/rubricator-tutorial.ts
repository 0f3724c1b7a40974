/** `<rubricator-tutorial>`: the steps of the campaign's tutorial, one after the other over the workbench. */

import { html, nothing, type PropertyValues, svg } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { request } from "../api/client.ts";
import { type Lesson, type Tutorial, textIn, titleIn } from "../core/contract.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { spokenIn } from "../core/reading.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";

@customElement("rubricator-tutorial")
export class RubricatorTutorial extends LightElement {
  /** Base address of the campaign in the API, with its closing slash. */
  @property() api = "";
  @property({ attribute: false }) texts: Texts = en;
  /** Opens by itself, once. */
  @property({ type: Boolean }) due = false;
  /** Nothing is remembered. */
  @property({ type: Boolean }) preview = false;

  @state() private lessons: readonly Lesson[] = [];
  @state() private at = 0;
  @state() private failed = false;
  @query("dialog") private dialog!: HTMLDialogElement;
  #offered = false;
  #seen = false;

  override updated(changed: PropertyValues): void {
    if (!changed.has("due") || !this.due || this.#offered) return;
    this.#offered = true;
    void this.show();
  }

  /** Opens the tutorial at its beginning. */
  async show(): Promise<void> {
    if (this.dialog.open) return;
    this.at = 0;
    if (!this.lessons.length) await this.#load();
    if (this.isConnected && !this.dialog.open) this.dialog.showModal();
  }

  override render() {
    const { texts, lessons, at } = this;
    const lesson = lessons[at];
    const last = at >= lessons.length - 1;
    return html`<dialog
      class="rw-dialog rw-tutorial"
      aria-labelledby="rw-tutorial-title"
      data-testid="tutorial"
      @close=${this.#closed}
      @keydown=${this.#key}
    >
      <div class="rw-dialog-body">
        <header>
          <h2 id="rw-tutorial-title">${texts.tutorial}</h2>
          <button
            type="button"
            class="rw-tool"
            aria-label=${texts.lessonsSkip}
            title=${texts.lessonsSkip}
            data-testid="lessons-skip"
            @click=${() => this.dialog.close()}
          >
            ${icon("cross")}
          </button>
        </header>
        <div class="rw-lesson" aria-live="polite">
          ${this.failed ? html`<p role="alert">${texts.lessonsFailed}</p>` : lesson ? this.#lesson(lesson) : nothing}
        </div>
        <footer>
          <button
            type="button"
            class="rw-button"
            ?disabled=${at === 0}
            data-testid="lesson-before"
            @click=${() => this.#go(-1)}
          >
            ${texts.lessonBefore}
          </button>
          <span class="rw-lesson-count">${lessons.length ? texts.lessonOf(at + 1, lessons.length) : ""}</span>
          <button
            type="button"
            class="rw-button rw-button-primary"
            autofocus
            data-testid="lesson-next"
            @click=${() => (last ? this.dialog.close() : this.#go(1))}
          >
            ${last ? texts.lessonsDone : texts.lessonNext}
          </button>
        </footer>
      </div>
    </dialog>`;
  }

  #lesson(lesson: Lesson) {
    const { texts } = this;
    const { lang, dir } = spokenIn(lesson.text_html, texts.lang);
    return html`${this.#picture(lesson)}
      <!-- Markdown the server has rendered and sanitised (nh3). -->
      <div class="rw-prose" lang=${lang} dir=${dir}>${unsafeHTML(titleIn(lesson.text_html, texts.lang))}</div>`;
  }

  #picture({ picture, marks, labels, nothing_here }: Lesson) {
    if (!picture) return nothing;
    const [x, y, w, h] = picture.box;
    const named = [...new Set(labels.length ? labels : marks.map(({ label }) => label).filter(Boolean))];
    const said = nothing_here ? this.texts.nothingThere : named.join(", ");
    const about = textIn(picture.label, this.texts.lang);
    return html`<figure class="rw-lesson-picture">
      <svg viewBox="${x} ${y} ${w} ${h}" role="img" aria-label=${[about, said].filter(Boolean).join(": ")}>
        ${svg`<image href=${picture.crop} x=${x} y=${y} width=${w} height=${h} preserveAspectRatio="none" />`}
        ${marks.map(drawn)}
      </svg>
      ${said ? html`<figcaption>${said}</figcaption>` : nothing}
    </figure>`;
  }

  #go(step: 1 | -1): void {
    this.at = Math.min(Math.max(this.at + step, 0), this.lessons.length - 1);
    this.querySelector(".rw-dialog-body")?.scrollTo?.({ top: 0 });
  }

  async #load(): Promise<void> {
    this.failed = false;
    try {
      const { steps, seen } = await request<Tutorial>(`${this.api}tutorial/`, { lang: this.texts.lang });
      this.lessons = steps;
      this.#seen = seen;
    } catch {
      this.failed = true;
    }
  }

  readonly #key = (event: KeyboardEvent): void => {
    const step = ({ ArrowRight: 1, ArrowLeft: -1 } as const)[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#go(step);
  };

  /** Passed over or gone through: it does not come by itself again. What fails here is asked once more next time. */
  readonly #closed = (): void => {
    if (this.preview || this.#seen || this.failed) return;
    this.#seen = true;
    request(`${this.api}tutorial/seen/`, { method: "POST", json: {} }).catch(() => {
      this.#seen = false;
    });
  };
}

/** A box, an outline, or a ring around a point. */
function drawn({ box: [x, y, w, h], points = [] }: Lesson["marks"][number]) {
  const [first] = points;
  if (points.length > 1) return svg`<polygon points=${points.map((point) => point.join(",")).join(" ")} />`;
  if (first) return svg`<circle cx=${first[0]} cy=${first[1]} r=${w / 4} />`;
  return svg`<rect x=${x} y=${y} width=${w} height=${h} />`;
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-tutorial": RubricatorTutorial;
  }
}
