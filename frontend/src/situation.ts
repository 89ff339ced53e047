import { startCurves } from "./curves";
import { startMap } from "./map";
import { startSorting } from "./sorting";

function start(tab?: string | null): void {
  for (const frame of document.querySelectorAll<HTMLElement>("[data-tabs]")) startCurves(frame, tab);
  for (const figure of document.querySelectorAll<HTMLElement>("[data-map]")) startMap(figure);
  for (const table of document.querySelectorAll<HTMLTableElement>("[data-sortable]")) startSorting(table);
}

start();
document.addEventListener("tongxin:swapped", (event) =>
  start((event as CustomEvent<{ tab: string | null }>).detail.tab),
);
