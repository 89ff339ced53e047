import { defineConfig } from "vite";
import { fhirModel } from "./fhir-model.ts";
import { onlyUsed, tokens } from "./styles.ts";

// A page names each entry with {% asset "site.css" %}; see tongxin/releases/assets.py.
export default defineConfig({
  base: "/static/",
  plugins: [fhirModel()],
  css: {
    postcss: { plugins: [onlyUsed("../tongxin", "src"), tokens()] },
    preprocessorOptions: { scss: { quietDeps: true } },
  },
  build: {
    outDir: "dist",
    manifest: true,
    modulePreload: false,
    target: "es2020",
    rolldownOptions: {
      preserveEntrySignatures: "exports-only",
      input: ["site.scss", "desk.scss", "theme.ts", "site.ts", "situation.ts", "guidance.ts", "notices.ts", "ask.ts", "desk.ts", "forms.ts", "form-evaluated.ts"].map(
        (name) => `src/${name}`,
      ),
    },
  },
});
