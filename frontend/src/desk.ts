import "htmx.org";

// A page is one form at a time: a second click on its button within the wait does nothing.
const WAIT_MS = 1500;
const sent = new WeakMap<HTMLFormElement, number>();

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
  if (!button?.dataset.preventDoubleClick) return;
  const last = sent.get(form) ?? -Infinity;
  if (event.timeStamp - last < WAIT_MS) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  sent.set(form, event.timeStamp);
  if (button.dataset.wait) {
    button.setAttribute("aria-busy", "true");
    button.textContent = button.dataset.wait;
  }
}, true);

// "Choose all" appears where there is a list to choose from.
function offerChooseAll(): void {
  for (const box of document.querySelectorAll<HTMLInputElement>("[data-choose-all]")) {
    const item = box.closest<HTMLElement>("[hidden]");
    if (item) item.hidden = false;
    box.addEventListener("change", () => {
      const form = box.closest("form");
      for (const one of form?.querySelectorAll<HTMLInputElement>("input[name=held]") ?? [])
        one.checked = box.checked;
    });
  }
}

// Of many boxes the ticked ones come first; of the others those with the words typed are shown.
function offerFinding(): void {
  for (const find of document.querySelectorAll<HTMLInputElement>("[data-choices-find]")) {
    const items = find.closest("[data-choices]")!.querySelectorAll<HTMLElement>(
      ".nhsuk-checkboxes__item",
    );
    find.parentElement!.hidden = false;
    for (const item of [...items].reverse())
      if (item.querySelector<HTMLInputElement>("input")!.checked) item.parentElement!.prepend(item);
    const show = (): void => {
      const words = find.value.toLowerCase().trim();
      for (const item of items)
        item.hidden =
          !item.textContent!.toLowerCase().includes(words) &&
          !item.querySelector<HTMLInputElement>("input")!.checked;
    };
    find.addEventListener("input", show);
    find.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // finding is not publishing
    });
  }
}

offerFinding();
offerChooseAll();
document.addEventListener("htmx:afterSwap", offerChooseAll);

// After an error the summary is what the reader needs first.
document.querySelector<HTMLElement>(".nhsuk-error-summary")?.focus();
