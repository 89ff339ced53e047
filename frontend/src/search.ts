import { type Entry, Index, key } from "./ranking";

const SHOWN = 8;
let index: Promise<Index> | null = null;

async function load(url: string): Promise<Index> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status}`);
  return new Index((await response.json()) as Entry[]);
}

/**
 * Makes the text field of a form a combobox of places (ARIA Authoring Practices, list
 * autocomplete). Without scripts, or without the index, the form is sent as it is.
 */
export function startSearch(box: HTMLElement): void {
  const input = box.querySelector<HTMLInputElement>("input[type=search]");
  const url = box.dataset.search;
  if (!input || !url) return;
  const isChinese = document.documentElement.lang.startsWith("zh");
  const list = document.createElement("ul");
  list.className = "tx-search__list";
  list.id = `${input.id}-list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.label ?? "");
  list.hidden = true;
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);

  let found: Entry[] = [];
  let active = -1;
  let isLeft = false;
  let byCode = new Map<string, Entry>();
  const name = (entry: Entry) => (isChinese ? entry.z : entry.e);

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (at: number) => {
    active = at;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    const item = list.children[at];
    if (item) {
      input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const choose = (entry: Entry) => {
    if (box.dataset.choose) {
      const field = box.querySelector<HTMLInputElement>("input[data-code]");
      if (field) {
        field.value = entry.c;
        field.disabled = false;
      }
      input.value = name(entry);
      input.removeAttribute("name"); // The code speaks for it.
      close();
      (box.closest("form") as HTMLFormElement).requestSubmit();
    } else location.assign(entry.c === "001" ? box.dataset.home! : `${box.dataset.home}${entry.c}/`);
  };
  const show = () => {
    list.replaceChildren(
      ...found.map((entry, at) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${at}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.append(name(entry));
        const above = byCode.get(entry.u);
        const small = document.createElement("small");
        small.append([isChinese ? entry.e : entry.z, above ? name(above) : ""].filter(Boolean).join(" · "));
        item.append(small);
        item.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          choose(entry);
        });
        return item;
      }),
    );
    if (found.length === 0 && key(input.value)) {
      const none = document.createElement("li");
      none.append(box.dataset.none ?? "");
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.setAttribute("aria-selected", "false");
      list.append(none);
    }
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = list.children.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  const look = async () => {
    isLeft = false;
    index ??= load(url);
    try {
      const places = await index;
      if (byCode.size === 0) byCode = new Map(places.entries.map((entry) => [entry.c, entry]));
      if (isLeft) return; // While the places were on their way.
      found = places.bestFirst(input.value, SHOWN);
      show();
    } catch {
      index = null; // Tried again at the next letter; the form works meanwhile.
    }
  };
  const prepare = () => void (index ??= load(url)).catch(() => (index = null));
  input.addEventListener("focus", prepare);
  // However the text came: typed, pasted, spoken, or composed by an input method, whose last
  // word some browsers tell only by the second.
  input.addEventListener("input", () => void look());
  input.addEventListener("compositionend", () => void look());
  if (document.activeElement === input) {
    prepare(); // The reader was faster than this script.
    if (key(input.value) && input.value !== input.defaultValue) void look();
  }
  input.addEventListener("blur", () => {
    isLeft = true;
    close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // These keys choose among the words of the input method.
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (found.length === 0) return;
      event.preventDefault();
      if (list.hidden) show();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark((active + step + found.length + (active < 0 && step < 0 ? 1 : 0)) % found.length);
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      choose(found[active]!);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
}
