/** A world to test in: a server that obeys, a clock that is wound by hand. */

import type {
  Amendment,
  Assignment,
  Batch,
  BatchResult,
  Campaign,
  Claim,
  Contribution,
  Own,
  OwnDetail,
  Receipt,
} from "./contract.ts";
import { boundsOf } from "./outline.ts";
import { type Clock, type GridServer, MemoryShelf, type Server, type World } from "./ports.ts";
import { Trouble } from "./trouble.ts";

export const PROGRESS = { tasks: 10, retired: 2, contributions: 5, mine: 0 };

export const CAMPAIGN: Campaign = {
  slug: "clefs",
  title: { en: "Clefs", fr: "Clefs" },
  summary: {},
  status: "open",
  question: {
    kind: "locate",
    draws: true,
    takes_nothing: true,
    answers: [],
    prompt: { en: "Draw every clef", fr: "Encadrez chaque clef" },
    many: false,
    required_label: true,
  },
  instructions_html: {},
  vocabulary: { slug: "notation", branch: null, count: 3 },
  overlap: 3,
  shows_predictions: true,
  progress: PROGRESS,
};

export function assignment(id: string, more: Partial<Assignment> = {}): Assignment {
  return {
    id,
    expires_at: new Date(1_800_000).toISOString(),
    task: {
      id: `task-${id}`,
      region: null,
      canvas: {
        id: `canvas-${id}`,
        uri: `https://example.org/${id}`,
        label: { en: ["Page 1"] },
        width: 1000,
        height: 2000,
        image: { service: null, version: null, url: "/page.png", width: 500, height: 1000 },
        manifest: null,
      },
    },
    predictions: [],
    ...more,
  };
}

/** Time stands still until `wind` lets some pass; then what is due is called in order. */
export class HandClock implements Clock {
  #now = 0;
  #due: { at: number; call: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): () => void {
    const entry = { at: this.#now + ms, call };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((other) => other !== entry);
    };
  }

  async wind(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      const [next] = this.#due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#due = this.#due.filter((entry) => entry !== next);
      this.#now = next.at;
      next.call();
      await settled();
    }
    this.#now = until;
    await settled();
  }
}

/** Lets everything that waits for nothing but promises happen. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 40; round++) await Promise.resolve();
}

const answerOf = ({ steps: _steps, ...said }: Omit<Contribution, "assignment">): Own["answer"] => ({
  ...said,
  shapes: said.shapes.map((shape) => ({
    ...shape,
    box: shape.box ?? boundsOf(shape.points ?? []),
    concepts: shape.concepts.map((id) => ({ id, label: id })),
  })),
  concepts: said.concepts.map((id) => ({ id, label: id })),
});

/** A contribution as the server would give it back. */
export function owned(said: Contribution, more: Partial<OwnDetail> = {}): OwnDetail {
  return {
    id: said.id,
    submitted_at: "1970-01-01T00:00:01Z",
    revision: 1,
    why_not: null,
    canvas_label: {},
    crop: "/crop.jpg",
    answer: answerOf(said),
    assignment: assignment(said.assignment),
    ...more,
  };
}

export class PretendServer implements GridServer {
  readonly received: Contribution[] = [];
  readonly amended: Amendment[] = [];
  /** What the server holds of one's own, by id. */
  readonly owned = new Map<string, OwnDetail>();
  readonly calls: string[] = [];
  /** Thrown by the next calls of that name, for as long as it is set. */
  readonly broken: Partial<Record<keyof GridServer, Error>> = {};
  /** How many it gives at once. */
  atOnce = 4;
  campaigned = CAMPAIGN;

  constructor(public waiting: Assignment[]) {}

  async campaign(): Promise<Campaign> {
    this.#note("campaign");
    return this.campaigned;
  }

  async claim({ resume }: { resume: boolean }): Promise<Claim> {
    this.#note("claim", String(resume));
    const next = this.waiting.shift() ?? null;
    return {
      assignment: next,
      reason: next ? null : "nothing_left",
      retry_after_s: null,
      progress: PROGRESS,
    };
  }

  async claimMany({ resume }: { resume: boolean }): Promise<Batch> {
    this.#note("claimMany", String(resume));
    const assignments = this.waiting.splice(0, this.atOnce);
    const reason = assignments.length ? null : "nothing_left";
    return { assignments, reason, retry_after_s: null, progress: PROGRESS };
  }

  /** Refuses those without an answer, as each would be by itself. */
  async submitMany(contributions: readonly Contribution[]): Promise<BatchResult[]> {
    this.#note("submitMany", String(contributions.length));
    const results: BatchResult[] = [];
    for (const one of contributions) {
      const isEmpty = !one.nothing_here && !one.shapes.length;
      const problem = isEmpty ? { detail: "The answer is empty.", code: "empty-answer" } : null;
      const receipt = isEmpty ? null : await this.submit(one);
      results.push({ id: one.id, status: isEmpty ? 422 : 201, receipt, problem });
    }
    return results;
  }

  async renew(id: string): Promise<{ expires_at: string }> {
    this.#note("renew", id);
    return { expires_at: new Date(9_000_000).toISOString() };
  }

  async release(id: string): Promise<void> {
    this.#note("release", id);
  }

  async skip(id: string): Promise<void> {
    this.#note("skip", id);
  }

  async submit(contribution: Contribution): Promise<Receipt> {
    this.#note("submit", contribution.id);
    this.received.push(contribution);
    if (!this.owned.has(contribution.id)) this.owned.set(contribution.id, owned(contribution));
    return {
      id: contribution.id,
      assignment: contribution.assignment,
      submitted_at: "2026-01-01T00:00:00Z",
      counted: true,
      progress: { ...PROGRESS, mine: new Set(this.received.map(({ id }) => id)).size },
    };
  }

  async mine(limit: number): Promise<{ results: readonly Own[] }> {
    this.#note("mine", String(limit));
    return { results: [...this.owned.values()].reverse().slice(0, limit) };
  }

  async own(id: string): Promise<OwnDetail> {
    this.#note("own", id);
    const own = this.owned.get(id);
    if (!own) throw new Trouble("refused", "You have handed in nothing under this address.", "not-found");
    return own;
  }

  async amend(id: string, amendment: Amendment): Promise<OwnDetail> {
    this.#note("amend", `${id} ${amendment.based_on}`);
    const present = this.owned.get(id);
    if (present && !this.amended.some((one) => one.id === amendment.id)) {
      if (present.revision !== amendment.based_on) {
        throw new Trouble(
          "refused",
          "You have changed this answer elsewhere.",
          "changed-meanwhile",
          null,
          present,
        );
      }
      this.amended.push(amendment);
      this.owned.set(id, { ...present, revision: present.revision + 1, answer: answerOf(amendment) });
    }
    return this.own(id);
  }

  async concepts(query: string, limit: number) {
    this.#note("concepts", query);
    const items = ["G clef", "F clef", "C clef"].map((label) => ({ id: label, label }));
    return { items: items.slice(0, limit), total: items.length };
  }

  #note(name: keyof GridServer, detail = ""): void {
    this.calls.push(`${name} ${detail}`.trim());
    const error = this.broken[name];
    if (error) throw error;
  }
}

export function world<S extends Server>(
  server: S,
  shelf = new MemoryShelf(),
): World & { clock: HandClock; server: S } {
  let count = 0;
  return {
    server,
    shelf,
    clock: new HandClock(),
    newId: () => `id-${++count}`,
    alone: (_name, work) => work(),
  };
}
