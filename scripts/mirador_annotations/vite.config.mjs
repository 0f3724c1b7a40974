export default {
  logLevel: "warn",
  define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
  build: {
    outDir: "out",
    lib: { entry: "entry.js", name: "bundle", formats: ["iife"], fileName: () => "mirador-annotations.js" },
  },
};
