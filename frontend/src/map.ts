import { select } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";
import { startTime } from "./map-time";

/** Zoom by buttons, pinch, wheel with Ctrl, and keys; panning once the map is larger. */
function startZoom(figure: HTMLElement, frame: HTMLElement, svg: SVGSVGElement): void {
  const inner = svg.querySelector<SVGGElement>(".tx-map__all")!;
  const { width, height } = svg.viewBox.baseVal;
  const behaviour = zoom<SVGSVGElement, unknown>()
    .scaleExtent([1, 12])
    .extent([
      [0, 0],
      [width, height],
    ])
    .translateExtent([
      [0, 0],
      [width, height],
    ])
    .filter((event: Event) => {
      if (event.type === "wheel") return (event as WheelEvent).ctrlKey;
      const touches = (event as TouchEvent).touches;
      if (touches) return touches.length > 1 || svg.classList.contains("is-zoomed");
      return !(event as MouseEvent).button && svg.classList.contains("is-zoomed");
    })
    .on("zoom", (event: { transform: { k: number; toString(): string } }) => {
      inner.setAttribute("transform", event.transform.toString());
      svg.classList.toggle("is-zoomed", event.transform.k > 1.01);
      const labels = inner.querySelector<SVGGElement>(".tx-map__labels");
      if (labels) {
        labels.style.fontSize = `${21 / event.transform.k}px`;
        labels.style.strokeWidth = `${3 / event.transform.k}px`;
      }
    });
  const view = select(svg).call(behaviour).on("dblclick.zoom", null);
  const by = (factor: number) => view.call(behaviour.scaleBy, factor);
  const move = (x: number, y: number) => view.call(behaviour.translateBy, x * width, y * height);
  const all = () => view.call(behaviour.transform, zoomIdentity);
  const keys: Record<string, () => void> = {
    "+": () => by(1.6),
    "=": () => by(1.6),
    "-": () => by(1 / 1.6),
    "0": all,
    ArrowLeft: () => move(0.1, 0),
    ArrowRight: () => move(-0.1, 0),
    ArrowUp: () => move(0, 0.1),
    ArrowDown: () => move(0, -0.1),
  };
  const buttons = figure.querySelector<HTMLElement>("[data-map-zoom]")!;
  buttons.hidden = false;
  buttons.addEventListener("click", (event) => {
    const how = (event.target as HTMLElement).closest("button")?.dataset.zoom;
    if (how === "in") by(1.6);
    else if (how === "out") by(1 / 1.6);
    else if (how === "all") all();
  });
  frame.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey ? undefined : keys[event.key];
    if (!act || (event.key.startsWith("Arrow") && !svg.classList.contains("is-zoomed"))) return;
    event.preventDefault();
    act();
  });
}

/** The name and figures of the area under the pointer, taken from its row of the table. */
function startTip(figure: HTMLElement, frame: HTMLElement, svg: SVGSVGElement): void {
  const tip = figure.querySelector<HTMLElement>("[data-map-tip]")!;
  const table = figure.parentElement!.querySelector<HTMLTableElement>("table");
  const rows = new Map(
    [...(table?.tBodies[0]?.rows ?? [])].map((row) => [row.dataset.code ?? "", row] as const),
  );
  let shown: Element | null = null;

  const hide = () => {
    tip.hidden = true;
    shown?.classList.remove("is-on");
    rows.get((shown as SVGElement | null)?.dataset.code ?? "")?.classList.remove("is-on");
    shown = null;
  };
  const fill = (code: string) => {
    const row = rows.get(code);
    const bold = document.createElement("b");
    bold.append(row?.cells[0]?.textContent?.trim() ?? code);
    const value = figure.dataset.now
      ? (JSON.parse(figure.dataset.now) as Record<string, number | null>)[code]
      : undefined;
    const text =
      figure.dataset.now !== undefined
        ? (value?.toLocaleString("en") ?? figure.dataset.noData)
        : (row?.cells[1]?.textContent ?? figure.dataset.noData);
    tip.replaceChildren(bold, text ?? "");
  };
  const areaAt = (event: Event) => (event.target as Element).closest<SVGElement>("[data-code]");
  const show = (event: PointerEvent) => {
    const area = areaAt(event);
    if (!area) return hide();
    if (area !== shown) {
      hide();
      shown = area;
      area.classList.add("is-on");
      rows.get(area.dataset.code!)?.classList.add("is-on");
      area.parentElement!.insertBefore(area, svg.querySelector(".tx-map__labels, .o"));
    }
    fill(area.dataset.code!);
    tip.hidden = false;
    const box = frame.getBoundingClientRect();
    const x = Math.min(event.clientX - box.left + 14, box.width - tip.offsetWidth - 4);
    const y = event.clientY - box.top - tip.offsetHeight - 12;
    tip.style.transform = `translate(${Math.max(x, 0)}px, ${Math.max(y, 0)}px)`;
  };
  svg.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "touch") show(event);
  });
  svg.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") hide();
  });
  svg.addEventListener("click", (event) => {
    const area = areaAt(event);
    // A finger cannot point without touching: the first tap tells, the second opens.
    if ((event as PointerEvent).pointerType === "touch" && area !== shown) {
      show(event as PointerEvent);
      if (area) tip.append(document.createElement("br"), figure.dataset.again ?? "");
      return;
    }
    const link = rows.get(area?.dataset.code ?? "")?.querySelector("a");
    if (link) location.assign(link.href);
  });
  table?.addEventListener("pointerover", (event) => {
    const code = (event.target as Element).closest("tr")?.dataset.code;
    svg.querySelectorAll(".is-on").forEach((area) => area.classList.remove("is-on"));
    if (code) svg.querySelector(`[data-code="${CSS.escape(code)}"]`)?.classList.add("is-on");
  });
}

export function startMap(figure: HTMLElement): void {
  const frame = figure.querySelector<HTMLElement>("[data-map-frame]");
  const svg = figure.querySelector<SVGSVGElement>(".tx-map__svg");
  if (!frame || !svg) return;
  startZoom(figure, frame, svg);
  startTip(figure, frame, svg);
  startTime(figure, svg);
}
