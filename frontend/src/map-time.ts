/** The parts of a place through time; see slider() in tongxin/situation/takeaway.py. */
interface Slider {
  first: string | null;
  days: number;
  metrics: Record<string, { breaks: number[]; light: string[] }>;
  areas: Record<string, (number | null)[]>; // first total, then differences
}

const DAY_MS = 86_400_000;
const STEP_MS = 180;
const UNKNOWN = 1000;

function totals(differences: (number | null)[]): (number | null)[] {
  let last = 0;
  return differences.map((step) => (step === null ? null : (last += step)));
}

/** The slider below the map: any past day, or all of them one after the other. */
export function startTime(figure: HTMLElement, svg: SVGSVGElement): void {
  const bar = figure.querySelector<HTMLElement>("[data-time]");
  const play = figure.querySelector<HTMLButtonElement>("[data-time-play]");
  const input = figure.querySelector<HTMLInputElement>("input[type=range]");
  const output = figure.querySelector<HTMLOutputElement>("[data-time-day]");
  const caption = figure.querySelector<HTMLElement>("[data-map-day]");
  const legend = figure.querySelector<HTMLElement>(".tx-legend");
  if (!bar || !play || !input || !output || !caption || !legend || !figure.dataset.slider) return;
  const shades = (figure.dataset.shades ?? "").split(" ");
  const language = document.documentElement.lang === "en" ? "en-GB" : "zh-CN";
  const long = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });
  const areas = [...svg.querySelectorAll<SVGElement>("[data-code]")];
  let data: Slider | null = null;
  let lines: Record<string, (number | null)[]> = {};
  let timer = 0;

  const shadeOf = (value: number | null): string => {
    const scale = data!.metrics.confirmed!;
    if (value === null) return "mn";
    const at = value > 0 ? scale.breaks.filter((least) => value >= least).length : 0;
    return `m${shades.indexOf(scale.light[at] ?? "")}`;
  };
  const day = (at: number) => Date.parse(`${data!.first}T00:00:00Z`) + at * DAY_MS;
  const show = (at: number) => {
    const now: Record<string, number | null> = {};
    for (const area of areas) {
      const code = area.dataset.code!;
      const value = lines[code]?.[at] ?? null;
      now[code] = value;
      area.setAttribute("class", `a ${shadeOf(value)}`);
    }
    figure.dataset.now = JSON.stringify(now);
    const text = long.format(day(at));
    caption.textContent = text;
    output.textContent = text;
    input.value = String(at);
    input.setAttribute("aria-valuetext", text);
  };
  const showLegend = () => {
    const scale = data!.metrics.confirmed!;
    const none = legend.lastElementChild!;
    legend.replaceChildren(
      ...scale.light.map((colour, at) => {
        const item = document.createElement("li");
        const patch = document.createElement("span");
        patch.className = `tx-legend__shade m${shades.indexOf(colour)}`;
        const low = at ? scale.breaks[at - 1]! : 0;
        const next = scale.breaks[at];
        const said = (value: number) => value.toLocaleString("en");
        item.append(patch, at === 0 ? "0" : next === undefined ? `≥ ${said(low)}` : `${said(low)}–${said(next - 1)}`);
        return item;
      }),
      none,
    );
  };
  const load = async (): Promise<boolean> => {
    if (data) return true;
    try {
      const response = await fetch(figure.dataset.slider!);
      if (!response.ok) return false;
      data = (await response.json()) as Slider;
    } catch {
      return false;
    }
    lines = Object.fromEntries(Object.entries(data.areas).map(([code, steps]) => [code, totals(steps)]));
    const share = Number(input.value) / Number(input.max);
    input.max = String(data.days - 1);
    input.value = String(Math.round(share * (data.days - 1)));
    showLegend();
    return true;
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = figure.dataset.play ?? "";
  };
  const start = () => {
    play.textContent = figure.dataset.pause ?? "";
    let at = Number(input.value) >= data!.days - 1 ? 0 : Number(input.value);
    show(at);
    timer = window.setInterval(() => {
      at += 1;
      if (at >= data!.days || !svg.isConnected) return stop();
      show(at);
    }, STEP_MS);
  };
  play.addEventListener("click", async () => {
    if (timer) return stop();
    play.disabled = true;
    const isThere = await load();
    play.disabled = false;
    if (!isThere || !data?.first) return;
    // With reduced motion nothing plays by itself: the slider stands at the first day instead.
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) show(0);
    else start();
  });
  // Until the days are known the slider stands at its end and counts in thousandths.
  input.max = String(UNKNOWN);
  input.value = input.max;
  input.addEventListener("focus", () => void load());
  input.addEventListener("input", () => {
    stop();
    const share = Number(input.value) / Number(input.max);
    void load().then((isThere) => {
      if (isThere && data?.first) show(Math.round(share * (data.days - 1)));
    });
  });
  output.textContent = caption.textContent;
  bar.hidden = false;
}
