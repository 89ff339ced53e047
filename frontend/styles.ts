import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Plugin, Rule } from "postcss";

/**
 * Colours that the NHS.UK frontend computes at build time, and the custom property each becomes,
 * so that one style sheet serves the light and the dark theme (values: src/styles/_theme.scss).
 * A role that shares a colour with another one has a literal of its own in _settings.scss.
 */
const TOKENS: Record<string, string> = {
  "#0b4a58": "--brand",
  "#14242c": "--text",
  "#212b32": "--text",
  "#fffffe": "--on-brand",
  "#ffffff": "--on-brand",
  "#e7eeee": "--ground",
  "#f3f6f6": "--page",
  "#fffffd": "--card",
  "#fffffc": "--input",
  "#fffffb": "--on-button",
  "#495e6a": "--quiet",
  "#ffdd40": "--focus",
  "#10181c": "--on-focus",
  "#b3261e": "--error",
  "#0b6b4f": "--success",
  "#d3dddf": "--line",
  "#a9b9be": "--line-strong",
  "#aeb7bd": "--line-strong",
  "#54697a": "--input-line",
  "#0a5f73": "--link",
  "#003087": "--link",
  "#05303a": "--link-active",
  "#513a7e": "--link-visited",
  "#8a2d12": "--link-hover",
  "#0b6a62": "--button",
  "#09554e": "--button-hover",
  "#063531": "--button-shade",
  "#0b5a6a": "--button-2-line",
  "#0b5a6b": "--button-2-text",
  "#dae6e9": "--button-2-hover",
  "#c9dbde": "--button-2-active",
  "#b0261f": "--danger",
  "#8d1e19": "--danger-hover",
  "#581310": "--danger-shade",
  "#d8dde0": "--tint",
  "#e0e4e6": "--tint",
  "#fff9c4": "--callout",
  "#ffeb3b": "--callout-line",
};

const CLASS = /nhsuk-[a-z0-9_-]+/gi;

function classesUsed(folder: string, found = new Set<string>()): Set<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== "node_modules") classesUsed(path, found);
    else if (/\.(html|py|ts)$/.test(entry.name))
      for (const name of readFileSync(path, "utf-8").match(CLASS) ?? []) found.add(name);
  }
  return found;
}

/** Colour literals of TOKENS become `var(--…)`, except where a custom property is given its value. */
export function tokens(): Plugin {
  return {
    postcssPlugin: "tokens",
    Declaration(node) {
      if (node.value.includes("/assets/images/")) node.remove(); // Pictures we do not ship.
      if (node.prop.startsWith("--") || !node.value.includes("#")) return;
      const value = node.value.replace(/#[0-9a-f]{6}\b/gi, (colour) => {
        const name = TOKENS[colour.toLowerCase()];
        return name ? `var(${name})` : colour;
      });
      if (value !== node.value) node.value = value;
    },
  };
}

/** Rules of the NHS.UK frontend for classes that no template or script names are left out. */
export function onlyUsed(...folders: string[]): Plugin {
  const used = new Set(["nhsuk-frontend-supported"]);
  for (const folder of folders) classesUsed(folder, used);
  const isUsed = (selector: string) => (selector.match(CLASS) ?? []).every((name) => used.has(name));
  return {
    postcssPlugin: "only-used",
    OnceExit(root) {
      root.walkRules((rule: Rule) => {
        if (!rule.selector.includes("nhsuk-")) return;
        const kept = rule.selectors.filter(isUsed);
        if (kept.length === 0) rule.remove();
        else if (kept.length < rule.selectors.length) rule.selectors = kept;
      });
      root.walkAtRules("media", (media) => {
        if (media.nodes?.length === 0) media.remove();
      });
    },
  };
}
