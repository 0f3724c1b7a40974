/**
 * `<rubricator-branches>`: the tree of labels in a dialog, each with pictures of decided examples, to choose from. Branches
 * are fetched when they are opened (the tree view of the ARIA Authoring Practices: one tab stop, arrows).
 */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Branch, TreeServer } from "../api/assist.ts";
import type { ConceptRef } from "../core/contract.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { aboutBranch } from "./branchabout.ts";
import { type Below, type Row, rowsOf, TOP, TypeAhead } from "./branchwalk.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";

const MOST_PAGES = 20;

@customElement("rubricator-branches")
export class RubricatorBranches extends LightElement {
  @property({ attribute: false }) server: TreeServer | null = null;
  @property({ attribute: false }) texts: Texts = en;
  @state() private levels: ReadonlyMap<string, Below> = new Map();
  @state() private opened: ReadonlySet<string> = new Set();
  @state() private at: string | null = null;
  @state() private chosen: string | null = null;
  @state() private failed = false;
  @query("dialog") private dialog!: HTMLDialogElement;
  readonly #letters = new TypeAhead();

  /** Opens at a label, or at the top. */
  async show(concept: string | null): Promise<void> {
    if (this.dialog.open || !this.server) return;
    this.chosen = concept;
    this.dialog.showModal();
    await this.#go(async () => {
      if (!this.levels.has(TOP)) await this.#load(TOP);
      const way = concept ? await this.server?.wayTo(concept).catch(() => null) : null;
      for (const [depth, { id }] of way?.items.entries() ?? []) {
        const parent = way?.items[depth - 1]?.id ?? TOP;
        await this.#reach(parent, id);
        if (id !== concept) await this.#open(id);
      }
      this.at = (way?.items.at(-1) ?? this.#rows[0]?.branch)?.id ?? null;
    });
    await this.updateComplete;
    this.#focus();
  }

  override render() {
    const { texts, at } = this;
    const { assist } = texts;
    const current = this.#rows.find(({ branch }) => branch.id === at)?.branch ?? null;
    return html`<dialog class="rw-dialog rw-branches" aria-labelledby="rw-branches-title" data-testid="branches">
      <div class="rw-dialog-body">
        <header>
          <h2 id="rw-branches-title">${assist.tree}</h2>
          <button type="button" class="rw-tool" aria-label=${texts.close} @click=${() => this.dialog.close()}>
            ${icon("cross")}
          </button>
        </header>
        ${this.failed ? html`<p role="alert" class="rw-hint">${assist.treeFailed}</p>` : nothing}
        <div class="rw-branches-parts">
          <div>
            <ul class="rw-tree" role="tree" aria-label=${assist.tree} aria-describedby="rw-tree-hint" @keydown=${this.#key}>
              ${this.#level(TOP, 1)}
            </ul>
            <p id="rw-tree-hint" class="rw-hint rw-tree-hint">${this.levels.get(TOP)?.total === 0 ? assist.treeEmpty : assist.treeHint}</p>
          </div>
          <div class="rw-branch" aria-live="polite">${current ? aboutBranch(current, texts, () => this.#choose(current)) : nothing}</div>
        </div>
      </div>
    </dialog>`;
  }

  #level(parent: string, depth: number): TemplateResult[] {
    const below = this.levels.get(parent);
    const rows = (below?.items ?? []).map((branch, index) =>
      this.#row(branch, depth, index, below?.total ?? 0),
    );
    const left = (below?.total ?? 0) - (below?.items.length ?? 0);
    if (left > 0) {
      rows.push(html`<li role="none" class="rw-tree-more">
        <button type="button" class="rw-link" tabindex="-1" @click=${() => this.#go(() => this.#load(parent))}>${this.texts.assist.treeMore(left)}</button>
      </li>`);
    }
    return rows;
  }

  #row(branch: Branch, depth: number, index: number, total: number): TemplateResult {
    const { id, label, children } = branch;
    const open = this.opened.has(id);
    const [example] = branch.examples;
    return html`<li
      role="treeitem"
      aria-level=${depth}
      aria-posinset=${index + 1}
      aria-setsize=${total}
      aria-expanded=${children ? String(open) : nothing}
      aria-selected=${String(id === this.chosen)}
      aria-label=${label}
      tabindex=${id === this.at ? 0 : -1}
      data-id=${id}
      data-testid="branch"
    >
      <span class="rw-tree-row" ?data-at=${id === this.at} @click=${() => this.#point(id)} @dblclick=${() => this.#choose(branch)}>
        ${
          children
            ? html`<span class="rw-tree-toggle" data-testid="branch-toggle" ?data-open=${open} @click=${(event: Event) => this.#toggle(event, id)}
                >${icon("chevron")}</span
              >`
            : html`<span class="rw-tree-toggle"></span>`
        }
        ${example ? html`<img src=${example} alt="" width="32" height="32" loading="lazy" />` : html`<i class="rw-tree-blank"></i>`}
        <span class="rw-tree-label">${label}${id === this.chosen ? html` <small>${this.texts.assist.chosen}</small>` : nothing}</span>
      </span>
      ${open ? html`<ul role="group">${this.#level(id, depth + 1)}</ul>` : nothing}
    </li>`;
  }

  get #rows(): readonly Row[] {
    return rowsOf(this.levels, this.opened);
  }

  async #load(parent: string): Promise<void> {
    const known = this.levels.get(parent);
    const level = await this.server?.below(parent || null, known?.items.length ?? 0);
    if (!level) return;
    const items = [...(known?.items ?? []), ...level.items];
    this.levels = new Map([...this.levels, [parent, { items, total: level.total }]]);
  }

  /** Fetches of a level as much as it takes to see one of it. */
  async #reach(parent: string, id: string): Promise<void> {
    for (let page = 0; page < MOST_PAGES; page++) {
      const level = this.levels.get(parent);
      if (level?.items.some((one) => one.id === id) || (level && level.items.length >= level.total)) return;
      await this.#load(parent);
    }
  }

  async #open(id: string): Promise<void> {
    if (!this.levels.has(id)) await this.#load(id);
    this.opened = new Set([...this.opened, id]);
  }

  #close(id: string): void {
    this.opened = new Set([...this.opened].filter((one) => one !== id));
  }

  async #go(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }

  #toggle(event: Event, id: string): void {
    event.stopPropagation();
    if (this.opened.has(id)) this.#close(id);
    else void this.#go(() => this.#open(id));
    this.#point(id);
  }

  #point(id: string): void {
    this.at = id;
    void this.updateComplete.then(() => this.#focus());
  }

  #focus(): void {
    const row = this.querySelector<HTMLElement>(`[role=treeitem][data-id="${this.at}"]`);
    row?.focus({ preventScroll: true });
    row?.querySelector(".rw-tree-row")?.scrollIntoView?.({ block: "nearest" });
  }

  #choose({ id, label, uri }: Branch): void {
    this.dialog.close();
    const concept: ConceptRef = uri ? { id, label, uri } : { id, label };
    this.tell("branch-chosen", { concept });
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || (event.target as Element).matches("button")) return;
    const rows = this.#rows;
    const index = rows.findIndex(({ branch }) => branch.id === this.at);
    const row = rows[index];
    if (!row) return;
    const to = this.#moved(event.key, rows, index);
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (to) this.#point(to);
  };

  /** Which one a key leads to; null where it does something else, undefined where it means nothing. */
  #moved(key: string, rows: readonly Row[], index: number): string | null | undefined {
    const { branch, parent } = rows[index] as Row;
    const open = this.opened.has(branch.id);
    switch (key) {
      case "ArrowDown":
        return rows[index + 1]?.branch.id ?? null;
      case "ArrowUp":
        return rows[index - 1]?.branch.id ?? null;
      case "Home":
        return rows[0]?.branch.id ?? null;
      case "End":
        return rows.at(-1)?.branch.id ?? null;
      case "ArrowRight":
        if (open) return rows[index + 1]?.parent === branch.id ? (rows[index + 1]?.branch.id ?? null) : null;
        if (branch.children) void this.#go(() => this.#open(branch.id));
        return null;
      case "ArrowLeft":
        if (!open) return parent || null;
        this.#close(branch.id);
        return null;
      case "Enter":
      case " ":
        this.#choose(branch);
        return null;
      default:
        return key.length === 1 ? this.#letters.find(key, rows, index) : undefined;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-branches": RubricatorBranches;
  }
}
