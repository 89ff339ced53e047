import { defineConfig } from "vite";

// The service worker stands at the root under a name that never changes, and as a classic script:
// not every browser loads modules in one. Built after the pages' scripts (vite.config.ts).
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: "es2020",
    rolldownOptions: {
      input: "src/push-worker.ts",
      output: { format: "iife", entryFileNames: "[name].js" },
    },
  },
});
