/**
 * The tree of a vocabulary: one tab stop, arrows, type-ahead, branches fetched when they are opened (the tree
 * view of the ARIA Authoring Practices). Works on what the server has written; without it every concept is a link.
 */

import { Taking } from "./taking.ts";

const TYPE_AHEAD_MS = 700;

export class ConceptTree {
  readonly #root: HTMLElement;
  readonly #status: HTMLElement | null;
  #typed = "";
  #typedAt = 0;
  readonly #taking: Taking | null;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#status = root.parentElement?.querySelector<HTMLElement>("[data-tree-status]") ?? null;
    const current = this.current ?? this.visible[0];
    for (const item of this.items) item.tabIndex = item === current ? 0 : -1;
    this.#root.addEventListener("keydown", this.#key);
    this.#root.addEventListener("click", this.#click);
    this.#root.addEventListener("focusin", ({ target }) => this.#settle(target));
    this.#taking = "editable" in root.dataset ? new Taking(this) : null;
    reveal(this.current);
  }

  get root(): HTMLElement {
    return this.#root;
  }

  get items(): HTMLElement[] {
    return [...this.#root.querySelectorAll<HTMLElement>("[role=treeitem]")];
  }

  /** What is not hidden in a closed branch, from top to bottom. */
  get visible(): HTMLElement[] {
    return this.items.filter((item) => !item.closest("[role=group][hidden]"));
  }

  get current(): HTMLElement | null {
    return this.#root.querySelector<HTMLElement>("[role=treeitem][aria-current]");
  }

  /** Says something to whoever does not see it happen. */
  say(sentence: string | undefined, name = ""): void {
    if (this.#status) this.#status.textContent = (sentence ?? "").replace("{name}", name);
  }

  /** Opens a branch, fetching it the first time. */
  async open(item: HTMLElement): Promise<void> {
    if (item.getAttribute("aria-expanded") !== "false") return;
    const group = groupOf(item) ?? (await this.#fetched(item));
    if (!group) return;
    group.hidden = false;
    item.setAttribute("aria-expanded", "true");
  }

  close(item: HTMLElement): void {
    const group = groupOf(item);
    if (!group) return;
    group.hidden = true;
    item.setAttribute("aria-expanded", "false");
    if (group.contains(document.activeElement)) item.focus();
  }

  async #fetched(item: HTMLElement): Promise<HTMLElement | null> {
    const address = item.dataset.children;
    if (!address || item.getAttribute("aria-busy") === "true") return null;
    item.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const group = document.createElement("ul");
      group.setAttribute("role", "group");
      group.id = `below-${item.dataset.concept}`;
      // Our own server's fragment, escaped by its templates.
      group.innerHTML = await answer.text();
      for (const child of group.querySelectorAll<HTMLElement>("[role=treeitem]")) child.tabIndex = -1;
      item.after(group);
      item.setAttribute("aria-owns", group.id);
      return group;
    } catch {
      this.say(this.#root.dataset.failed);
      return null;
    } finally {
      item.removeAttribute("aria-busy");
    }
  }

  #settle(target: EventTarget | null): void {
    const item = itemAt(target);
    if (!item) return;
    for (const other of this.#root.querySelectorAll<HTMLElement>('[role=treeitem][tabindex="0"]')) {
      if (other !== item) other.tabIndex = -1;
    }
    item.tabIndex = 0;
  }

  /** The arrow beside a concept opens and closes; the concept itself is a link. */
  readonly #click = (event: MouseEvent): void => {
    const item = itemAt(event.target);
    if (!item?.hasAttribute("aria-expanded") || !onArrow(item, event)) return;
    event.preventDefault();
    void this.#toggle(item);
  };

  async #toggle(item: HTMLElement): Promise<void> {
    if (item.getAttribute("aria-expanded") === "true") this.close(item);
    else await this.open(item);
  }

  readonly #key = (event: KeyboardEvent): void => {
    const item = itemAt(event.target);
    if (!item || event.altKey || this.#taking?.key(event, item)) return;
    if (event.ctrlKey || event.metaKey) return;
    const visible = this.visible;
    const at = visible.indexOf(item);
    const moves: Record<string, () => void> = {
      ArrowDown: () => visible[at + 1]?.focus(),
      ArrowUp: () => visible[at - 1]?.focus(),
      Home: () => visible[0]?.focus(),
      End: () => visible.at(-1)?.focus(),
      ArrowRight: () => this.#into(item),
      ArrowLeft: () => this.#out(item),
      " ": () => item.click(),
      "*": () => this.#openBeside(item),
    };
    // A space within a name that is being typed belongs to it.
    const types = event.key.length === 1 && !(event.key in moves && !this.#isTyping);
    const move = types ? () => this.#find(event.key, visible, at) : moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };

  #into(item: HTMLElement): void {
    if (item.getAttribute("aria-expanded") === "false") void this.open(item);
    else groupOf(item)?.querySelector<HTMLElement>("[role=treeitem]")?.focus();
  }

  #out(item: HTMLElement): void {
    if (item.getAttribute("aria-expanded") === "true") this.close(item);
    else parentOf(item)?.focus();
  }

  #openBeside(item: HTMLElement): void {
    const list = item.parentElement?.parentElement;
    for (const li of list?.children ?? []) {
      const beside = li.querySelector<HTMLElement>(":scope > [role=treeitem]");
      if (beside) void this.open(beside);
    }
  }

  get #isTyping(): boolean {
    return this.#typed !== "" && performance.now() - this.#typedAt < TYPE_AHEAD_MS;
  }

  /** Letters typed quickly one after the other are one beginning; the same letter again goes on. */
  #find(letter: string, visible: readonly HTMLElement[], at: number): void {
    this.#typed = this.#isTyping ? this.#typed + letter : letter;
    this.#typedAt = performance.now();
    const from = this.#typed.length > 1 ? at : at + 1;
    const order = [...visible.slice(from), ...visible.slice(0, from)];
    const wanted = plain(this.#typed);
    order.find((item) => plain(nameOf(item)).startsWith(wanted))?.focus();
  }
}

export function itemAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[role=treeitem]") : null;
}

export function nameOf(item: HTMLElement): string {
  return item.querySelector(".tree-label")?.textContent?.trim() ?? "";
}

export function groupOf(item: HTMLElement): HTMLElement | null {
  return item.parentElement?.querySelector<HTMLElement>(":scope > [role=group]") ?? null;
}

export function parentOf(item: HTMLElement): HTMLElement | null {
  const above = item.closest("[role=group]")?.parentElement;
  return above?.querySelector<HTMLElement>(":scope > [role=treeitem]") ?? null;
}

function onArrow(item: HTMLElement, { clientX, detail }: MouseEvent): boolean {
  // A click by key has no place: it opens the page.
  if (detail === 0) return false;
  const { left, right } = item.getBoundingClientRect();
  const rtl = getComputedStyle(item).direction === "rtl";
  return (rtl ? right - clientX : clientX - left) < 32;
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Keeps the concept in view when the tree scrolls in its own frame, without moving the page. */
function reveal(item: HTMLElement | null): void {
  const frame = item?.closest<HTMLElement>(".tree");
  if (!item || !frame || frame.scrollHeight <= frame.clientHeight) return;
  frame.scrollTop +=
    item.getBoundingClientRect().top - frame.getBoundingClientRect().top - frame.clientHeight / 3;
}

/** Brings every tree below a node to life, once. */
export function growTrees(root: ParentNode): void {
  for (const found of root.querySelectorAll<HTMLElement>("[data-tree]:not([data-alive])")) {
    found.dataset.alive = "";
    new ConceptTree(found);
  }
}
