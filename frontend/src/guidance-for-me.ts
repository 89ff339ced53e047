import { type Guidance, load, today, type Told } from "./guidance-data";
import { forget, recall, remember, shownNow } from "./guidance-memory";
import { Result } from "./guidance-result";
import { adviceFor, canBeFor, lineageOf, type Persona } from "./guidance-rules";
import type { Entry } from "./ranking";

const UNKNOWN_IS = "medium"; // The page says so.
const FRESH_DAYS = 14; // Older levels are named, not gone by; as on the pages of figures.

interface Levels {
  levels: Record<string, [string, string]>; // code → level, day
}

interface ToldTo {
  persona: Persona;
  blocks: Told[];
}

/**
 * The questions, one at a time, and what follows from the answers. Everything happens here: the
 * files asked for are the same whatever is answered.
 */
export class ForMe {
  private readonly form: HTMLFormElement;
  private readonly steps: HTMLFieldSetElement[];
  private readonly place: HTMLInputElement;
  private readonly code: HTMLInputElement;
  private readonly error: HTMLElement;
  private readonly result: Result;
  private data!: Guidance;
  private parents: Map<string, string> | null = null;
  private names = new Map<string, Entry>();
  private asked: string[] = []; // the steps taken, for going back
  private lookedUp = "";

  constructor(private readonly page: HTMLElement) {
    this.form = page.querySelector<HTMLFormElement>("[data-forme]")!;
    this.steps = [...this.form.querySelectorAll("fieldset")];
    this.place = this.form.querySelector<HTMLInputElement>("input[type=search]")!;
    this.code = this.form.querySelector<HTMLInputElement>("[data-code]")!;
    this.error = this.form.querySelector<HTMLElement>("[data-error]")!;
    this.result = new Result(page, this.form.dataset.start!);
  }

  async start(): Promise<void> {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.next();
    });
    this.form.addEventListener("change", () => this.say(""));
    this.form.querySelector("[data-back]")!.addEventListener("click", () => this.back());
    this.place.addEventListener("input", () => (this.code.value = ""));
    this.page.querySelector("[data-again]")!.addEventListener("click", () => this.again());
    this.page.querySelector<HTMLInputElement>("[data-remember]")!.addEventListener("change", (event) => {
      if ((event.target as HTMLInputElement).checked) this.keep();
      else this.drop();
    });
    this.page.querySelector("[data-forget]")!.addEventListener("click", () => {
      this.drop();
      const said = this.page.querySelector<HTMLElement>("[data-forgotten]")!;
      said.textContent = said.dataset.words!;
    });
    this.page.querySelector<HTMLElement>("[data-without-script]")!.hidden = true;
    this.form.hidden = false;
    this.show("who", false);
    await this.presetPlace();
    await this.comeBack();
  }

  private async guidance(): Promise<Guidance> {
    return (this.data ??= await load<Guidance>(this.form.dataset.forme!));
  }

  /** The place named behind the # of the address, which browsers do not send. */
  private async presetPlace(): Promise<void> {
    const code = new URLSearchParams(location.hash.slice(1)).get("place");
    if (!code) return;
    await this.choose(code);
  }

  private async comeBack(): Promise<void> {
    const before = recall();
    if (!before) return;
    try {
      await this.guidance();
    } catch {
      return; // The questions can be answered all the same, and are asked again.
    }
    for (const [axis, value] of Object.entries({ ...before.answers, who: before.who })) this.pick(axis, value);
    if (before.place) await this.choose(before.place);
    this.pick("risk", before.answers.risk ?? "unknown");
    this.page.querySelector<HTMLInputElement>("[data-remember]")!.checked = true;
    this.asked = ["who"];
    await this.finish(before);
  }

  private pick(axis: string, value: string): void {
    const radio = this.form.querySelector<HTMLInputElement>(
      `input[name="${CSS.escape(axis)}"][value="${CSS.escape(value)}"]`,
    );
    if (radio) radio.checked = true;
  }

  private answer(axis: string): string | undefined {
    return this.form.querySelector<HTMLInputElement>(`input[name="${CSS.escape(axis)}"]:checked`)?.value;
  }

  /** What has been answered, of the steps taken. */
  private known(): Persona {
    const found: Persona = {};
    for (const axis of this.asked) {
      const value = this.answer(axis);
      if (axis !== "who" && value) found[axis] = value;
    }
    return found;
  }

  private current(): HTMLFieldSetElement {
    return this.steps.find((step) => !step.hidden)!;
  }

  private say(error: string): void {
    this.error.textContent = error;
  }

  private async next(): Promise<void> {
    const axis = this.current().dataset.question!;
    if (!this.answer(axis)) {
      this.say(this.error.dataset.choose!);
      this.current().querySelector<HTMLInputElement>("input[type=radio]:enabled")?.focus();
      return;
    }
    try {
      await this.guidance();
    } catch {
      this.say(this.error.dataset.failed!);
      return;
    }
    if (axis === "risk" && !(await this.isPlaceSettled())) return;
    this.asked.push(axis);
    const following = this.steps
      .slice(this.steps.indexOf(this.current()) + 1)
      .find((step) => this.isWorthAsking(step));
    if (axis === "symptoms" && this.answer(axis) === "danger") await this.finish();
    else if (following) this.show(following.dataset.question!);
    else await this.finish();
  }

  /** Whether the place is one of the list, or none; one just chosen is looked at first. */
  private async isPlaceSettled(): Promise<boolean> {
    if (this.code.value && this.code.value !== this.lookedUp) {
      await this.choose(this.code.value);
      return false;
    }
    if (this.place.value.trim() && !this.code.value) {
      this.say(this.error.dataset.place!);
      this.place.focus();
      return false;
    }
    return true;
  }

  /** A place, its lineage and its published risk level; all places are in the same two files. */
  private async choose(code: string): Promise<void> {
    const box = this.form.querySelector<HTMLElement>("[data-search]")!;
    const said = this.form.querySelector<HTMLElement>("[data-risk-said]")!;
    try {
      if (!this.parents) {
        const entries = await load<Entry[]>(box.dataset.search!);
        this.names = new Map(entries.map((entry) => [entry.c, entry]));
        this.parents = new Map(entries.map((entry) => [entry.c, entry.u]));
      }
      const entry = this.names.get(code);
      if (!entry) return;
      this.code.value = this.lookedUp = code;
      this.place.value = document.documentElement.lang.startsWith("zh") ? entry.z : entry.e;
      const { levels } = await load<Levels>(this.form.dataset.risk!).catch(() => ({ levels: {} }) as Levels);
      const near = lineageOf(code, this.parents).find((at) => levels[at]);
      said.textContent = this.riskSaid(near ? levels[near]! : null, near ?? code);
    } catch {
      this.say(this.error.dataset.failed!);
    }
  }

  /** What the figures say of the risk; a level fresh enough is chosen. */
  private riskSaid(level: [string, string] | null, code: string): string {
    const words = this.form.querySelector<HTMLElement>("[data-risk-said]")!.dataset;
    const name = this.result.placeName(this.names.get(code));
    if (!level) return words.unknown!.replace("{place}", name);
    const [value, day] = level;
    const isFresh = Date.parse(today()) - Date.parse(day) <= FRESH_DAYS * 86_400_000;
    this.pick("risk", isFresh ? value : "unknown");
    return (isFresh ? words.known! : words.old!)
      .replace("{place}", name)
      .replace("{level}", this.result.valueName(this.data, "risk", value))
      .replace("{day}", this.result.day(day));
  }

  /** Whether the answer can still change what is told: it is open, and a block asks for it. */
  private isWorthAsking(step: HTMLFieldSetElement): boolean {
    const axis = step.dataset.question!;
    const open = this.possible(axis);
    for (const radio of step.querySelectorAll<HTMLInputElement>("input[type=radio]")) {
      const isPossible = radio.value === "unknown" || open.includes(radio.value);
      radio.disabled = !isPossible;
      radio.closest("label")!.hidden = !isPossible;
      if (!isPossible) radio.checked = false;
    }
    const known = this.known();
    return (
      open.length > 1 &&
      (axis === "risk" ||
        this.data.blocks.some(
          (one) => canBeFor(one, known) && open.some((value) => one.when[axis]?.includes(value) === false),
        ))
    );
  }

  /** The values of an axis that somebody of whom so much is known can have. */
  private possible(axis: string): string[] {
    const known = this.known();
    const values = this.data.axes.find((one) => one.key === axis)!.values.map((value) => value.key);
    return values.filter(
      (value) =>
        !this.data.never.some(
          (none) =>
            none[axis]?.includes(value) &&
            Object.entries(none).every(([key, bad]) => key === axis || bad.includes(known[key] ?? "")),
        ),
    );
  }

  private show(axis: string, hasFocus = true): void {
    for (const step of this.steps) step.hidden = step.dataset.question !== axis;
    const isThey = this.answer("who") === "they";
    for (const one of this.page.querySelectorAll<HTMLElement>("[data-you]")) one.hidden = isThey;
    for (const one of this.page.querySelectorAll<HTMLElement>("[data-they]")) one.hidden = !isThey;
    this.form.querySelector<HTMLElement>("[data-back]")!.hidden = this.asked.length === 0;
    const step = this.form.querySelector<HTMLElement>("[data-step]")!;
    const left = this.data
      ? this.steps.slice(this.steps.indexOf(this.current()) + 1).filter((one) => this.isOpen(one)).length
      : this.steps.length - 1;
    const at = this.asked.length + 1;
    step.textContent = step.dataset.words!.replace("{}", String(at)).replace("{}", String(at + left));
    this.say("");
    if (hasFocus) this.current().querySelector("legend")!.focus();
  }

  private isOpen(step: HTMLFieldSetElement): boolean {
    return this.possible(step.dataset.question!).length > 1;
  }

  private back(): void {
    const axis = this.asked.pop();
    if (axis) this.show(axis);
  }

  private again(): void {
    this.result.hide();
    this.form.hidden = false;
    this.page.querySelector<HTMLElement>("[data-forme-danger]")!.hidden = false;
    this.asked = [];
    this.show("who");
  }

  /** The whole person: what was not worth asking is the only possible, or the usual, answer. */
  private persona(): Persona {
    const found = this.known();
    if (found.risk === "unknown") found.risk = UNKNOWN_IS;
    if (found.symptoms === "danger") return found;
    for (const step of this.steps) {
      const axis = step.dataset.question!;
      if (axis === "who" || found[axis]) continue;
      const open = this.possible(axis);
      found[axis] = open.includes(step.dataset.usual!) ? step.dataset.usual! : open[0]!;
    }
    return found;
  }

  private lineage(): string[] {
    return this.code.value && this.parents ? lineageOf(this.code.value, this.parents) : [];
  }

  private told(): ToldTo {
    const persona = this.persona();
    return { persona, blocks: adviceFor(this.data.blocks, persona, this.lineage(), today()) };
  }

  private async finish(before = null as ReturnType<typeof recall>): Promise<void> {
    if (before) this.asked = ["who", ...Object.keys(before.answers)];
    const { persona, blocks } = this.told();
    const usual = Object.fromEntries(this.steps.map((s) => [s.dataset.question!, s.dataset.usual ?? ""]));
    const coming = this.data.blocks.filter(
      (one) => one.effective_from > today() && adviceFor([one], persona, this.lineage(), one.effective_from).length,
    );
    this.form.hidden = true;
    this.page.querySelector<HTMLElement>("[data-forme-danger]")!.hidden = true;
    this.result.show({
      data: this.data,
      persona,
      usual,
      blocks,
      coming,
      isThey: this.answer("who") === "they",
      place: this.names.get(this.code.value),
      isRiskKnown: this.answer("risk") !== "unknown",
      before,
    });
    if (this.page.querySelector<HTMLInputElement>("[data-remember]")!.checked) this.keep();
  }

  private keep(): void {
    const { blocks } = this.told();
    remember({
      who: this.answer("who") ?? "you",
      answers: this.known(),
      place: this.code.value,
      day: today(),
      shown: shownNow(blocks),
    });
    this.page.querySelector<HTMLElement>("[data-forget]")!.hidden = false;
    this.page.querySelector<HTMLElement>("[data-forgotten]")!.textContent = "";
  }

  private drop(): void {
    forget();
    this.page.querySelector<HTMLInputElement>("[data-remember]")!.checked = false;
    this.page.querySelector<HTMLElement>("[data-forget]")!.hidden = true;
  }
}
