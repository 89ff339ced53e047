/** The list of rumours: words, verdict and topic choose what is shown; the address remembers. */

export function startClaims(): void {
  const section = document.querySelector<HTMLElement>("[data-claims]");
  const filter = section?.querySelector<HTMLElement>("[data-claims-filter]");
  if (!section || !filter) return;
  const rows = [...section.querySelectorAll<HTMLElement>("[data-verdict]")];
  const texts = rows.map((row) => plain(row.textContent ?? ""));
  const count = filter.querySelector<HTMLElement>("[data-claims-count]")!;
  const asked = new URLSearchParams(location.search);
  const field = (name: string): HTMLInputElement => {
    const found = filter.querySelector<HTMLInputElement>(`#claims-${name}`)!;
    found.value = asked.get(name) ?? "";
    return found;
  };
  const [words, verdict, topic] = [field("words"), field("verdict"), field("topic")];
  const show = (): void => {
    const wanted = plain(words.value).split(" ").filter(Boolean);
    const shown = rows.filter((row, number) => {
      row.hidden = !(
        wanted.every((word) => texts[number]?.includes(word)) &&
        (!verdict.value || row.dataset.verdict === verdict.value) &&
        (!topic.value || row.dataset.topic === topic.value)
      );
      return !row.hidden;
    }).length;
    const { one = "", many = "", none = "" } = count.dataset;
    count.textContent = shown === 0 ? none : shown === 1 ? one : many.replace("#", String(shown));
  };
  filter.hidden = false;
  filter.addEventListener("input", () => {
    show();
    const query = new URLSearchParams();
    for (const one of [words, verdict, topic]) {
      if (one.value) query.set(one.id.replace("claims-", ""), one.value);
    }
    history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  });
  show();
}

function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}
