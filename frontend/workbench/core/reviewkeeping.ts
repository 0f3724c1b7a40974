/** Where the unfinished decisions of a reviewer stand: on the shelf of this browser at once, on the server soon. */

import type { ReviewItem } from "./contract.ts";
import { type DraftServer, Drafts, type KeptDraft, leaseOf, type ThereState } from "./drafts.ts";
import { begin, type History, mapHistory, step } from "./history.ts";
import type { World } from "./ports.ts";
import type { Rulings } from "./rulings.ts";

/** What a draft of decisions says. */
export interface ReviewBody {
  readonly rulings: Rulings;
}

export interface ReviewKeepingState extends ThereState {
  /** False: this browser cannot keep what is decided across a reload. */
  readonly kept: boolean;
}

/** What was begun. */
export interface Begun {
  readonly history: History<Rulings>;
  /** The id the decision will have: made once, so that it is not saved twice. */
  readonly decision: string;
}

interface Kept extends Begun {
  readonly sequence: number;
}

const KEPT_STEPS = 50;

export class ReviewKeeping {
  readonly #drafts: Drafts<ReviewBody>;
  #state: ReviewKeepingState = { there: "off", thereBecause: null, kept: true };
  #writer = "";
  #task = "";
  #sequence = 0;
  #last: Begun | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly world: Pick<World, "shelf" | "clock" | "newId">,
    server: DraftServer<ReviewBody>,
    /** Key prefix on the shelf; one per person and campaign. */
    private readonly place: string,
    private readonly changed: () => void,
  ) {
    this.#drafts = new Drafts<ReviewBody>(
      { clock: world.clock, server: { drafts: server } },
      (there) => this.#become(there),
      // Whoever decides in two browsers at once: what is decided last stands.
      (_subject, present) => this.#goBeyond(present.sequence),
      false,
      isReview,
    );
  }

  get state(): ReviewKeepingState {
    return this.#state;
  }

  async open(): Promise<void> {
    const key = `browser/${this.place}`;
    const known = await this.world.shelf.get<string>(key).catch(() => undefined);
    this.#writer = known ?? this.world.newId();
    if (!known) await this.world.shelf.put(key, this.#writer).catch(() => undefined);
  }

  /** Another task lies there: what was begun here, then what the server knows better; `show` shows either. */
  async begin(task: string, items: readonly ReviewItem[], show: (begun: Begun) => boolean): Promise<void> {
    this.#task = task;
    this.#sequence = 0;
    this.#last = null;
    this.#drafts.turn();
    await this.#writing;
    const here = await this.world.shelf.get<Kept>(this.#key(task)).catch(() => undefined);
    if (this.#task !== task) return;
    if (here && !this.#sequence) {
      const history = mapHistory(here.history, (rulings) => ofThese(rulings, items));
      if (show({ history, decision: here.decision })) this.#sequence = here.sequence;
    }
    const before = this.#sequence;
    const there = await this.#drafts.read(leaseOf(task));
    // Who has gone on meanwhile has seen it otherwise.
    if (this.#task !== task || this.#sequence !== before) return;
    if (there && there.sequence > this.#sequence) this.#adopt(there, items, here, show);
    else if (here && (there?.sequence ?? 0) < this.#sequence) this.#send(here.history.present);
    else if (there) this.#become({ there: "saved", thereBecause: null });
  }

  /** Writes down what lies there, here at once and on the server soon. */
  write(begun: Begun): void {
    this.#sequence += 1;
    this.#last = begun;
    this.#keepHere(begun);
    this.#send(begun.history.present);
  }

  flush(): void {
    this.#drafts.flush();
  }

  /** It is being decided: what is on its way arrives before, and nothing comes after. */
  settle(): Promise<void> {
    return this.#drafts.settle(leaseOf(this.#task));
  }

  /** It was decided: nobody needs its draft any more. */
  async done(task: string): Promise<void> {
    this.#drafts.forget(leaseOf(task));
    this.#writing = this.#writing.then(() => this.world.shelf.remove(this.#key(task))).catch(() => undefined);
    await this.#writing;
  }

  close(): void {
    this.#drafts.flush();
    this.#drafts.close();
  }

  /** The server's is the newer one; what stood here is one step back. */
  #adopt(
    there: KeptDraft<ReviewBody>,
    items: readonly ReviewItem[],
    here: Kept | undefined,
    show: (begun: Begun) => boolean,
  ): void {
    const theirs = ofThese(there.body.rulings, items);
    const history = here ? step(here.history, theirs) : begin(theirs);
    const begun = { history, decision: here?.decision ?? this.world.newId() };
    if (!show(begun)) return;
    this.#sequence = there.sequence;
    this.#last = begun;
    this.#keepHere(begun);
    this.#become({ there: "saved", thereBecause: null });
  }

  #goBeyond(sequence: number): void {
    this.#sequence = Math.max(this.#sequence, sequence) + 1;
    if (this.#last) this.#send(this.#last.history.present);
  }

  #send(rulings: Rulings): void {
    this.#drafts.put(leaseOf(this.#task), {
      sequence: this.#sequence,
      writer: this.#writer,
      body: { rulings },
    });
  }

  #keepHere({ history, decision }: Begun): void {
    const { past, present, future } = history;
    const short = { past: past.slice(-KEPT_STEPS), present, future: future.slice(0, KEPT_STEPS) };
    const kept: Kept = { history: short, decision, sequence: this.#sequence };
    const key = this.#key(this.#task);
    this.#writing = this.#writing
      .then(() => this.world.shelf.put(key, kept))
      .then(
        () => this.#become({ kept: !this.world.shelf.failing }),
        () => this.#become({ kept: false }),
      );
  }

  #become(change: Partial<ReviewKeepingState>): void {
    this.#state = { ...this.#state, ...change };
    this.changed();
  }

  #key(task: string): string {
    return `review/${this.place}${task}`;
  }
}

const isReview = ({ sequence, body }: KeptDraft<ReviewBody>): boolean =>
  Number.isSafeInteger(sequence) && typeof body?.rulings === "object" && body.rulings !== null;

/** Of what was decided, what still has its subject: the answers may have been merged anew. */
function ofThese(rulings: Rulings, items: readonly ReviewItem[]): Rulings {
  const known = new Set(items.map(({ id }) => id));
  const isHere = (id: string) => known.has(id);
  const rows = Object.entries(rulings).filter(
    ([id, { verdict, merges = [], into, parts }]) =>
      (verdict === "added" || isHere(id)) &&
      merges.every(isHere) &&
      (!into || isHere(into)) &&
      (parts ?? []).every(({ members }) => Array.isArray(members)),
  );
  return rows.length === Object.keys(rulings).length ? rulings : Object.fromEntries(rows);
}
