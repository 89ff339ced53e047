import { startFollow } from "./follow";
import { startReceipt } from "./receipt";

for (const form of document.querySelectorAll<HTMLFormElement>("[data-notices-filter]")) narrow(form);
for (const box of document.querySelectorAll<HTMLElement>("[data-follow]")) startFollow(box);
for (const box of document.querySelectorAll<HTMLElement>("[data-receipt]")) startReceipt(box);

/** Show only the notices of a kind and of a place. */
function narrow(form: HTMLFormElement): void {
  const kind = form.querySelector<HTMLSelectElement>("select[data-kind]")!;
  const place = form.querySelector<HTMLSelectElement>("select[data-place]")!;
  const said = form.querySelector<HTMLElement>("[data-said]")!;
  const items = document.querySelectorAll<HTMLElement>("[data-notices] > li");
  form.hidden = false;
  form.addEventListener("change", () => {
    let found = 0;
    for (const item of items) {
      const isKind = !kind.value || item.dataset.kind === kind.value;
      const isPlace = !place.value || item.dataset.places!.split(" ").includes(place.value);
      item.hidden = !(isKind && isPlace);
      found += Number(!item.hidden);
    }
    said.textContent = said.dataset.found!.replace("{}", String(found));
  });
}
