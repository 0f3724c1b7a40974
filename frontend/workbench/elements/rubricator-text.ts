/** `<rubricator-text>`: a short text and its language; it runs in the direction of what is written. */

import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import type { Campaign, Written } from "../core/contract.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { isLanguage, proposed } from "../core/writing.ts";
import { LightElement } from "./light.ts";

/** From so many on it is told how many characters are left. */
const NEAR_THE_END = 0.8;

@customElement("rubricator-text")
export class RubricatorText extends LightElement {
  @property({ attribute: false }) question: Campaign["question"] | null = null;
  @property({ attribute: false }) text: Written | null = null;
  @property({ attribute: false }) texts: Texts = en;
  /** Another name of the field than what the question gives it. */
  @property() heading = "";
  @property({ type: Boolean }) fixed = false;
  /** The language used last, here or on the image before. */
  @state() private last = "";
  @query(".rw-text-value") private field!: HTMLTextAreaElement | null;

  override focus(): void {
    this.field?.focus();
    this.field?.setSelectionRange(this.field.value.length, this.field.value.length);
  }

  /** Digits are written, they choose nothing. */
  choose(_index: number): boolean {
    return false;
  }

  override willUpdate(): void {
    if (this.text) this.last = this.text.language;
  }

  override render() {
    const { texts, text, question } = this;
    const { purpose = "describing", max_length: most = 1000, multiline = false } = question ?? {};
    const { writing } = texts;
    const name = this.heading || writing.field[purpose];
    const left = most - [...(text?.value ?? "")].length;
    return html`<section class="rw-section rw-text" aria-label=${name}>
      <label class="rw-text-label"
        ><span class="rw-section-title">${name}</span> <span class="rw-hint">${this.heading ? nothing : writing.hint[purpose]}</span>
        <textarea
          class="rw-text-value"
          rows=${multiline ? 5 : 2}
          maxlength=${most}
          dir="auto"
          lang=${this.#language}
          spellcheck=${purpose === "describing" ? "true" : "false"}
          ?readonly=${this.fixed}
          aria-keyshortcuts=${multiline ? nothing : "Enter"}
          data-testid="text"
          .value=${live(text?.value ?? "")}
          @input=${this.#write}
          @keydown=${this.#key}
        ></textarea>
      </label>
      <p class="rw-hint rw-text-left" role="status" data-testid="characters-left">
        ${left < most * (1 - NEAR_THE_END) ? writing.left(left) : nothing}
      </p>
      ${this.#languages()}
    </section>`;
  }

  get #language(): string {
    return this.text?.language ?? proposed(this.question ?? {}, this.texts.lang, this.last);
  }

  #languages() {
    const { writing } = this.texts;
    const offered = this.question?.languages ?? [];
    if (offered.length === 1) return nothing;
    return html`<label class="rw-text-language"
      ><span>${writing.language}</span>
      ${
        offered.length
          ? html`<select data-testid="text-language" ?disabled=${this.fixed} @change=${this.#rename}>
              ${offered.map((tag) => html`<option value=${tag} ?selected=${tag === this.#language}>${this.#nameOf(tag)}</option>`)}
            </select>`
          : html`<input
                type="text"
                list="rw-languages"
                maxlength="35"
                autocapitalize="none"
                autocomplete="off"
                spellcheck="false"
                title=${writing.languageHint}
                data-testid="text-language"
                ?readonly=${this.fixed}
                .value=${live(this.#language)}
                @change=${this.#rename}
              /><datalist id="rw-languages">
                ${COMMON.map((tag) => html`<option value=${tag}>${this.#nameOf(tag)}</option>`)}
              </datalist>`
      }
      <span class="rw-hint">${offered.length ? nothing : this.#nameOf(this.#language)}</span>
    </label>`;
  }

  /** The name of a language in the reader's own; its code where it has none. */
  #nameOf(tag: string): string {
    try {
      return new Intl.DisplayNames([this.texts.lang], { type: "language" }).of(tag) ?? tag;
    } catch {
      return tag;
    }
  }

  readonly #write = ({ target }: Event): void => {
    const field = target as HTMLTextAreaElement;
    const { multiline = false } = this.question ?? {};
    const value = multiline ? field.value : field.value.replace(/[\r\n\u2028\u2029]+/g, " ");
    if (value !== field.value) field.value = value;
    this.tell("text-written", { text: { value, language: this.#language } });
  };

  readonly #rename = ({ target }: Event): void => {
    const field = target as HTMLInputElement | HTMLSelectElement;
    const tag = field.value.trim();
    const wrong = !isLanguage(tag);
    field.setCustomValidity(wrong ? this.texts.writing.badLanguage : "");
    if (wrong) {
      field.reportValidity();
      return;
    }
    this.last = tag;
    if (this.text) this.tell("text-written", { text: { ...this.text, language: tag } });
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      this.tell("text-leave", {});
      return;
    }
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (event.key !== "Enter" || !plain || this.question?.multiline) return;
    event.preventDefault();
    this.tell("text-done", {});
  };
}

/** What is proposed beside the reader's own: the languages of most collections that we know. */
const COMMON = [
  "en",
  "fr",
  "la",
  "de",
  "it",
  "es",
  "nl",
  "pt",
  "el",
  "grc",
  "he",
  "ar",
  "fro",
  "frm",
  "oc",
  "ca",
];

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-text": RubricatorText;
  }
}
