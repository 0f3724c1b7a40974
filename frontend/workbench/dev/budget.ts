/** Fails when a bundle outgrows its budget: bytes of script and style, gzipped, counted with everything an entry imports. */

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
}

const BUDGETS_KB: Readonly<Record<string, number>> = {
  "pages/site.ts": 40,
  "pages/workbench.ts": 250,
  "pages/grid.ts": 250,
  "pages/review.ts": 250,
  "pages/viewer.ts": 250,
  "pages/crops.ts": 250,
  "pages/scriptorium.ts": 250,
};
/** One file for other people's pages, outside the manifest. */
const ALONE_KB: Readonly<Record<string, number>> = { "embed.js": 250 };

const BUILT = new URL("../../static/workbench/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", BUILT), "utf8")) as Record<string, Chunk>;

function filesOf(key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key];
  if (!chunk || seen.has(chunk.file)) return seen;
  for (const file of [chunk.file, ...(chunk.css ?? [])]) seen.add(file);
  for (const next of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) filesOf(next, seen);
  return seen;
}

let over = false;
const budgets = [
  ...Object.entries(BUDGETS_KB).map(([key, budget]) => [key, budget, filesOf(key)] as const),
  ...Object.entries(ALONE_KB).map(([file, budget]) => [file, budget, [file]] as const),
];
for (const [key, budget, files] of budgets) {
  const bytes = [...files].map((file) => gzipSync(readFileSync(new URL(file, BUILT))).length);
  const kilobytes = bytes.reduce((sum, size) => sum + size, 0) / 1000;
  over ||= kilobytes > budget;
  console.log(`${key}: ${kilobytes.toFixed(1)} kB of ${budget} kB${kilobytes > budget ? "  TOO BIG" : ""}`);
}
process.exitCode = over ? 1 : 0;
