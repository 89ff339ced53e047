import { type Arrived, arrived, forget, type Waiting, waiting } from "./outbox";

interface Deeds {
  mend(one: Waiting): Promise<void>;
  send(one: Waiting): Promise<void>;
}

/** The list of what waits on this device and of what has arrived from it. It shows no answers. */
export class OutboxList {
  private readonly words = this.box.dataset as Record<string, string>;
  private readonly list = this.box.querySelector<HTMLElement>("[data-outbox-list]")!;
  private readonly row = this.box.querySelector<HTMLTemplateElement>("[data-outbox-row]")!;
  private readonly said = this.box.querySelector<HTMLElement>("[data-outbox-said]")!;

  constructor(
    private readonly box: HTMLElement,
    private readonly owner: string,
    private readonly deeds: Deeds,
  ) {}

  async show(): Promise<void> {
    const [here, there] = [await waiting(), await arrived()];
    this.list.replaceChildren(
      ...here.map((one) => this.waitingRow(one)),
      ...there.map((one) => this.arrivedRow(one)),
    );
    this.box.hidden = !here.length && !there.length;
    if (!here.length) this.said.textContent = "";
  }

  focus(words: string): void {
    this.said.textContent = words;
    this.box.scrollIntoView({ block: "start" });
    this.box.focus({ preventScroll: true });
  }

  private waitingRow(one: Waiting): HTMLElement {
    const isMine = !one.owner || one.owner === this.owner;
    const state = isMine ? this.words[one.state]! : this.words.other!;
    const row = this.rowOf(one.title, state, one.at);
    const [mend, send] = [button(row, "mend"), button(row, "send")];
    mend.hidden = !isMine;
    send.hidden = !isMine || one.state === "refused";
    mend.addEventListener("click", () => void this.deeds.mend(one));
    send.addEventListener("click", () => void this.deeds.send(one));
    this.offerDeleting(row, async () => {
      if (confirm(this.words.sure!)) await forget("waiting", one.key);
    });
    return row;
  }

  private arrivedRow(one: Arrived): HTMLElement {
    const row = this.rowOf(one.title, this.words.arrived!, one.at);
    const link = row.querySelector<HTMLAnchorElement>("[data-receipt-link]")!;
    Object.assign(link, { href: one.receipt, hidden: false });
    button(row, "mend").hidden = button(row, "send").hidden = true;
    this.offerDeleting(row, () => forget("arrived", one.key));
    return row;
  }

  private offerDeleting(row: HTMLElement, done: () => Promise<void>): void {
    button(row, "delete").addEventListener("click", async () => {
      await done();
      await this.show();
      if (!this.box.hidden) this.box.focus();
      else document.getElementById("main")?.focus();
    });
  }

  private rowOf(title: string, state: string, at: number): HTMLElement {
    const row = this.row.content.firstElementChild!.cloneNode(true) as HTMLElement;
    row.querySelector("[data-title]")!.textContent = title;
    row.querySelector("[data-state]")!.textContent = state;
    const time = row.querySelector("time")!;
    time.dateTime = new Date(at).toISOString();
    time.textContent = new Date(at).toLocaleString(document.documentElement.lang || undefined, {
      dateStyle: "medium",
      timeStyle: "short",
    });
    for (const one of row.querySelectorAll("[data-for]")) one.textContent = title;
    return row;
  }
}

function button(row: HTMLElement, deed: string): HTMLButtonElement {
  return row.querySelector<HTMLButtonElement>(`[data-deed=${deed}]`)!;
}
