/**
 * A pretend server for working on the workbench alone: generated score-like pages as IIIF images, one campaign to
 * draw in, one to tag, one to review. State lives in memory. `npm run dev`, then open the printed address.
 * `GET /dev/posted` answers everything handed in; `POST /dev/mood {"status": 503}` makes the API ill.
 */

import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { assignmentFor, CONCEPTS, campaigns, outlineReview, reviewTask } from "./data.ts";
import { PAGES, page, tilePng } from "./pages.ts";

const PORT = Number(process.env.PORT ?? 5179);
const BUILT = new URL("../../static/workbench/", import.meta.url);
const CSP = "default-src 'self'; img-src 'self'; object-src 'none'; base-uri 'self'";
const TYPES: Record<string, string> = {
  js: "text/javascript",
  css: "text/css",
  woff2: "font/woff2",
  json: "application/json",
};

const posted: unknown[] = [];
/** What was handed in, by id, as its owner gets it back. */
const own = new Map<string, Record<string, unknown>>();
const mood = { status: 0 };
const assignments = new Map<string, ReturnType<typeof assignmentFor>>();
const taken = new Map<string, Set<number>>();
const finished = new Map<string, number>();
let reviewed = 0;

const folded = (text: string) =>
  text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();

function json(response: ServerResponse, status: number, body: unknown): void {
  const type = status >= 400 ? "application/problem+json" : "application/json";
  response.writeHead(status, { "Content-Type": type, "Cache-Control": "no-store" });
  response.end(status === 204 ? undefined : JSON.stringify(body));
}

function progress(slug: string) {
  const mine = finished.get(slug) ?? 0;
  return { tasks: 60, retired: 23 + mine, contributions: 140 + mine, mine };
}

function claim(slug: string) {
  const used = taken.get(slug) ?? new Set<number>();
  taken.set(slug, used);
  const limit = slug === "empty" ? 0 : PAGES;
  for (let index = 0; index < limit; index++) {
    if (used.has(index)) continue;
    used.add(index);
    const assignment = assignmentFor(slug, index);
    assignments.set(assignment.id, assignment);
    return {
      assignment,
      reason: null,
      retry_after_s: null,
      progress: progress(slug),
    };
  }
  return { assignment: null, reason: "nothing_left", retry_after_s: null, progress: progress(slug) };
}

function concepts(query: URLSearchParams, slug: string) {
  const lang = query.get("lang") === "fr" ? "fr" : "en";
  const wanted = folded(query.get("q") ?? "");
  const all = slug === "hands" ? CONCEPTS.hands : slug === "animals" ? CONCEPTS.animals : CONCEPTS.clefs;
  const found = all.flatMap((concept) => {
    const names = [concept.label[lang], concept.label.en, concept.label.fr, ...concept.also];
    const matched = names.find((name) => folded(name).includes(wanted));
    if (wanted && !matched) return [];
    const also = matched && matched !== concept.label[lang] ? matched : null;
    return [
      {
        id: concept.id,
        uri: `https://example.org/${concept.id}`,
        notation: null,
        label: concept.label[lang],
        matched: wanted ? also : null,
        path: concept.path.map((step) => step[lang]),
        scope_note: null,
      },
    ];
  });
  return { items: found.slice(0, Number(query.get("limit") ?? 20)), total: found.length };
}

/** All labels on one level, without examples. */
function tree(query: URLSearchParams, slug: string) {
  const { items, total } = concepts(
    new URLSearchParams({ lang: query.get("lang") ?? "en", limit: "100" }),
    slug,
  );
  const of = query.get("of");
  const level = items.filter(({ id }) => !of || id === of);
  const shown = level.map((one) => ({ ...one, path: [], ancestors: [], children: 0, examples: [] }));
  return { items: shown, total: of ? shown.length : total };
}

interface Sent {
  readonly shapes: readonly { readonly concepts: readonly string[] }[];
  readonly concepts: readonly string[];
}

/** The answer with its labels. */
function answered(body: unknown) {
  const sent = body as Sent;
  const all = Object.values(CONCEPTS).flat();
  const named = (ids: readonly string[]) =>
    ids.map((id) => ({ id, label: all.find((one) => one.id === id)?.label.en ?? id }));
  const shapes = sent.shapes.map((shape) => ({ ...shape, concepts: named(shape.concepts) }));
  return { ...sent, shapes, concepts: named(sent.concepts) };
}

const owned = (id: string, assignment: ReturnType<typeof assignmentFor>, body: unknown) => ({
  id,
  submitted_at: new Date().toISOString(),
  revision: 1,
  why_not: null,
  canvas_label: assignment.task.canvas.label,
  crop: assignment.task.canvas.image.url ?? "",
  answer: answered(body),
  assignment,
});

async function api(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const body = await read(request);
  if (mood.status && request.method === "POST") {
    json(response, mood.status, {
      type: "about:blank",
      title: "Ill",
      detail: "The pretend server is in a mood.",
      code: "mood",
    });
    return;
  }
  const [, campaign, rest] = /^\/api\/v1\/campaigns\/([^/]+)\/(.*)$/.exec(url.pathname) ?? [];
  const lease = /^\/api\/v1\/assignments\/([^/]+)\/(renew|release|skip)\/$/.exec(url.pathname);
  const mine = /^\/api\/v1\/contributions\/([^/]+)\/$/.exec(url.pathname)?.[1];
  if (mine) {
    const known = own.get(mine);
    if (known && request.method === "PUT") {
      posted.push({ url: url.pathname, body });
      own.set(mine, { ...known, revision: Number(known.revision) + 1, answer: answered(body) });
    }
    json(response, known ? 200 : 404, own.get(mine) ?? { detail: "Not here.", code: "not-found" });
  } else if (lease) {
    posted.push({ url: url.pathname, body });
    if (lease[2] === "renew")
      json(response, 200, { expires_at: new Date(Date.now() + 1_800_000).toISOString() });
    else json(response, 204, null);
  } else if (!campaign || !campaigns[campaign])
    json(response, 404, { title: "Not found", detail: "No such campaign.", code: "missing" });
  else if (rest === "") json(response, 200, { ...campaigns[campaign], progress: progress(campaign) });
  else if (rest === "concepts/tree/") json(response, 200, tree(url.searchParams, campaign));
  else if (rest === "concepts/") json(response, 200, concepts(url.searchParams, campaign));
  else if (rest === "preview/") {
    const { task, predictions } = assignmentFor(campaign, Number(url.searchParams.get("position") ?? 0));
    json(response, 200, { task, predictions, obstacles: [] });
  } else if (rest === "assignments/") {
    if (campaigns[campaign].status !== "open") {
      json(response, 200, {
        assignment: null,
        reason: "campaign_not_open",
        retry_after_s: null,
        progress: progress(campaign),
      });
    } else json(response, 200, claim(campaign));
  } else if (rest === "contributions/mine/") json(response, 200, { results: [...own.values()].reverse() });
  else if (rest === "contributions/") {
    const again = posted.some(
      (entry) => (entry as { body?: { id?: string } }).body?.id === (body as { id: string }).id,
    );
    posted.push({ url: url.pathname, body });
    if (!again) finished.set(campaign, (finished.get(campaign) ?? 0) + 1);
    const { id, assignment } = body as { id: string; assignment: string };
    const given = assignments.get(assignment);
    if (given && !again) own.set(id, owned(id, given, body));
    json(response, again ? 200 : 201, {
      id,
      assignment,
      submitted_at: new Date().toISOString(),
      counted: true,
      progress: progress(campaign),
    });
  } else if (rest === "review/next/") {
    json(response, 200, (campaign === "outlines" ? outlineReview : reviewTask)(reviewed));
  } else if (rest === "decisions/") {
    posted.push({ url: url.pathname, body });
    reviewed++;
    json(response, 201, { id: (body as { id: string }).id });
  } else json(response, 404, { title: "Not found", code: "missing" });
}

async function read(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text ? JSON.parse(text) : null;
}

/** Image API 3, as much of it as a deep-zoom viewer asks for. */
function iiif(response: ServerResponse, path: string): void {
  const [, index, rest] = /^\/iiif\/(\d+)\/(.*)$/.exec(path) ?? [];
  const picture = page(Number(index));
  const base = `http://127.0.0.1:${PORT}/iiif/${index}`;
  if (rest === "info.json") {
    json(response, 200, {
      "@context": "http://iiif.io/api/image/3/context.json",
      id: base,
      type: "ImageService3",
      protocol: "http://iiif.io/api/image",
      profile: "level2",
      width: picture.width,
      height: picture.height,
      tiles: [{ width: 512, scaleFactors: [1, 2, 4] }],
    });
    return;
  }
  const [region = "", size = ""] = rest?.split("/") ?? [];
  const [x = 0, y = 0, w = picture.width, h = picture.height] =
    region === "full" ? [] : region.split(",").map(Number);
  const [ow, oh] = size
    .replace(/^[!^]+/, "")
    .split(",")
    .map(Number);
  const width = ow || Math.round((w * (oh || h)) / h);
  const png = tilePng(picture, [x, y, w, h], [width, oh || Math.round((h * width) / w)]);
  response.writeHead(200, { "Content-Type": "image/png", "Cache-Control": "max-age=600" });
  response.end(png);
}

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
}

function html(path: string, query: URLSearchParams): string {
  const manifest = JSON.parse(readFileSync(new URL("manifest.json", BUILT), "utf8")) as Record<string, Chunk>;
  const [, name = "workbench", slug = "clefs"] = path.split("/");
  const lang = query.get("lang") ?? "en";
  const theme = query.get("theme");
  const entries = ["pages/site.ts", `pages/${name}.ts`].flatMap((key) => manifest[key] ?? []);
  const sheets = (chunks: Chunk[]): string[] =>
    chunks.flatMap(({ css, imports }) => [
      ...sheets((imports ?? []).flatMap((key) => manifest[key] ?? [])),
      ...(css ?? []),
    ]);
  const styles = [...new Set(sheets(entries))].map(
    (file) => `<link rel="stylesheet" href="/static/${file}">`,
  );
  const scripts = entries.map(({ file }) => `<script type="module" src="/static/${file}"></script>`);
  const layered = { ...assignmentFor("clefs", 1).task, ...layers() };
  const body = {
    workbench: `<rubricator-workbench api="/api/v1/campaigns/${slug}/" lang="${lang}" home-url="/" login-url="/login" ${query.has("preview") ? "preview" : ""}></rubricator-workbench>`,
    review: `<rubricator-review api="/api/v1/campaigns/${slug}/" lang="${lang}" home-url="/"></rubricator-review>`,
    viewer: `<script type="application/json" id="canvas-data">${JSON.stringify(layered)}</script><rubricator-viewer source="canvas-data" lang="${lang}"></rubricator-viewer>`,
  }[name];
  return `<!doctype html><html lang="${lang}"${theme ? ` data-theme="${theme}"` : ""}><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><title>Workbench</title>
${styles.join("")}${scripts.join("")}</head><body><main>${body ?? ""}</main></body></html>`;
}

function layers() {
  const { items } = reviewTask(0);
  return {
    layers: [
      {
        id: "consensus",
        title: { en: "Consensus", fr: "Consensus" },
        shapes: items.map(({ id, box, concepts: labels }) => ({
          id,
          box,
          concepts: labels,
          confidence: null,
        })),
      },
      {
        id: "people",
        title: { en: "Contributions", fr: "Contributions" },
        shapes: items.flatMap(({ members }) =>
          members.map(({ annotation, box, concepts: labels }) => ({
            id: annotation,
            box,
            concepts: labels,
            confidence: null,
          })),
        ),
      },
    ],
  };
}

function asset(response: ServerResponse, path: string): void {
  const file = new URL(path.replace("/static/", ""), BUILT);
  if (!fileURLToPath(file).startsWith(fileURLToPath(BUILT))) throw new Error("outside");
  response.writeHead(200, {
    "Content-Type": TYPES[path.split(".").at(-1) ?? ""] ?? "application/octet-stream",
  });
  response.end(readFileSync(file));
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  response.setHeader("Content-Security-Policy", CSP);
  try {
    if (url.pathname.startsWith("/api/")) await api(request, response, url);
    else if (url.pathname.startsWith("/iiif/")) iiif(response, url.pathname);
    else if (url.pathname.startsWith("/static/")) asset(response, url.pathname);
    else if (url.pathname === "/dev/posted") json(response, 200, posted);
    else if (url.pathname === "/dev/reset") {
      posted.length = 0;
      own.clear();
      taken.clear();
      finished.clear();
      reviewed = 0;
      mood.status = 0;
      json(response, 204, null);
    } else if (url.pathname === "/dev/mood") {
      mood.status = ((await read(request)) as { status: number }).status;
      json(response, 204, null);
    } else {
      response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
      response.end(html(url.pathname, url.searchParams));
    }
  } catch (error) {
    json(response, 500, { title: String(error) });
  }
});

server.listen(PORT, "127.0.0.1", () => console.log(`http://127.0.0.1:${PORT}/workbench/clefs`));
