import type { Followed as Known } from "./push";
import { followed as known, isAble, isNothing, reason, send, subscribed, subscription } from "./push";
import type { Entry as Place } from "./ranking";

// A browser asks to be told of alerts: which places, and where to write to it.

const DOOR = "/api/push/subscription";
const KEPT = "tongxin-follow";

interface Followed {
  code: string;
  name: string;
}

export function startFollow(box: HTMLElement): void {
  const find = <T extends HTMLElement>(what: string): T => box.querySelector<T>(what)!;
  const state = find("[data-follow-state]");
  const on = find<HTMLButtonElement>("[data-follow-on]");
  const off = find<HTMLButtonElement>("[data-follow-off]");
  const receiptsOff = find<HTMLButtonElement>("[data-follow-receipts-off]");
  const list = find("[data-follow-places]");
  const add = find<HTMLFormElement>("[data-follow-add]");
  const input = find<HTMLInputElement>("#follow-place");
  const words = box.dataset;
  let followed = kept();
  let isOn = false;
  let index: Place[] = [];

  box.hidden = false;
  if (!isAble()) {
    state.textContent = words.unable!;
    on.hidden = true;
    return;
  }
  void begin();

  async function begin(): Promise<void> {
    index = (await (await fetch("/search.json")).json()) as Place[];
    const now = await known().catch(() => ({ places: [], receipts: [], persons: [] }) as Known);
    if (now.places.length) followed = now.places.map(named);
    else if (!followed.length) followed = [named(words.home!)];
    show();
    say(now);
  }

  function named(code: string): Followed {
    const found = index.find((place) => place.c === code);
    return { code, name: found ? nameOf(found) : code };
  }

  function nameOf(place: Place): string {
    return words.language === "en" ? place.e : place.z;
  }

  function show(): void {
    list.replaceChildren(
      ...followed.map((place) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "tx-follow__remove";
        button.textContent = words.remove!;
        button.setAttribute("aria-label", `${words.remove} ${place.name}`);
        button.addEventListener("click", () => void change(followed.filter((p) => p !== place)));
        item.append(`${place.name} `, button);
        return item;
      }),
    );
  }

  async function change(places: Followed[]): Promise<void> {
    followed = places;
    keep(followed);
    show();
    if (isOn) await attempt(followed.length ? tellServer : () => stop("places"));
  }

  input.addEventListener("input", () => {
    const text = input.value.trim().toLowerCase();
    const found = text
      ? index.filter((p) => `${p.c} ${p.z} ${p.e}`.toLowerCase().includes(text)).slice(0, 8)
      : [];
    const options = found.map((place) => {
      const option = document.createElement("option");
      option.value = `${nameOf(place)} (${place.c})`;
      return option;
    });
    box.querySelector("datalist")!.replaceChildren(...options);
  });

  add.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    const code = /\(([A-Za-z0-9-]+)\)$/.exec(text)?.[1] ?? text;
    const place = index.find((p) => p.c === code || p.z === code || p.e === code);
    if (!place || followed.some((p) => p.code === place.c)) return;
    input.value = "";
    void change([...followed, { code: place.c, name: nameOf(place) }]);
  });

  on.addEventListener("click", () => void attempt(tellServer));
  off.addEventListener("click", () => void attempt(() => stop("places")));
  receiptsOff.addEventListener("click", () => void attempt(() => stop("receipts")));

  async function tellServer(): Promise<void> {
    const now = await send("POST", DOOR, {
      subscription: (await subscribed()).toJSON(),
      language: words.language,
      places: followed.map((place) => place.code),
    });
    keep(followed);
    say(now);
  }

  async function stop(only: "places" | "receipts"): Promise<void> {
    const made = await subscription();
    if (made) await send("DELETE", DOOR, { endpoint: made.endpoint, only });
    const left = await known();
    if (isNothing(left)) await made?.unsubscribe();
    say(left);
  }

  async function attempt(deed: () => Promise<void>): Promise<void> {
    try {
      await deed();
    } catch (error) {
      state.textContent = reason(error, words);
    }
  }

  function say({ places, receipts }: Known): void {
    isOn = places.length > 0;
    state.textContent = `${isOn ? words.on! : words.off!} ${receipts.length ? words.receipts! : ""}`;
    on.hidden = isOn;
    off.hidden = !isOn;
    receiptsOff.hidden = !receipts.length;
  }
}

function kept(): Followed[] {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "[]") as Followed[];
  } catch {
    return [];
  }
}

function keep(places: Followed[]): void {
  localStorage.setItem(KEPT, JSON.stringify(places));
}
