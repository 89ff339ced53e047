interface InForce {
  code: string;
  until_iso: string | null;
  said: Record<string, { title: string; severity_says: string; places: string[] }>;
}

/** The alerts in force above any page; what is over by the reader's clock is not shown. */
export async function startAlerts(box: HTMLElement): Promise<void> {
  if (location.pathname.startsWith("/releases/")) return;
  const answer = await fetch("/notices/notices.json", { cache: "no-cache" });
  if (!answer.ok) return;
  const { in_force: alerts } = (await answer.json()) as { in_force: InForce[] };
  const language = box.dataset.alerts!;
  const held = alerts.filter((one) => !one.until_iso || Date.parse(one.until_iso) > Date.now());
  const items = held.slice(0, 3).flatMap((one) => {
    const said = one.said[language];
    if (!said) return [];
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `/${language}/notices/${one.code}/`;
    link.textContent = said.title;
    item.append(`${said.severity_says} · ${said.places.join(", ")} · `, link);
    return [item];
  });
  if (!items.length) return;
  box.querySelector("ul")!.replaceChildren(...items);
  box.hidden = false;
}
