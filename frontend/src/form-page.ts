/**
 * A form's page that answers at once: questions appear and go, calculated values and faults are
 * shown, as the server would after "Update the form". Its rules stand in the page as JSON. What is
 * hidden keeps what was typed; it is not sent.
 */
import { faults } from "./form-check";
import { engineFor, Evaluation, type Fields, progress, readFields } from "./form-evaluated";
import type { Engine } from "./form-expressions";
import { below, nameOf, optionPlace, type Read, repetition } from "./form-fields";
import { DoesNotSettle, settle } from "./form-rules";
import type { Form, Given } from "./form-tree";
import type { Value } from "./form-values";

const TYPING_MS = 500;

export async function startRules(form: HTMLFormElement, rules: Form): Promise<void> {
  new FormPage(form, rules, await engineFor(rules)).start();
}

class FormPage {
  private pieces = new Map<string, HTMLElement>();
  private readonly touched = new Set<string>();
  private typing = 0;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly rules: Form,
    private readonly engine: Engine | null,
  ) {}

  start(): void {
    this.form.addEventListener("change", (event) => this.changed(event, 0));
    this.form.addEventListener("input", (event) => this.changed(event, TYPING_MS));
    this.form.addEventListener("tongxin:filled", () => this.run());
    this.form.addEventListener("reset", () => setTimeout(() => this.run()));
    for (const one of this.form.querySelectorAll<HTMLElement>(".nhsuk-form-group--error[data-q]"))
      this.touched.add(one.dataset.q!);
    if (this.run() && !this.rules.needsServer)
      for (const one of this.form.querySelectorAll<HTMLElement>("[data-update]")) one.hidden = true;
  }

  private changed(event: Event, wait: number): void {
    const piece = (event.target as HTMLElement).closest<HTMLElement>("[data-q]");
    if (!wait && piece) this.touched.add(piece.dataset.q!);
    clearTimeout(this.typing);
    this.typing = window.setTimeout(() => this.run(), wait);
  }

  /** False where the form does not come to rest: then the server says so. */
  private run(): boolean {
    const read = readFields(this.rules, this.fields());
    try {
      const evaluation = settle(this.rules, read.tree, this.engine);
      this.pieces = new Map(
        [...this.form.querySelectorAll<HTMLElement>("[data-q]")].map((one) => [one.dataset.q!, one]),
      );
      this.show(evaluation, read, evaluation.tree, "");
      this.showProgress(evaluation);
      return true;
    } catch (error) {
      if (error instanceof DoesNotSettle) return false;
      throw error;
    }
  }

  /** What stands in all fields, those that are switched off too. */
  private fields(): Fields {
    const found: Fields = new Map();
    for (const one of this.form.elements) {
      const field = one as HTMLInputElement;
      const isOff = (field.type === "radio" || field.type === "checkbox") && !field.checked;
      if (!field.name || field.type === "submit" || isOff) continue;
      const value = field.type === "file" ? field.files?.[0]?.name ?? "" : field.value;
      found.set(field.name, [...(found.get(field.name) ?? []), value]);
    }
    return found;
  }

  private show(evaluation: Evaluation, read: Read, tree: Given[], path: string): void {
    const places = new Map<string, number>();
    for (const one of tree) {
      const { item } = one;
      const place = (places.get(item.linkId) ?? -1) + 1;
      places.set(item.linkId, place);
      const name = nameOf(item, path);
      if (item.type === "group") {
        this.switchGroup(name, repetition(name, place, item), one.isEnabled);
        this.show(evaluation, read, one.items, repetition(path, place, item));
        continue;
      }
      this.switchQuestion(evaluation, read, one, name);
      one.replies.forEach((reply, at) =>
        this.show(evaluation, read, reply.items, below(item, path, at, reply)));
    }
  }

  private switchGroup(name: string, own: string, isOn: boolean): void {
    const group = this.pieces.get(own);
    if (!group || group.hidden === !isOn) return;
    group.hidden = !isOn;
    const button = this.form.querySelector<HTMLElement>(`[data-add="${name}"]`);
    if (button) button.hidden = !isOn;
    const part = document.querySelector<HTMLElement>(`[data-part="${own}"]`);
    if (part) part.hidden = !isOn;
  }

  private switchQuestion(evaluation: Evaluation, read: Read, one: Given, name: string): void {
    const piece = this.pieces.get(name);
    if (!piece) return;
    if (piece.hidden === one.isEnabled) {
      piece.hidden = !one.isEnabled;
      for (const field of piece.querySelectorAll<HTMLInputElement>("input, select, textarea"))
        field.disabled = !one.isEnabled;
    }
    if (!one.isEnabled) return;
    const none = piece.querySelector<HTMLElement>("[data-none]");
    if (none) none.hidden = !one.replies.length;
    if (one.item.calculated) showFixed(piece, name, one);
    const isWrong = this.touched.has(name) ? faults(evaluation, one, read.mistyped.has(one)) : [];
    showFaults(piece, name, isWrong);
  }

  private showProgress(evaluation: Evaluation): void {
    const words = document.getElementById("progress");
    const [asked, answered] = progress(evaluation.tree);
    const facts: Record<string, number> = { asked, answered };
    if (words?.dataset.words)
      words.textContent = words.dataset.words.replace(/\{(\w+)\}/g, (_, fact) => String(facts[fact]));
  }
}

/** A calculated value, and the field that holds it. */
function showFixed(piece: HTMLElement, name: string, { item, replies }: Given): void {
  const shown = piece.querySelector<HTMLElement>("[data-fixed]");
  if (!shown) return;
  const unit = item.units?.[0]?.unit;
  const texts = replies.map(({ value }) => {
    const label = item.labels?.[optionPlace(item, value)] ?? written(value);
    return unit ? `${label} ${unit}` : label;
  });
  if (shown.textContent !== (texts.join(", ") || "–")) {
    shown.replaceChildren();
    texts.forEach((text, at) => {
      const output = document.createElement("output");
      output.textContent = text;
      shown.append(...(at ? [", "] : []), output);
    });
    if (!texts.length) shown.textContent = "–";
  }
  for (const old of piece.querySelectorAll(`input[type=hidden][name="${name}"]`)) old.remove();
  for (const { value } of replies) {
    const field = document.createElement("input");
    const place = item.options ? optionPlace(item, value) : -1;
    const isOption = place >= 0 && place < item.options!.length;
    Object.assign(field, { type: "hidden", name, value: isOption ? String(place) : written(value) });
    piece.append(field);
  }
}

function written([kind, value]: Value): string {
  if (kind === "Quantity") return String(value.value);
  if (typeof value === "object") return value.display || value.reference || value.code || "";
  return String(value);
}

/** Faults beside a question, as the server's page has them; none takes them away. */
function showFaults(piece: HTMLElement, name: string, found: string[]): void {
  const id = `${name}-error`;
  const there = document.getElementById(id);
  if ((there?.dataset.said ?? "") === found.join("\n") && (found.length || !there)) return;
  there?.remove();
  piece.classList.toggle("nhsuk-form-group--error", found.length > 0);
  const fields = piece.querySelector("fieldset") ? [piece.querySelector("fieldset")!]
    : [...piece.querySelectorAll<HTMLElement>("input, select, textarea")];
  for (const field of fields) {
    const ids = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
    if (found.length) ids.push(id);
    if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
    else field.removeAttribute("aria-describedby");
  }
  if (!found.length) return;
  const box = document.createElement("div");
  Object.assign(box, { id });
  box.dataset.said = found.join("\n");
  for (const words of found) {
    const line = document.createElement("span");
    line.className = "nhsuk-error-message";
    line.textContent = words;
    box.append(line);
  }
  const label = piece.querySelector(".nhsuk-hint") ?? piece.querySelector("legend, .nhsuk-label");
  label?.after(box);
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = found.join(" ");
}
