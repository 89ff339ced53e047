import { defineConfig } from "vite";
import { onlyUsed, tokens } from "./styles.ts";

// A page names each entry with {% asset "site.css" %}; see tongxin/releases/assets.py.
export default defineConfig({
  base: "/static/",
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
      input: ["site.scss", "desk.scss", "theme.ts", "site.ts", "situation.ts", "guidance.ts", "notices.ts", "ask.ts", "desk.ts", "forms.ts"].map(
        (name) => `src/${name}`,
      ),
    },
  },
});
