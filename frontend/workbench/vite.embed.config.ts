/** Bundles the reader for other sites into one file whose name stays: what is in a page need never be changed. */
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  build: {
    outDir: "../static/workbench",
    // The rest of the workbench has been built there before.
    emptyOutDir: false,
    copyPublicDir: false,
    target: "es2022",
    cssTarget: ["chrome125", "firefox129", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: false,
    // One file on purpose: `dev/budget.ts` watches over its size.
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      input: { embed: "pages/embed.ts" },
      output: { entryFileNames: "[name].js", codeSplitting: false },
    },
  },
});
