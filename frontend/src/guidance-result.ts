import { dayInWords, type Guidance, isChinese, name, source, text, title, today, type Told } from "./guidance-data";
import { changesSince, type Remembered } from "./guidance-memory";
import { calendar, type Reminder } from "./guidance-reminders";
import type { Persona } from "./guidance-rules";
import type { Entry } from "./ranking";

const WATCH_DAYS = 10;
const KINDS = ["do", "dont", "may", "know"] as const;
const KIND_OF: Record<string, (typeof KINDS)[number]> = {
  must: "do",
  should: "do",
  may: "may",
  "should-not": "dont",
  "must-not": "dont",
  know: "know",
};

export interface Found {
  data: Guidance;
  persona: Persona;
  usual: Persona; // the usual answer to each question
  blocks: Told[];
  coming: Told[];
  isThey: boolean;
  place: Entry | undefined;
  isRiskKnown: boolean;
  before: Remembered | null;
}

/** What applies, danger first, then what is particular to this person, then every day's advice. */
export class Result {
  private readonly section: HTMLElement;
  private readonly lede: HTMLElement;
  private readonly words: DocumentFragment;
  private found: Found | null = null;

  constructor(
    private readonly page: HTMLElement,
    private readonly start: string,
  ) {
    this.section = page.querySelector<HTMLElement>("[data-mine]")!;
    this.lede = page.querySelector<HTMLElement>("[data-forme-lede]")!;
    this.words = page.querySelector<HTMLTemplateElement>('[data-template="words"]')!.content;
    page.querySelector("[data-mine-print]")!.addEventListener("click", () => print());
    addEventListener("beforeprint", () => {
      for (const one of this.section.querySelectorAll("details")) one.open = true;
    });
    page.querySelector("[data-reminders]")!.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save(new FormData(event.target as HTMLFormElement));
    });
  }

  placeName(entry: Entry | undefined): string {
    return entry ? (isChinese ? entry.z : entry.e) : this.said("nowhere");
  }

  valueName(data: Guidance | undefined, axis: string, value: string): string {
    const found = data?.axes.find((one) => one.key === axis)?.values.find((one) => one.key === value);
    if (found) return name(found);
    const label = this.page.querySelector(`input[name="${axis}"][value="${value}"] + span`);
    return label?.firstChild?.textContent ?? value;
  }

  day(iso: string): string {
    return dayInWords(iso);
  }

  hide(): void {
    this.lede.hidden = false;
    this.section.hidden = true;
  }

  show(found: Found): void {
    this.found = found;
    const urgent = found.blocks.filter((one) => one.when.symptoms?.join() === "danger");
    const rest = found.blocks.filter((one) => !urgent.includes(one));
    const first = rest.filter((one) => this.isParticular(one));
    const more = rest.filter((one) => !first.includes(one));
    this.part("who").textContent = this.who();
    const day = this.part("day");
    day.textContent = day.dataset
      .words!.replace("{day}", dayInWords(today()))
      .replace("{count}", String(found.blocks.length));
    this.part("danger").replaceChildren(...(urgent.length ? [this.urgent(urgent)] : []));
    this.part("changes").replaceChildren(...this.changes());
    this.part("first").replaceChildren(
      ...(first.length ? [this.heading("h3", this.said("first")), ...this.byKind(first)] : []),
    );
    this.part("more").replaceChildren(
      ...(more.length ? [this.heading("h3", this.said("more")), ...this.byCircumstance(more)] : []),
    );
    this.reminders();
    this.lede.hidden = true;
    this.section.hidden = false;
    this.section.querySelector<HTMLElement>("h2")!.focus();
  }

  private part(which: string): HTMLElement {
    return this.section.querySelector<HTMLElement>(`[data-mine-${which}]`)!;
  }

  private said(which: string): string {
    return this.words.querySelector(`[data-${which}]`)!.textContent!;
  }

  /** Whether it is for few people, of whom this is one. */
  private isParticular(block: Told): boolean {
    const { persona, usual } = this.found!;
    return (
      block.places.length > 0 ||
      Object.entries(block.when).some(
        ([axis, values]) => persona[axis] !== usual[axis] && !values.includes(usual[axis] ?? ""),
      )
    );
  }

  /** The answers in a line. */
  private who(): string {
    const { data, persona, usual, place, isRiskKnown } = this.found!;
    const said = data.axes
      .filter(({ key }) => persona[key] && key !== "risk")
      .filter(({ key }) => key === "age" || persona[key] !== usual[key])
      .map((axis) => {
        const value = this.valueName(data, axis.key, persona[axis.key]!);
        return ["yes", "no"].includes(persona[axis.key]!) ? `${name(axis)}${isChinese ? "：" : ": "}${value}` : value;
      });
    const where = this.placeName(place);
    const risk = isRiskKnown && persona.risk ? this.valueName(data, "risk", persona.risk) : "";
    return [...said, where, risk].filter(Boolean).join(isChinese ? "，" : " · ");
  }

  private heading(level: string, said: string): HTMLElement {
    const heading = document.createElement(level);
    heading.textContent = said;
    return heading;
  }

  private urgent(blocks: Told[]): HTMLElement {
    const box = document.createElement("section");
    box.className = "tx-danger";
    box.setAttribute("role", "alert");
    const forFewer = (one: Told) => Object.keys(one.when).length;
    for (const block of [...blocks].sort((a, b) => forFewer(a) - forFewer(b))) {
      const heading = this.heading("h3", title(block));
      heading.className = "tx-danger__title";
      const words = document.createElement("p");
      words.textContent = text(block);
      box.append(heading, words);
    }
    const call = document.createElement("a");
    call.className = "tx-danger__call";
    call.href = `tel:${this.found!.data.emergency}`;
    call.textContent = this.found!.data.emergency;
    const line = document.createElement("p");
    line.append(call);
    box.append(line);
    return box;
  }

  private byKind(blocks: Told[]): HTMLElement[] {
    return KINDS.flatMap((kind) => {
      const theirs = blocks.filter((one) => KIND_OF[one.polarity] === kind);
      if (theirs.length === 0) return [];
      const section = document.createElement("div");
      section.className = `tx-list tx-list--${kind}`;
      const heading = this.heading("p", this.said(kind));
      heading.className = "tx-list__title";
      const list = document.createElement("ul");
      const firm = (one: Told) => (one.polarity.startsWith("must") ? 0 : 1);
      list.append(...[...theirs].sort((a, b) => firm(a) - firm(b)).map((one) => this.item(one, kind)));
      section.append(heading, list);
      return [section];
    });
  }

  private byCircumstance(blocks: Told[]): HTMLElement[] {
    return this.found!.data.circumstances.flatMap((one) => {
      const theirs = blocks.filter((block) => block.circumstance === one.key);
      if (theirs.length === 0) return [];
      const details = document.createElement("details");
      details.className = "tx-more";
      const summary = document.createElement("summary");
      const count = document.createElement("span");
      count.className = "tx-more__count";
      count.textContent = String(theirs.length);
      summary.append(name(one), " ", count);
      details.append(summary, ...this.byKind(theirs));
      return [details];
    });
  }

  private item(block: Told, kind: string): Node {
    const template = this.page.querySelector<HTMLTemplateElement>('[data-template="item"]')!;
    const item = template.content.cloneNode(true) as DocumentFragment;
    item.querySelector("li")!.dataset.block = block.slug;
    item.querySelector(".tx-advice__sign")!.classList.add(`tx-advice__sign--${kind}`);
    const heading = item.querySelector(".tx-advice__title")!;
    const firm = this.page.querySelector<HTMLTemplateElement>(`[data-template="firm-${block.polarity}"]`);
    if (firm) heading.append(firm.content.cloneNode(true), " ");
    heading.append(title(block));
    item.querySelector("[data-text]")!.textContent = text(block);
    item.querySelector("[data-source]")!.textContent = `${source(block)}${isChinese ? "，" : ", "}${dayInWords(block.source_on)}`;
    const why = item.querySelector<HTMLAnchorElement>("[data-why]")!;
    why.href = `${this.start}block/${block.slug}/`;
    const hidden = document.createElement("span");
    hidden.className = "nhsuk-u-visually-hidden";
    hidden.textContent = `${isChinese ? "：" : ": "}${title(block)}`;
    why.append(hidden);
    return item;
  }

  /** What is told otherwise since last time. */
  private changes(): HTMLElement[] {
    const { before, blocks } = this.found!;
    if (!before) return [];
    const { added, changed, gone } = changesSince(before.shown, blocks);
    const day = dayInWords(before.day);
    const box = document.createElement("section");
    box.className = "tx-changes-box";
    if (added.length + changed.length + gone.length === 0) {
      box.append(this.heading("p", this.said("unchanged").replace("{day}", day)));
      return [box];
    }
    const list = document.createElement("ul");
    list.className = "tx-changes";
    const row = (label: string, said: string, slug?: string) => {
      const item = document.createElement("li");
      const kind = document.createElement("span");
      kind.className = "tx-changes__on";
      kind.textContent = label;
      const target = document.createElement(slug ? "a" : "span");
      target.textContent = said;
      if (slug) (target as HTMLAnchorElement).href = `${this.start}block/${slug}/`;
      item.append(kind, " ", target);
      list.append(item);
    };
    for (const one of added) row(this.said("new"), title(one), one.slug);
    for (const one of changed) row(this.said("other"), title(one), one.slug);
    for (const one of gone) row(this.said("gone"), one);
    box.append(this.heading("h3", this.said("changed").replace("{day}", day)), list);
    return [box];
  }

  /** The block that says what to watch for, where watching is due. */
  private watch(): Told | undefined {
    const { persona, blocks } = this.found!;
    const isDue =
      ["waiting", "positive"].includes(persona.state ?? "") || persona.contact === "close" || persona.symptoms === "mild";
    if (!isDue) return undefined;
    return (
      blocks.find((one) => one.action === "watch-symptoms" && KIND_OF[one.polarity] === "do") ??
      blocks.find((one) => one.action === "call-emergency" && one.polarity === "know")
    );
  }

  private reminders(): void {
    const form = this.section.querySelector<HTMLFormElement>("[data-reminders]")!;
    const { persona } = this.found!;
    const watch = this.watch();
    form.hidden = persona.symptoms === "danger";
    form.querySelector<HTMLElement>("[data-watch-choice]")!.hidden = !watch;
    form.querySelector("[data-watch-says]")!.textContent = watch ? title(watch) : "";
    form.querySelector<HTMLElement>("[data-isolation]")!.hidden = !["waiting", "positive"].includes(persona.state ?? "");
  }

  private save(form: FormData): void {
    const { blocks, coming } = this.found!;
    const here = new URL(this.start, location.href);
    const of = (block: Told) => ({ title: title(block), text: text(block), url: new URL(`block/${block.slug}/`, here).href });
    const reminders: Reminder[] = [];
    const watch = this.watch();
    if (watch && form.get("watch"))
      reminders.push({ uid: `watch-${today()}`, ...of(watch), day: today(), at: "09:00", everyDays: WATCH_DAYS });
    if (form.get("review")) {
      for (const one of coming) reminders.push({ uid: `coming-${one.slug}`, ...of(one), day: one.effective_from });
      const ends = blocks.flatMap((one) => [one.expires_on, one.review_by]);
      const next = ends.filter((day): day is string => day !== null && day > today()).sort()[0];
      const url = new URL("for-me/", here).href;
      if (next) reminders.push({ uid: `review-${next}`, title: this.said("review"), text: url, url, day: next });
    }
    const until = form.get("until");
    if (typeof until === "string" && until)
      reminders.push({
        uid: `apart-${until}`,
        title: this.said("apart"),
        text: new URL("positive-at-home/", here).href,
        url: new URL("positive-at-home/", here).href,
        day: until,
      });
    const file = new Blob([calendar(reminders, this.said("calendar"))], { type: "text/calendar" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = "tongxin.ics";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
}
