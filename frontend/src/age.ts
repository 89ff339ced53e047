const DAY_MS = 86_400_000;
const MONTH_DAYS = 30.44;

/** How long ago, in the largest unit of which at least two have passed. */
export function passed(days: number): ["weeks" | "months" | "years", number] {
  const months = Math.floor(days / MONTH_DAYS);
  if (months < 2) return ["weeks", Math.floor(days / 7)];
  return months < 24 ? ["months", months] : ["years", Math.floor(days / 365.25)];
}

/** Says how old the newest figure is today: the page may be a file that was made long ago. */
export function startAge(): void {
  for (const notice of document.querySelectorAll<HTMLElement>("[data-age]")) {
    const words = notice.dataset;
    const days = Math.floor((Date.now() - Date.parse(words.newest ?? "")) / DAY_MS);
    if (!(days > Number(words.freshDays))) continue;
    const [unit, count] = passed(days);
    const says = notice.querySelector("[data-age-says]");
    if (says) says.textContent = (words[unit] ?? "").replace("{}", String(count));
    notice.hidden = false;
    notice.closest("article")?.classList.add("is-old");
  }
}
