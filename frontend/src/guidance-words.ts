import { asks, type Guidance, isChinese, load, text, title, type Told } from "./guidance-data";

const SHOWN = 10;
const ENOUGH = 0.34; // of what was typed is found in a block
const IDLE = new Set("a an the i my me do does is are can may to of in on at for and or with what how when should it".split(" "));

/** What is compared: pairs of neighbouring Chinese characters, the beginnings of other words. */
export function pieces(said: string): string[] {
  const found: string[] = [];
  for (const run of said.normalize("NFKC").toLowerCase().match(/\p{Script=Han}+|[\p{L}\p{N}]+/gu) ?? [])
    if (/\p{Script=Han}/u.test(run)) {
      if (run.length === 1) found.push(run);
      for (let at = 0; at + 1 < run.length; at += 1) found.push(run.slice(at, at + 2));
    } else if (!IDLE.has(run)) found.push(run.length > 4 ? run.replace(/(?:ing|ed|es|s|ies|y)$/, "") : run);
  return found;
}

interface Read {
  block: Told;
  fields: [string, number][]; // words and their weight
}

const read = (block: Told): Read => ({
  block,
  fields: [
    [title(block).toLowerCase(), 3],
    [asks(block).join("\n").toLowerCase(), 2],
    [text(block).toLowerCase(), 1],
  ],
});

/** Blocks that hold most of what was typed; rare pieces count more than common ones. */
export function find(said: string, blocks: Read[]): Told[] {
  const wanted = [...new Set(pieces(said))];
  const worth = wanted.map((piece) => {
    const count = blocks.filter(({ fields }) => fields.some(([words]) => words.includes(piece))).length;
    return count === 0 ? 0.5 : Math.log(1 + blocks.length / count);
  });
  const whole = worth.reduce((sum, value) => sum + value, 0);
  const scored = blocks.map(({ block, fields }) => {
    let covered = 0;
    let score = 0;
    wanted.forEach((piece, at) => {
      const best = Math.max(0, ...fields.filter(([words]) => words.includes(piece)).map(([, w]) => w));
      if (best > 0) covered += worth[at]!;
      score += best * worth[at]!;
    });
    return { block, score, covered: covered / whole };
  });
  return scored
    .filter(({ covered }) => covered >= ENOUGH)
    .sort((a, b) => b.score - a.score)
    .slice(0, SHOWN)
    .map(({ block }) => block);
}

/** Searches the guidance by words, within the page: nothing typed is sent. */
export function startWords(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>("input")!;
  const list = form.querySelector<HTMLElement>("[data-words-found]")!;
  const status = form.querySelector<HTMLElement>("[data-words-said]")!;
  const { words, block, none = "", found: counted = "" } = form.dataset;
  let blocks: Promise<Read[]> | null = null;
  const prepare = () =>
    (blocks ??= load<Guidance>(words!).then((all) => all.blocks.map(read)));

  const look = async () => {
    const said = input.value;
    if (pieces(said).length === 0) {
      list.hidden = true;
      status.textContent = "";
      return;
    }
    try {
      const found = find(said, await prepare());
      if (said !== input.value) return; // Another letter came meanwhile.
      list.replaceChildren(...found.map((one) => entry(one, `${block}${one.slug}/`)));
      if (found.length === 0) list.append(plain(none));
      list.hidden = false;
      status.textContent = found.length ? counted.replace("{}", String(found.length)) : none;
    } catch {
      blocks = null; // Tried again at the next letter.
    }
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void look();
  });
  input.addEventListener("focus", () => void prepare().catch(() => (blocks = null)));
  input.addEventListener("input", () => void look());
  input.addEventListener("compositionend", () => void look());
}

function entry(block: Told, url: string): HTMLLIElement {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = url;
  link.textContent = title(block);
  const small = document.createElement("span");
  small.textContent = text(block);
  item.append(link, small);
  item.lang = isChinese ? "zh-Hans" : "en";
  return item;
}

function plain(said: string): HTMLLIElement {
  const item = document.createElement("li");
  item.textContent = said;
  return item;
}
