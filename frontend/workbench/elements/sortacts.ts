/** What is done to crops on a wall: asked about first where it should be, sent, said, and taken back. */

import type { ReactiveControllerHost } from "lit";
import type { ConceptRef } from "../core/contract.ts";
import type { Lexicon } from "../core/lexicon.ts";
import type { Texts } from "../core/locale/texts.ts";
import { MANY, type SortResult, type SortVerdict, told, touched } from "../core/sorting.ts";
import type { WallState, WallWork } from "../core/wallwork.ts";
import { Hearing } from "./hearing.ts";
import type { RubricatorSortask } from "./rubricator-sortask.ts";
import type { RubricatorWall } from "./rubricator-wall.ts";

interface SortActsHost extends ReactiveControllerHost, HTMLElement {
  readonly texts: Texts;
  readonly wall: WallState | null;
  readonly work: WallWork | null;
  readonly lexicon: Lexicon | null;
  readonly crops: RubricatorWall | null;
  readonly asking: RubricatorSortask;
}

interface Decided {
  readonly verdict: SortVerdict;
  readonly concept: ConceptRef | null;
  readonly reason: string;
}

export class SortActs {
  #said: readonly string[] = [];
  /** What the question on the screen is about. */
  #meant: readonly string[] = [];
  #warned = false;

  constructor(private readonly host: SortActsHost) {
    new Hearing(host, (on) => {
      on<{ verdict: SortVerdict }>("sort-act", ({ verdict }) => this.act(verdict));
      on<Decided>("sort-go", (decided) => void this.#rule(this.#meant, decided));
      on("sort-undo", () => void this.undo());
      on("sort-send", () => void this.#send());
      on("sort-drop", () => host.work?.drop());
    });
  }

  /** What was done last, in sentences. */
  get said(): readonly string[] {
    return this.#said;
  }

  /** Something else is looked at: what was done is said no longer. */
  hush(): void {
    this.#tell([]);
  }

  /** Does it, or asks first: for a reason, a label, or where much or a part of an image is touched. */
  act(verdict: SortVerdict, concept: ConceptRef | null = null): void {
    const ids = this.#ids;
    const { wall, asking } = this.host;
    if (!wall || wall.busy || wall.unsent.length || !ids.length) return;
    const about = touched(wall.items, new Set(ids));
    const asks = verdict === "rejected" || (verdict === "corrected" && !concept);
    const warns = ids.length > MANY || (about.kept > 0 && !this.#warned);
    this.#meant = ids;
    if (!asks && !warns) void this.#rule(ids, { verdict, concept, reason: "" });
    else void asking.ask({ verdict, touched: about, concept });
    // Of what is kept it is asked once; from then on the bar says it.
    this.#warned ||= about.kept > 0;
  }

  /** Relabels with one of the labels at hand, by its number; false where there is none. */
  quick(index: number): boolean {
    const concept = this.host.lexicon?.quick[index];
    if (concept) this.act("corrected", { id: concept.id, label: concept.label });
    return Boolean(concept);
  }

  async undo(): Promise<void> {
    const { host } = this;
    const found = await host.work?.undo();
    if (found) this.#tell([host.texts.sorting.undone(found.back, found.kept)]);
    await host.updateComplete;
    host.crops?.focus();
  }

  /** What an action is about: what is selected, else the crop under the hand. */
  get #ids(): readonly string[] {
    const { picked, items } = this.host.wall ?? {};
    if (picked?.size) return (items ?? []).filter(({ id }) => picked.has(id)).map(({ id }) => id);
    const current = this.host.crops?.current;
    return current ? [current.id] : [];
  }

  async #rule(ids: readonly string[], { verdict, concept, reason }: Decided): Promise<void> {
    if (concept) this.host.lexicon?.used(concept);
    this.hush();
    this.#say(await this.host.work?.rule(ids, verdict, concept, reason));
  }

  async #send(): Promise<void> {
    this.#say(await this.host.work?.send());
  }

  #say(results: readonly SortResult[] | null | undefined): void {
    if (!results) return;
    const { host } = this;
    const { sorting } = host.texts;
    const { decided, kept, spoken, refusals } = told(results);
    const refused = refusals.map(([sentence, count]) => sorting.refused(count, sentence));
    this.#tell([sorting.done(decided, kept, spoken), ...refused].filter(Boolean));
    void host.updateComplete.then(() => host.crops?.updateComplete.then(() => host.crops?.focus()));
  }

  #tell(said: readonly string[]): void {
    this.#said = said;
    this.host.requestUpdate();
  }
}
