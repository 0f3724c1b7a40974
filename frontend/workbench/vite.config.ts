/** Bundles the page entries into `frontend/static/workbench/`, where Django's static files and django-vite find them. */
import { defineConfig } from "vitest/config";

const ENTRIES = ["site", "workbench", "grid", "review", "viewer", "scriptorium", "crops"];

export default defineConfig({
  // Relative, so that the bundle works under any STATIC_URL.
  base: "./",
  build: {
    outDir: "../static/workbench",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    // light-dark() stays as it is: rewritten, a local color-scheme would not reach it.
    cssTarget: ["chrome125", "firefox129", "safari17.5"],
    // A strict `default-src 'self'` refuses data: addresses, and needs no polyfill script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ENTRIES.map((name) => `pages/${name}.ts`),
      // htmx holds an eval that its setting `allowEval: false` (pages/site.ts) keeps from ever running.
      checks: { eval: false },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["{core,api,viewer,elements,pages}/**/*.test.ts"],
    restoreMocks: true,
  },
});
