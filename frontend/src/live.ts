const EVERY_MS = 30_000;
const LONGEST_MS = 10 * 60_000;

interface Manifest {
  id: string;
  built_at: string;
}

/** Puts the new page's <main> in place of the old, keeping scroll, focus and what was open. */
function swap(next: Document): void {
  const main = document.querySelector("main");
  const fresh = next.querySelector("main");
  if (!main || !fresh) return;
  const focused = document.activeElement?.id;
  const scroll = [scrollX, scrollY] as const;
  const open = [...main.querySelectorAll("details")].map((details) => details.open);
  const tab = main.querySelector('[role="tab"][aria-selected="true"]')?.getAttribute("href");
  main.replaceChildren(...fresh.childNodes);
  main.querySelectorAll("details").forEach((details, at) => (details.open = open[at] ?? false));
  document.title = next.title;
  document.dispatchEvent(new CustomEvent("tongxin:swapped", { detail: { tab } }));
  scrollTo(...scroll);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** What changed in the first number of the page, in the page's own words. */
function changed(before: string | undefined, root: ParentNode): string {
  const number = root.querySelector("[data-metric]");
  const value = number?.querySelector("[data-value]")?.textContent?.trim();
  const name = number?.querySelector("h3")?.textContent?.trim() ?? "";
  if (!value || value === before) return "";
  const count = (text: string | undefined) => Number((text ?? "").replace(/[^\d]/g, ""));
  const more = count(value) - count(before);
  const sign = more > 0 ? "+" : more < 0 ? "−" : "";
  return `${name} ${value} (${sign}${Math.abs(more).toLocaleString("en")})`;
}

/** Watches the manifest and renews an open page of the current release when another is out. */
export function startLive(): void {
  const page = document.querySelector<HTMLElement>("[data-live]");
  const announcer = document.getElementById("announcer");
  if (!page || !announcer || location.pathname.startsWith("/releases/")) return;
  const words = { ...announcer.dataset };
  let id = "";
  let wait = EVERY_MS;
  let timer = 0;

  const look = async () => {
    const response = await fetch("/release.json", { cache: "no-cache" });
    if (!response.ok) throw new Error(`${response.status}`);
    const manifest = (await response.json()) as Manifest;
    if (id && manifest.id !== id) {
      const answer = await fetch(location.href, { cache: "no-cache" });
      if (!answer.ok) throw new Error(`${answer.status}`);
      const next = new DOMParser().parseFromString(await answer.text(), "text/html");
      const before = document.querySelector("[data-metric] [data-value]")?.textContent?.trim();
      swap(next);
      const time = manifest.built_at.slice(11, 16); // As the authority's own clock showed it.
      announcer.textContent = [`${words.updated ?? ""} ${time}`, changed(before, document)]
        .filter(Boolean)
        .join(": ");
      announcer.classList.add("is-said");
      setTimeout(() => announcer.classList.remove("is-said"), 12_000);
    }
    id = manifest.id;
  };
  const next = () => {
    clearTimeout(timer);
    timer = window.setTimeout(tick, wait);
  };
  const tick = async () => {
    if (document.hidden || !navigator.onLine) return;
    try {
      await look();
      wait = EVERY_MS;
    } catch {
      wait = Math.min(wait * 2, LONGEST_MS);
    }
    next();
  };
  const again = () => {
    if (document.hidden || !navigator.onLine) return;
    wait = EVERY_MS;
    clearTimeout(timer);
    void tick();
  };
  document.addEventListener("visibilitychange", again);
  addEventListener("online", again);
  addEventListener("load", () => setTimeout(() => void tick(), 2000));
}
