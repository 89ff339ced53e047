// Repetitions without the server: groups are added and removed, a box more is offered where several
// answers are possible. Names stay as tongxin/questionnaires/fields.py reads them.
import type { Field } from "./outbox";

const NAMED = ["id", "name", "for", "value", "aria-describedby", "aria-labelledby", "data-q", "data-add", "data-remove"];

export function startRepeats(form: HTMLFormElement): void {
  form.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>("[data-add], [data-remove]");
    if (!button) return;
    event.preventDefault();
    if (button.dataset.add) add(form, button)?.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea")?.focus();
    else remove(form, button.dataset.remove!);
    form.dispatchEvent(new Event("change"));
  });
  form.addEventListener("input", (event) => offerMore(event.target as HTMLElement));
  form.addEventListener("tongxin:filling", (event) =>
    makeRoom(form, (event as CustomEvent<Field[]>).detail));
}

const groups = (form: HTMLElement, name: string): HTMLElement[] =>
  [...form.querySelectorAll<HTMLElement>(`[data-q^="${name}-"]`)].filter((one) =>
    /^-\d+$/.test(one.dataset.q!.slice(name.length)) && one.matches("section, fieldset"));

function add(form: HTMLFormElement, button: HTMLButtonElement): HTMLElement | null {
  const name = button.dataset.add!;
  const all = groups(form, name);
  const last = all[all.length - 1];
  if (!last || all.length >= Number(button.dataset.most)) return null;
  const made = last.cloneNode(true) as HTMLElement;
  renumber(made, name, all.length - 1, all.length);
  for (const one of made.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")) {
    if (one.type === "radio" || one.type === "checkbox") (one as HTMLInputElement).checked = false;
    else if (one.type !== "hidden") one.value = "";
  }
  for (const one of made.querySelectorAll("select")) one.selectedIndex = 0;
  last.after(made);
  count(form, name);
  return made;
}

function remove(form: HTMLFormElement, own: string): void {
  const name = own.replace(/-\d+$/, "");
  const all = groups(form, name);
  const place = all.findIndex((one) => one.dataset.q === own);
  if (place < 0 || all.length < 2) return;
  all[place]!.remove();
  all.slice(place + 1).forEach((one, after) => renumber(one, name, place + after + 1, place + after));
  count(form, name);
  form.querySelector<HTMLElement>(`[data-add="${name}"]`)?.focus();
}

/** The way to everything in a repetition begins with the way to its group and its place. */
function renumber(made: HTMLElement, name: string, from: number, to: number): void {
  const way = name.replace(/^q\d+/, "");
  const old = new RegExp(`(\\bn?q\\d+)${way}-${from}(?!\\d)`, "g");
  for (const one of [made, ...made.querySelectorAll<HTMLElement>("*")])
    for (const attribute of NAMED) {
      const value = one.getAttribute(attribute);
      if (value) one.setAttribute(attribute, value.replace(old, `$1${way}-${to}`));
    }
  const depth = [...made.querySelectorAll<HTMLElement>("[data-number]")];
  for (const one of depth)
    if (one.closest("[data-q]") === made) one.textContent = String(to + 1);
}

function count(form: HTMLFormElement, name: string): void {
  const all = groups(form, name);
  const field = form.elements.namedItem(`n${name}`);
  if (field instanceof HTMLInputElement) field.value = String(all.length);
  for (const one of all) {
    const button = form.querySelector<HTMLElement>(`[data-remove="${one.dataset.q}"]`);
    if (button) button.hidden = all.length < 2;
  }
  const button = form.querySelector<HTMLElement>(`[data-add="${name}"]`);
  if (button) button.hidden = all.length >= Number(button.dataset.most);
}

/** One empty box more once the last one is used. */
function offerMore(control: HTMLElement): void {
  const box = control.closest<HTMLElement>("[data-repeats]");
  if (!box) return;
  const lines = boxes(box);
  if (!lines.length || lines.some((one) => !one.value)) return;
  const last = lines[lines.length - 1]!;
  const whole = last.closest(".tx-form-line") ?? last;
  const made = whole.cloneNode(true) as HTMLElement;
  const field = made.matches("input, textarea") ? (made as HTMLInputElement) : made.querySelector("input")!;
  field.value = "";
  field.id = `${box.dataset.q}-${lines.length}`;
  const label = box.querySelector("label")?.firstChild?.textContent ?? "";
  field.setAttribute("aria-label", `${label.trim()} ${lines.length + 1}`);
  whole.after(made);
}

const boxes = (box: HTMLElement): (HTMLInputElement | HTMLTextAreaElement)[] =>
  [...box.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")].filter(
    (one) => one.name === box.dataset.q && !["radio", "checkbox", "hidden", "file"].includes(one.type),
  );

/** As many groups and boxes as the fields need that are to be filled in; outer groups first. */
function makeRoom(form: HTMLFormElement, fields: Field[]): void {
  const counts = fields.filter(([name]) => /^nq\d/.test(name));
  for (const [field, value] of counts.sort(([a], [b]) => a.length - b.length)) {
    const name = field.slice(1);
    const button = form.querySelector<HTMLButtonElement>(`[data-add="${name}"]`);
    while (button && groups(form, name).length < Number(value) && add(form, button));
    while (groups(form, name).length > Number(value) && Number(value) > 0)
      remove(form, `${name}-${groups(form, name).length - 1}`);
  }
  for (const box of form.querySelectorAll<HTMLElement>("[data-repeats]")) {
    const wanted = fields.filter(([name]) => name === box.dataset.q).length;
    let lines = boxes(box);
    while (lines.length && lines.length < wanted) {
      for (const one of lines) one.value ||= " ";
      offerMore(lines[0]!);
      lines = boxes(box);
    }
  }
}
