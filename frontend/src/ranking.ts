/** One place of search.json; see tongxin/places/search.py, which ranks the same way. */
export interface Entry {
  c: string; // code
  v: number; // level, the world 0
  z: string; // name in Chinese
  e: string; // name in English
  p: string; // pinyin without spaces
  i: string; // initials of the pinyin
  u: string; // code of the place above
  a: string[]; // other names
}

const ENOUGH_ALIKE = 0.45;
// Words for what a place is, which people leave out: in Chinese, English and pinyin.
const CLASS_ZH = /^(?:省|市|盟|州|县|区|旗|地区|林区|新区|自治[区州县旗]|特别行政区)$/;
const CLASS_EN =
  /^(?:city|county|district|prefecture|province|banner|league|municipality|newarea|forestrydistrict|autonomous(?:region|prefecture|county|banner)|specialadministrativeregion)$/;
const CLASS_PINYIN =
  /^(?:sheng|shi|meng|zhou|xian|qu|qi|(?:di|lin|xin)qu|zizhi(?:qu|zhou|xian|qi)|tebiexingzhengqu)$/;

/** The name as it is compared: no accents, case, spaces or punctuation. */
export const key = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}]/gu, "")
    .normalize("NFKC")
    .toLowerCase();

interface Written {
  entry: Entry;
  withClass: [string, RegExp][];
  names: string[];
}

/** The entries with their names as they are compared, in the order of the file. */
export class Index {
  private readonly written: Written[];

  constructor(readonly entries: Entry[]) {
    this.written = entries.map((entry) => {
      const [zh, en] = [key(entry.z), key(entry.e)];
      return {
        entry,
        withClass: [[zh, CLASS_ZH], [en, CLASS_EN], [entry.p, CLASS_PINYIN]],
        names: [zh, en, entry.p, key(entry.c), ...entry.a.map(key)],
      };
    });
  }

  /** Whole, then beginning, then inside; only where nothing is found so, guesses. */
  bestFirst(text: string, limit: number): Entry[] {
    const wanted = key(text);
    if (!wanted) return [];
    let found = this.sorted((place) => distance(place, wanted));
    if (found.length === 0 && wanted.length > 3) found = this.sorted((place) => unlikeness(place, wanted));
    return found.slice(0, limit);
  }

  private sorted(measure: (place: Written) => number | null): Entry[] {
    const fits: { entry: Entry; far: number }[] = [];
    for (const place of this.written) {
      const far = measure(place);
      if (far !== null) fits.push({ entry: place.entry, far });
    }
    return fits.sort((a, b) => a.far - b.far).map((one) => one.entry); // Equals stay in order.
  }
}

function distance(place: Written, wanted: string): number | null {
  const { names, withClass, entry } = place;
  const begins = (name: string) => name.startsWith(wanted);
  const leavesClass = ([name, word]: [string, RegExp]) => begins(name) && word.test(name.slice(wanted.length));
  if (names.includes(wanted) || withClass.some(leavesClass)) return 0;
  if (begins(entry.i) || names.some(begins)) return 1;
  const isTelling = wanted.length > 1 || wanted > "\u2e80"; // One Latin letter is in every name.
  return isTelling && names.some((name) => name.includes(wanted)) ? 2 : null;
}

function unlikeness(place: Written, wanted: string): number | null {
  const names = place.names.filter((name) => name.length >= wanted.length - 1);
  const likeness = Math.max(0, ...names.map((name) => alike(name, wanted)));
  return likeness >= ENOUGH_ALIKE ? 3 - likeness : null;
}

function alike(one: string, other: string): number {
  const letters = (name: string) => [...name].sort().join("");
  if (letters(one) === letters(other)) return 1; // Letters swapped.
  const [a, b] = [trigrams(one), trigrams(other)];
  let shared = 0;
  for (const part of a) if (b.has(part)) shared += 1;
  return shared / Math.min(a.size, b.size);
}

function trigrams(name: string): Set<string> {
  const padded = `  ${name} `;
  return new Set(Array.from({ length: padded.length - 2 }, (_, at) => padded.slice(at, at + 3)));
}
