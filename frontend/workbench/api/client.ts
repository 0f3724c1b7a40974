/** Talks to our REST API: JSON in and out, the CSRF header, and every failure sorted into a `Trouble`. */

import type {
  Amendment,
  Batch,
  BatchResult,
  Campaign,
  Claim,
  ConceptFound,
  Contribution,
  Decided,
  Decision,
  Own,
  OwnDetail,
  Receipt,
  ReviewTask,
} from "../core/contract.ts";
import type { DraftServer, KeptDraft, Subject } from "../core/drafts.ts";
import type { GridServer, Server } from "../core/ports.ts";
import type { ReviewBody } from "../core/reviewkeeping.ts";
import { Trouble } from "../core/trouble.ts";

const TIMEOUT_MS = 30_000;
const UNSAFE = new Set(["POST", "PUT", "PATCH", "DELETE"]);

interface Problem {
  readonly detail?: string;
  readonly title?: string;
  readonly code?: string;
  readonly present?: unknown;
}

/** One request; answers the parsed JSON, or undefined for an empty answer. Throws `Trouble` only. */
export async function request<T>(url: string, init: Asked = {}): Promise<T> {
  return (await bodyJson(await ask(url, init))) as T;
}

interface Asked {
  readonly method?: string;
  readonly json?: unknown;
  readonly lang?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The same for who needs the headers of the answer. */
export async function ask(url: string, init: Asked = {}): Promise<Response> {
  const method = init.method ?? "GET";
  const headers: Record<string, string> = {
    Accept: "application/json, application/problem+json",
    ...init.headers,
  };
  if (init.lang) headers["Accept-Language"] = init.lang;
  if (init.json !== undefined) headers["Content-Type"] = "application/json";
  if (UNSAFE.has(method)) headers["X-CSRFToken"] = csrfToken();
  const response = await fetch(url, {
    method,
    headers,
    credentials: "same-origin",
    // Leases given back while the page closes must still leave.
    keepalive: UNSAFE.has(method) && bodyOf(init.json).length < 30_000,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(init.json === undefined ? {} : { body: bodyOf(init.json) }),
  }).catch((error: unknown) => {
    throw new Trouble("offline", error instanceof Error ? error.message : "");
  });
  if (!response.ok) throw await troubleOf(response);
  return response;
}

/** The token Django wants back: from its cookie, or from the page when the cookie is hidden from scripts. */
export function csrfToken(): string {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  if (cookie) return decodeURIComponent(cookie.slice("csrftoken=".length));
  return (
    document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ??
    document.querySelector<HTMLInputElement>('input[name="csrfmiddlewaretoken"]')?.value ??
    ""
  );
}

/** The server as the session sees it. `campaignUrl` ends with a slash: `/api/v1/campaigns/clefs/`. */
export function campaignServer(campaignUrl: string, lang: string): GridServer {
  const assignments = new URL("../../assignments/", new URL(campaignUrl, document.baseURI)).href;
  const contributions = new URL("../contributions/", assignments).href;
  const post = <T>(url: string, json: unknown) => request<T>(url, { method: "POST", json, lang });
  return {
    campaign: () => request<Campaign>(campaignUrl, { lang }),
    claim: ({ resume }) => post<Claim>(`${campaignUrl}assignments/`, resume ? { resume } : {}),
    drafts: draftServer(assignments, contributions, lang),
    renew: (id) => post(`${assignments}${id}/renew/`, {}),
    release: (id) => post(`${assignments}${id}/release/`, {}),
    skip: (id) => post(`${assignments}${id}/skip/`, {}),
    submit: (contribution: Contribution) => post<Receipt>(`${campaignUrl}contributions/`, contribution),
    claimMany: ({ resume }) => post<Batch>(`${campaignUrl}claims/`, { resume }),
    submitMany: async (contributions) =>
      (await post<{ results: BatchResult[] }>(`${campaignUrl}contributions/batch/`, { contributions }))
        .results,
    mine: (limit) =>
      request<{ results: Own[] }>(`${campaignUrl}contributions/mine/?limit=${limit}`, { lang }),
    own: (id) => request<OwnDetail>(`${contributions}${id}/`, { lang }),
    amend: (id, json: Amendment) =>
      request<OwnDetail>(`${contributions}${id}/`, { method: "PUT", json, lang }),
    concepts: (q, limit, step) => {
      const query = new URLSearchParams({ q, lang, limit: String(limit), ...(step && { step }) });
      return request<{ items: ConceptFound[]; total: number }>(`${campaignUrl}concepts/?${query}`, { lang });
    },
  };
}

interface KeptOne {
  readonly problem: Problem | null;
}

function draftServer(assignments: string, contributions: string, lang: string): DraftServer {
  const at = ({ assignment, changes }: Subject) =>
    changes ? `${contributions}${changes.contribution}/draft/` : `${assignments}${assignment}/draft/`;
  const many = `${assignments}drafts/`;
  return {
    read: async (subject) => (await request<KeptDraft | undefined>(at(subject), { lang })) ?? null,
    write: (subject, draft) => {
      const json = subject.changes ? { ...draft, based_on: subject.changes.revision } : draft;
      return request<void>(at(subject), { method: "PUT", json, lang });
    },
    drop: (subject) => request<void>(at(subject), { method: "DELETE", lang }),
    readMany: async (leases) => {
      const query = new URLSearchParams(leases.map((id) => ["assignment", id]));
      type Found = KeptDraft & { readonly assignment: string };
      const { drafts } = await request<{ drafts: readonly Found[] }>(`${many}?${query}`, { lang });
      return new Map(drafts.map((draft) => [draft.assignment, draft]));
    },
    writeMany: async (sent) => {
      const drafts = sent.map(({ subject, draft }) => ({ ...draft, assignment: subject.assignment }));
      const json = { drafts };
      const { results } = await request<{ results: readonly KeptOne[] }>(many, { method: "PUT", json, lang });
      return results.map(({ problem }) => problem && refusedFor(problem));
    },
  };
}

const refusedFor = ({ detail = "", code = "", present = null }: Problem): Trouble =>
  new Trouble("refused", detail, code, null, present);

export interface ReviewServer extends Pick<Server, "campaign" | "concepts"> {
  /** The most disputed task that waits, after passing over `skip` others. */
  next(skip: number): Promise<ReviewTask>;
  /** This task, whatever its state. */
  one(task: string): Promise<ReviewTask>;
  decide(decision: Decision): Promise<Decided | undefined>;
  /** Keeps what is decided by halves; each by its task. */
  readonly drafts: DraftServer<ReviewBody>;
  /** Takes a decision back by its id. */
  takeBack(decision: string): Promise<void>;
}

export function reviewServer(campaignUrl: string, lang: string): ReviewServer {
  const { campaign, concepts } = campaignServer(campaignUrl, lang);
  const draft = ({ assignment: task }: Subject) => `${campaignUrl}review/${task}/draft/`;
  return {
    drafts: {
      read: async (of) => (await request<KeptDraft<ReviewBody> | undefined>(draft(of), { lang })) ?? null,
      write: (of, json) => request<void>(draft(of), { method: "PUT", json, lang }),
    },
    campaign,
    concepts,
    next: (skip) => request<ReviewTask>(`${campaignUrl}review/next/${skip ? `?skip=${skip}` : ""}`, { lang }),
    one: (task) => request<ReviewTask>(`${campaignUrl}review/next/?task=${task}`, { lang }),
    takeBack: (id) => request(`${campaignUrl}decisions/${id}/`, { method: "DELETE", lang }),
    decide: (json) => request(`${campaignUrl}decisions/`, { method: "POST", json, lang }),
  };
}

const bodyOf = (json: unknown): string => (json === undefined ? "" : JSON.stringify(json));

async function bodyJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // A login page or a proxy's page instead of our JSON.
    throw new Trouble(response.redirected ? "signin" : "server", "");
  }
}

async function troubleOf(response: Response): Promise<Trouble> {
  const problem: Problem = await response.json().catch(() => ({}));
  const detail = problem.detail ?? problem.title ?? "";
  const code = problem.code ?? String(response.status);
  const { status } = response;
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  const retryAfterS = Number.isFinite(seconds) ? seconds : null;
  const csrf = status === 403 && /csrf/i.test(`${code} ${detail}`);
  if (status === 401 || csrf) return new Trouble("signin", detail, code);
  if (status >= 500 || status === 429 || status === 408)
    return new Trouble("server", detail, code, retryAfterS);
  return new Trouble("refused", detail, code, null, problem.present ?? null);
}
