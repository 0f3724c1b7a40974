/**
 * `<rubricator-concepts>`: chooses labels. Nine at the press of a key, and a type-ahead over all of them:
 * the ARIA combobox with a listbox, where focus stays in the field and `aria-activedescendant` moves.
 */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { ConceptFound, ConceptRef } from "../core/contract.ts";
import type { Lexicon } from "../core/lexicon.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { chosenElsewhere, conceptOption, conceptSwatch } from "./conceptoption.ts";
import { LightElement } from "./light.ts";
import type { Palette } from "./pigments.ts";

export type Letters = Readonly<Record<string, string>>;

const PAUSE_MS = 120;
let instances = 0;

@customElement("rubricator-concepts")
export class RubricatorConcepts extends LightElement {
  @property({ attribute: false }) lexicon: Lexicon | null = null;
  @property({ attribute: false }) chosen: readonly ConceptRef[] = [];
  @property({ type: Boolean }) many = false;
  @property({ attribute: false }) texts: Texts = en;
  @property({ attribute: false }) palette: Palette | null = null;
  /** What is being labelled, for the field's and the group's name. */
  @property({ attribute: false }) name = "";
  /** Letters that choose, beside the numbers: concept → letter. */
  @property({ attribute: false }) letters: Letters = {};

  @state() private open = false;
  @state() private found: readonly ConceptFound[] = [];
  @state() private active = -1;
  @state() private failed = false;
  @state() private asked = "";
  @query("input") private field!: HTMLInputElement | null;
  readonly #id = `rw-concepts-${++instances}`;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #round = 0;

  override render() {
    const { lexicon } = this;
    if (!lexicon) return nothing;
    return html`
      ${this.#quick(lexicon.quick)} ${lexicon.isSmall ? nothing : this.#combobox()}
      ${lexicon.isSmall ? nothing : chosenElsewhere(this, lexicon.quick, (concept) => this.#choose(concept))}
    `;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("lexicon")) this.#close();
    if (this.active >= 0) {
      this.querySelector(`#${this.#id}-${this.active}`)?.scrollIntoView?.({ block: "nearest" });
    }
  }

  /** Focuses the field, or the first of the nine where there is no field. */
  override focus(): void {
    (this.field ?? this.querySelector<HTMLElement>(".rw-choice"))?.focus({ preventScroll: true });
  }

  /** Chooses one of the nine; answers whether there was one. */
  choose(index: number): boolean {
    const concept = this.lexicon?.quick[index];
    if (concept) this.#choose(concept);
    return Boolean(concept);
  }

  /** Chooses a label that was found elsewhere. */
  take(concept: ConceptRef): void {
    this.#choose(concept);
  }

  #quick(concepts: readonly ConceptFound[]): TemplateResult {
    return html`<div class="rw-choices" role="group" aria-label=${this.name || this.texts.labels}>
      ${repeat(
        concepts,
        ({ id }) => id,
        (concept, index) => html`<button
          type="button"
          class="rw-choice"
          data-testid="choice-${index + 1}"
          aria-pressed=${String(this.#isChosen(concept))}
          aria-keyshortcuts=${[index + 1, this.letters[concept.id]].filter(Boolean).join(" ")}
          title=${concept.scope_note ?? nothing}
          @click=${() => this.#choose(concept)}
        >
          <kbd aria-hidden="true">${this.letters[concept.id]?.toUpperCase() ?? index + 1}</kbd>
          ${conceptSwatch(this.palette, concept)}
          <span>${concept.label}</span>
        </button>`,
      )}
    </div>`;
  }

  #combobox(): TemplateResult {
    const { texts, found, active } = this;
    const list = `${this.#id}-list`;
    return html`<div class="rw-combobox" @focusout=${this.#left}>
      <input
        type="text"
        role="combobox"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        enterkeyhint="done"
        placeholder=${texts.typeToFind}
        aria-label=${this.name ? `${texts.chooseLabel}: ${this.name}` : texts.chooseLabel}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-expanded=${String(this.open)}
        aria-controls=${list}
        aria-activedescendant=${active >= 0 && this.open ? `${this.#id}-${active}` : nothing}
        data-testid="concept-field"
        @input=${this.#typed}
        @keydown=${this.#key}
        @click=${() => this.#search()}
      />
      <ul id=${list} role="listbox" class="rw-options" aria-label=${texts.labels} ?hidden=${!this.open || !found.length}>
        ${repeat(
          found,
          ({ id }) => id,
          (concept, index) =>
            conceptOption(concept, {
              ...{ id: `${this.#id}-${index}`, asked: this.asked, texts, palette: this.palette },
              ...{ chosen: this.#isChosen(concept), active: index === active },
              recent: !this.asked && Boolean(this.lexicon?.isRecent(concept.id)),
              choose: () => this.#choose(concept),
            }),
        )}
      </ul>
      <p class="rw-combobox-note" role="status" ?hidden=${!this.open || found.length > 0}>${this.#note()} ${this.#proposal()}</p>
      <span class="rw-unseen" role="status">${this.open && found.length ? texts.results(found.length) : ""}</span>
    </div>`;
  }

  #note(): string {
    if (this.failed) return this.texts.conceptsFailed;
    return this.asked ? this.texts.noResults(this.asked) : "";
  }

  #proposal(): TemplateResult | typeof nothing {
    const address = this.lexicon?.proposeAt;
    if (!address || !this.asked || this.failed) return nothing;
    const label = new URLSearchParams({ label: this.asked });
    return html`<a href="${address}?${label}" target="_blank" rel="noopener" data-testid="propose">${this.texts.propose(this.asked)}</a>`;
  }

  #isChosen({ id }: ConceptRef): boolean {
    return this.chosen.some((concept) => concept.id === id);
  }

  readonly #typed = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#search(), PAUSE_MS);
  };

  async #search(): Promise<void> {
    clearTimeout(this.#timer);
    const round = ++this.#round;
    const asked = this.field?.value.trim() ?? "";
    try {
      const found = (await this.lexicon?.search(asked)) ?? [];
      // A slow answer to an earlier question must not replace a later one.
      if (round !== this.#round) return;
      Object.assign(this, {
        found,
        asked,
        failed: false,
        open: true,
        active: asked && found.length ? 0 : -1,
      });
    } catch {
      if (round === this.#round)
        Object.assign(this, { found: [], asked, failed: true, open: true, active: -1 });
    }
  }

  readonly #key = async (event: KeyboardEvent): Promise<void> => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!this.open) await this.#search();
      const count = this.found.length;
      if (count) this.active = (this.active + step + count + (this.active < 0 && step < 0 ? 1 : 0)) % count;
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      event.stopPropagation();
      await this.#enter();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (this.open) this.#close();
      else this.tell("concepts-leave", {});
    } else if (event.key === "Tab" && this.found.length) this.#close();
  };

  /** Enter may come before the answer to what was just typed: the answer is waited for. */
  async #enter(): Promise<void> {
    const typed = this.field?.value.trim() ?? "";
    if (typed !== this.asked || !this.open) {
      if (!typed) {
        this.tell("concepts-leave", {});
        return;
      }
      await this.#search();
    }
    const concept = this.found[Math.max(this.active, typed ? 0 : this.active)];
    if (concept) this.#choose(concept);
  }

  #choose(concept: ConceptFound): void {
    const { id, label, uri } = concept;
    const chosen = uri ? { id, label, uri } : { id, label };
    this.lexicon?.used(chosen);
    if (this.field) this.field.value = "";
    this.#close();
    this.tell("concept-chosen", { concept: chosen });
    this.requestUpdate();
  }

  readonly #left = (event: FocusEvent): void => {
    if (!this.contains(event.relatedTarget as Node | null)) this.#close();
  };

  #close(): void {
    clearTimeout(this.#timer);
    this.#round++;
    Object.assign(this, { open: false, active: -1, asked: "", found: [] });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-concepts": RubricatorConcepts;
  }
}
