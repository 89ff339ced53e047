import type { Persona } from "./guidance-rules";
import { title, type Told } from "./guidance-data";

const KEY = "tongxin.guidance";

/** Slug → the hash of its words, and its title as it was read. */
export type Shown = Record<string, { words: string; title: string }>;

/** What this device remembers, if its reader lets it. */
export interface Remembered {
  who: string;
  answers: Persona;
  place: string;
  day: string;
  shown: Shown;
}

export interface Changes {
  added: Told[];
  changed: Told[];
  gone: string[]; // titles
}

/** A short hash (FNV-1a) of a block's words in both languages. */
export function wordsHash(block: Told): string {
  let hash = 0x811c9dc5;
  for (const letter of [block.polarity, block.title_zh, block.text_zh, block.title_en, block.text_en].join("\n")) {
    hash ^= letter.codePointAt(0)!;
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0).toString(16);
}

export const shownNow = (blocks: Told[]): Shown =>
  Object.fromEntries(blocks.map((one) => [one.slug, { words: wordsHash(one), title: title(one) }]));

/** What differs between what was shown and what is told now, block by block. */
export function changesSince(shown: Shown, now: Told[]): Changes {
  const slugs = new Set(now.map((block) => block.slug));
  return {
    added: now.filter((block) => shown[block.slug] === undefined),
    changed: now.filter((one) => shown[one.slug] && shown[one.slug]!.words !== wordsHash(one)),
    gone: Object.entries(shown).flatMap(([slug, one]) => (slugs.has(slug) ? [] : [one.title])),
  };
}

export function recall(): Remembered | null {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "null") as Remembered | null;
    return found && typeof found.answers === "object" && typeof found.shown === "object" ? found : null;
  } catch {
    return null; // Storage is off, or holds what another version wrote.
  }
}

export function remember(what: Remembered): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(what));
  } catch {
    // Storage is off or full: then nothing is remembered, as before.
  }
}

export function forget(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Storage is off: there is nothing to forget.
  }
}
