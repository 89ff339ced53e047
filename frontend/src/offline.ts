/**
 * The page's side of forms that work without a network; outbox.ts says which attributes they have.
 *
 * What is typed is kept on the device for a day. Send goes through the outbox: with a network the
 * receipt follows at once, without one the page says where the answers are.
 */
import { OutboxList } from "./offline-list";
import {
  arrived, deliver, deliverAll, type Field, find, forget, forgetTyped, keep, keepTyped, NAME,
  refreshed, type State, type Typed, typedOn, type Waiting, waiting,
} from "./outbox";

const SHOWN = "tongxin-shown"; // a page with this key shows what was sent: it is filled in already
const SAVE_MS = 300;
const AGAIN_MS = 30_000;
const LONGEST_MS = 10 * 60_000;
const MOST_PAGES = 20;
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "key", "code"]);
const page = location.pathname + location.search;

/** `isReady`: once the page has loaded everything that it needs without a network. */
export function startOffline(form: HTMLFormElement, isReady: Promise<unknown>): void {
  const list = document.querySelector<HTMLElement>("[data-outbox]");
  if (!list || !("indexedDB" in window) || !("requestSubmit" in form)) return;
  void new OfflineForm(form, list).start(isReady).catch(() => undefined); // a browser that keeps nothing
}

class OfflineForm {
  private readonly said = document.querySelector<HTMLElement>("[data-offline-said]")!;
  private readonly words = this.said.dataset as Record<string, string>;
  private readonly key = this.form.elements.namedItem("key") as HTMLInputElement;
  private readonly list: OutboxList;
  private saving = 0;
  private again = 0;
  private wait = AGAIN_MS;
  private isPassing = false;
  private isSending = false;
  private lastKept = "";

  constructor(private readonly form: HTMLFormElement, box: HTMLElement) {
    this.list = new OutboxList(box, form.dataset.offlineOwner ?? "", {
      mend: (one) => this.mend(one),
      send: (one) => this.sendOne(one),
    });
  }

  async start(isReady: Promise<unknown>): Promise<void> {
    this.form.addEventListener("submit", (event) => this.submitted(event));
    this.form.addEventListener("input", () => this.saveSoon());
    this.form.addEventListener("change", () => void this.save());
    document.addEventListener("visibilitychange", () => this.turned());
    addEventListener("online", () => void this.sendAll());
    if ("BroadcastChannel" in window)
      new BroadcastChannel(NAME).addEventListener("message", () => void this.look());
    await forgetTyped({ ofOwners: false });
    await this.fillIn();
    await this.list.show();
    void isReady.then(() => keepPage(this.form.dataset.offlineOwner ?? ""));
    await this.sendAll();
  }

  /** A page from the device has a key that may be used up; what was typed here stands here again. */
  private async fillIn(): Promise<void> {
    const wasShown = navigator.onLine && sessionStorage.getItem(SHOWN) === this.key.value;
    sessionStorage.removeItem(SHOWN);
    const wanted = new URLSearchParams(location.hash.slice(1)).get("kept");
    const one = wanted ? await find(wanted) : undefined;
    if (one && this.isMine(one)) return this.fillWith(one);
    if (wasShown) return;
    const used = [...(await waiting()), ...(await arrived())].map((line) => line.key);
    if (used.includes(this.key.value)) this.key.value = newKey();
    const typed = await typedOn(page);
    if (!typed || typed.owner !== (this.form.dataset.offlineOwner ?? "")) return;
    if (!fill(this.form, typed.fields)) return;
    this.say(this.words.restored!, this.words.forget!, async () => {
      await forget("typed", page);
      location.reload();
    });
  }

  private fillWith(one: Waiting): void {
    if (!fill(this.form, one.fields)) return this.say(this.words.other!);
    this.key.value = one.key;
    history.replaceState(null, "", page);
    this.form.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea")?.focus();
  }

  private isMine(one: Waiting): boolean {
    return one.owner === (this.form.dataset.offlineOwner ?? "");
  }

  private saveSoon(): void {
    clearTimeout(this.saving);
    this.saving = window.setTimeout(() => void this.save(), SAVE_MS);
  }

  private async save(): Promise<void> {
    clearTimeout(this.saving);
    this.saving = 0;
    const fields = fieldsOf(this.form).filter(([name]) => !NOT_TYPED.has(name));
    const owner = this.form.dataset.offlineOwner ?? "";
    const typed: Typed = { page, owner, fields, at: Date.now() };
    await keepTyped(typed).catch(() => undefined); // full: the page itself still holds it
  }

  private turned(): void {
    if (document.hidden) {
      if (this.saving) void this.save();
    } else void this.sendAll();
  }

  private submitted(event: SubmitEvent): void {
    if (this.isPassing || event.defaultPrevented) return;
    const button = event.submitter as HTMLButtonElement | null;
    if (button && "onlineOnly" in button.dataset) {
      if (navigator.onLine) return sessionStorage.setItem(SHOWN, this.key.value);
      event.preventDefault();
      return this.say(this.words.online!);
    }
    event.preventDefault();
    void this.send(button);
  }

  /** First to the device, then to the server: whatever happens between, nothing is lost. */
  private async send(button: HTMLButtonElement | null): Promise<void> {
    const fields = fieldsOf(this.form);
    if (button?.name) fields.push([button.name, button.value]);
    const one: Waiting = {
      key: this.key.value,
      action: this.form.action,
      page,
      taken: this.form.dataset.offlineTaken ?? "",
      owner: this.form.dataset.offlineOwner ?? "",
      title: this.form.dataset.offlineTitle ?? document.querySelector("h1")?.textContent ?? "",
      isMultipart: this.form.enctype === "multipart/form-data",
      fields,
      at: Date.now(),
      state: "waiting",
    };
    let isNew = true;
    this.isSending = navigator.onLine;
    try {
      isNew = !(await find(one.key));
      await keep(one);
    } catch {
      this.isSending = false;
      if (navigator.onLine) this.pass(button);
      else this.say(this.words.full!);
      return;
    }
    if (!navigator.onLine) return this.kept("waiting");
    this.say(this.words.sending!);
    button?.setAttribute("aria-busy", "true");
    const outcome = await deliver(one.key).catch(() => ({ state: "waiting" }) as const);
    button?.removeAttribute("aria-busy");
    this.isSending = false;
    if (outcome.state === "taken") return this.leave(outcome.receipt);
    if (outcome.state !== "refused") return this.kept(outcome.state);
    if (isNew) await forget("waiting", one.key); // it stands on this page, and on the one to come
    this.pass(button);
  }

  /** As without JavaScript: the server's own page says what is to be mended. */
  private pass(button: HTMLButtonElement | null): void {
    this.isPassing = true;
    sessionStorage.setItem(SHOWN, this.key.value);
    this.form.requestSubmit(button ?? undefined);
    this.isPassing = false;
  }

  private async leave(receipt: string): Promise<void> {
    clearTimeout(this.saving);
    await forget("typed", page);
    location.assign(receipt);
  }

  /** The answers are on the device; the page is ready for others. */
  private async kept(state: State): Promise<void> {
    this.lastKept = this.key.value;
    clearTimeout(this.saving);
    this.saving = 0;
    await forget("typed", page);
    this.form.reset();
    this.form.dispatchEvent(new CustomEvent("tongxin:filled"));
    this.key.value = newKey();
    this.say("");
    await this.list.show();
    this.list.focus(this.words[state]!);
    this.plan();
    const worker = await navigator.serviceWorker?.getRegistration("/");
    const sync = (worker as { sync?: { register(tag: string): Promise<void> } } | undefined)?.sync;
    await sync?.register(NAME).catch(() => undefined); // not allowed here: the page sends it
  }

  private plan(): void {
    clearTimeout(this.again);
    this.again = window.setTimeout(() => void this.sendAll(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_MS);
  }

  private async sendAll(): Promise<void> {
    clearTimeout(this.again);
    if (!navigator.onLine || !(await waiting()).length) return;
    const found = await deliverAll();
    await this.look();
    if ([...found.values()].some((one) => one.state === "waiting")) this.plan();
    else this.wait = AGAIN_MS;
  }

  /** Show how things stand; what was sent from this page, by whomever, leads to its receipt. */
  private async look(): Promise<void> {
    if (this.isSending) return; // what goes out now does not wait
    await this.list.show();
    if (!this.lastKept) return;
    const mine = (await arrived()).find((one) => one.key === this.lastKept);
    const isRefused = (await find(this.lastKept))?.state === "refused";
    if (mine || isRefused) this.lastKept = "";
    if (mine && !this.saving && !(await typedOn(page))) location.assign(mine.receipt);
    else if (isRefused) this.list.focus(this.words.refused!);
  }

  private async sendOne(one: Waiting): Promise<void> {
    const outcome = await deliver(one.key);
    await this.list.show();
    if (outcome.state === "taken") location.assign(outcome.receipt);
    else this.list.focus(this.words[outcome.state]!);
  }

  /** Refused answers stand on the server's own page, beside its reasons; else on the form's. */
  private async mend(one: Waiting): Promise<void> {
    if (navigator.onLine && one.state === "refused") {
      const outcome = await deliver(one.key);
      if (outcome.state === "taken") return location.assign(outcome.receipt);
      const fields = outcome.state === "refused" && (await refreshed(one).catch(() => null));
      if (Array.isArray(fields)) return post(one, fields);
    }
    if (one.page === page) this.fillWith(one);
    else location.assign(`${one.page}#kept=${encodeURIComponent(one.key)}`);
  }

  private say(words: string, deed = "", done?: () => Promise<void>): void {
    this.said.textContent = words;
    if (!done) return;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: deed });
    button.className = "nhsuk-button nhsuk-button--secondary";
    button.addEventListener("click", () => void done());
    this.said.append(" ", button);
  }
}

/** What the browser would send, without a button. */
function fieldsOf(form: HTMLFormElement): Field[] {
  const isEmpty = (value: string | File) => value instanceof File && !value.name && !value.size;
  return [...new FormData(form)].filter(([, value]) => !isEmpty(value));
}

/** Put fields into a form of the same version; false where it has another one. */
function fill(form: HTMLFormElement, fields: Field[]): boolean {
  const there = form.elements.namedItem("version");
  const version = fields.find(([name]) => name === "version")?.[1];
  if (there instanceof HTMLInputElement && there.value !== version) return false;
  form.dispatchEvent(new CustomEvent("tongxin:filling", { detail: fields }));
  const left = new Map<string, (string | File)[]>();
  for (const [name, value] of fields) left.set(name, [...(left.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (control instanceof HTMLInputElement) {
      if (control.type === "hidden" || control.type === "submit") continue;
      const values = left.get(control.name) ?? [];
      if (control.type === "radio" || control.type === "checkbox")
        control.checked = values.includes(control.value);
      else if (control.type === "file") putFiles(control, values);
      else control.value = String(values.shift() ?? "");
    } else if (control instanceof HTMLTextAreaElement || control instanceof HTMLSelectElement)
      control.value = String(left.get(control.name)?.shift() ?? "");
  }
  form.dispatchEvent(new CustomEvent("tongxin:filled"));
  return true;
}

function putFiles(control: HTMLInputElement, values: (string | File)[]): void {
  const files = new DataTransfer();
  for (const value of values) if (value instanceof File) files.items.add(value);
  if (files.files.length) control.files = files.files;
}

/** Send fields as a form of the page does, to see what the server says to them. */
function post(one: Waiting, fields: Field[]): void {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: one.action, hidden: true });
  form.enctype = one.isMultipart ? "multipart/form-data" : "application/x-www-form-urlencoded";
  for (const [name, value] of fields) {
    const input = document.createElement("input");
    input.name = name;
    input.type = value instanceof File ? "file" : "hidden";
    if (value instanceof File) putFiles(input, [value]);
    else input.value = value;
    form.append(input);
  }
  document.body.append(form);
  sessionStorage.setItem(SHOWN, one.key);
  form.submit();
}

function newKey(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // a page without encryption
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Keep this page and what it loads, so that it opens when there is no network. */
function keepPage(owner: string): void {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  const keepNow = () => void keepPageNow(owner).catch(() => undefined); // full, or not allowed
  if (document.readyState === "complete") keepNow();
  else addEventListener("load", keepNow);
}

async function keepPageNow(owner: string): Promise<void> {
  await navigator.serviceWorker.register("/push-worker.js");
  const answer = await fetch(page, { cache: "no-store" });
  if (!answer.ok || answer.redirected) return;
  const loaded = performance.getEntriesByType("resource").map((one) => one.name);
  const named = [...document.querySelectorAll<HTMLLinkElement | HTMLScriptElement>("head [href], head [src]")]
    .map((one) => ("src" in one ? one.src : one.href));
  const wanted = [...loaded, ...named].filter((one) => one.startsWith(`${location.origin}/static/`));
  const name = `${NAME} ${owner ? "own" : "public"} ${location.pathname}`;
  const cache = await caches.open(name);
  await cache.put(page, answer);
  await cache.addAll([...new Set(wanted)]);
  for (const one of await cache.keys())
    if (one.url !== location.origin + page && !wanted.includes(one.url)) await cache.delete(one);
  const names = (await caches.keys()).filter((one) => one.startsWith(NAME) && one !== name);
  for (const old of names.slice(0, Math.max(0, names.length + 1 - MOST_PAGES))) await caches.delete(old);
}
