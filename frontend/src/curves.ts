interface Data {
  first: string;
  new: (number | null)[];
  mean: (number | null)[];
  total: (number | null)[];
  deaths: (number | null)[];
}

const SVG = "http://www.w3.org/2000/svg";
const DAY_MS = 86_400_000;

/** Tabs after the ARIA Authoring Practices: arrows move, the panel follows the focus. */
function startTabs(frame: HTMLElement, chosen?: string | null): void {
  const list = frame.querySelector<HTMLElement>("[data-tab-list]");
  if (!list) return;
  const tabs = [...list.querySelectorAll<HTMLAnchorElement>("a")];
  const panels = tabs.map((tab) => frame.querySelector<HTMLElement>(tab.hash)!);
  list.setAttribute("role", "tablist");
  const select = (at: number, focus = false) => {
    tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === at));
      tab.tabIndex = i === at ? 0 : -1;
      panels[i]!.hidden = i !== at;
    });
    if (focus) tabs[at]!.focus();
  };
  tabs.forEach((tab, at) => {
    tab.parentElement!.setAttribute("role", "presentation");
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panels[at]!.id);
    tab.id = `tab-${panels[at]!.id}`;
    panels[at]!.setAttribute("role", "tabpanel");
    panels[at]!.setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      select(at);
    });
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) select((at + step + tabs.length) % tabs.length, true);
      else if (event.key === "Home") select(0, true);
      else if (event.key === "End") select(tabs.length - 1, true);
      else return;
      event.preventDefault();
    });
  });
  list.hidden = false;
  select(Math.max(tabs.findIndex((tab) => tab.getAttribute("href") === chosen), 0));
}

/** Says the figures of the day under the pointer, in a line above the table. */
function startReadout(frame: HTMLElement): void {
  const source = frame.querySelector("#curve-data");
  const readout = frame.querySelector<HTMLElement>("[data-readout]");
  if (!source || !readout) return;
  const data = JSON.parse(source.textContent ?? "") as Data;
  const language = document.documentElement.lang === "en" ? "en-GB" : "zh-CN";
  const day = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });
  const start = Date.parse(`${data.first}T00:00:00Z`);
  const said = (value: number | null | undefined) =>
    value == null ? "–" : value.toLocaleString("en").replace("-", "−");
  readout.hidden = false;

  for (const chart of frame.querySelectorAll<SVGSVGElement>(".tx-chart")) {
    const top = Number(chart.dataset.top);
    const cross = document.createElementNS(SVG, "line");
    cross.setAttribute("class", "tx-cross");
    cross.setAttribute("y1", String(top));
    cross.setAttribute("y2", String(top + Number(chart.dataset.inner)));
    cross.setAttribute("visibility", "hidden");
    chart.append(cross);
    const read = (event: PointerEvent) => {
      const box = chart.getBoundingClientRect();
      const count = data.total.length;
      const at = Math.min(Math.max(Math.floor(((event.clientX - box.left) / box.width) * count), 0), count - 1);
      const across = `${((at + 0.5) / count) * 100}%`;
      cross.setAttribute("x1", across);
      cross.setAttribute("x2", across);
      cross.setAttribute("visibility", "visible");
      const words = readout.dataset;
      const bold = document.createElement("b");
      bold.append(day.format(start + at * DAY_MS));
      readout.replaceChildren(
        bold,
        ` · ${words.new} ${said(data.new[at])} · ${words.mean} ${said(data.mean[at])}` +
          ` · ${words.total} ${said(data.total[at])} · ${words.deaths} ${said(data.deaths[at])}`,
      );
    };
    chart.addEventListener("pointerdown", read);
    chart.addEventListener("pointermove", read);
    chart.addEventListener("pointerleave", () => cross.setAttribute("visibility", "hidden"));
  }
}

export function startCurves(frame: HTMLElement, chosen?: string | null): void {
  startTabs(frame, chosen);
  startReadout(frame);
}
