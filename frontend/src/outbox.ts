/**
 * Forms that are sent when there is a network, each exactly once: what waits, and what became of it.
 *
 * For pages and for the service worker. A form takes part by attributes (offline.ts does the rest):
 *
 *   <form method="post" data-offline            keep what is typed, and send it later if need be
 *         data-offline-taken="/en/forms/x/receipt/"  where a taken form leads: a prefix of the path
 *         data-offline-owner="…">               who is signed in, opaque; left out on public pages
 *     <input type="hidden" name="key" value="…">     the key under which the server takes it once
 *     <button data-online-only>                 a button that needs the server at once
 *   {% include "questionnaires/_offline.html" %}     before the form: the list of what waits
 *   {% asset "forms.js" %}                      as a script of type module
 *
 * What the server answers, and what becomes of the form:
 *
 *   a redirect below data-offline-taken         taken: it is removed from the device
 *   401, 403, a redirect elsewhere, another
 *   owner on the page than who typed it         kept until that person has signed in
 *   408, 429, 5xx, no answer in 30 s            kept, tried again later
 *   anything else (422, 409, 404, 200)          refused: kept, and offered to be mended
 *
 * The body is the very body of the form with its key, except Django's csrfmiddlewaretoken: a form
 * that has one, or an owner, is sent with the token of the page as it is then.
 */

export type Field = [name: string, value: string | File];
export type State = "waiting" | "refused" | "away";

/** A form that has not arrived yet. */
export interface Waiting {
  key: string;
  action: string;
  page: string;
  taken: string;
  owner: string;
  title: string;
  isMultipart: boolean;
  fields: Field[];
  at: number;
  state: State;
}

/** A form that has arrived; nothing of what it said. */
export interface Arrived {
  key: string;
  title: string;
  receipt: string;
  at: number;
}

/** What somebody typed and has not sent. */
export interface Typed {
  page: string;
  owner: string;
  fields: Field[];
  at: number;
}

export type Outcome = { state: State } | { state: "taken"; receipt: string };

export const NAME = "tongxin-forms";
const STORES = { waiting: "key", arrived: "key", typed: "page" };
const PATIENCE_MS = 30_000;
const DAY_MS = 24 * 3600 * 1000;
const ARRIVED_MS = 7 * DAY_MS;
export const TYPED_MS = DAY_MS;

type Store = keyof typeof STORES;

let opened: Promise<IDBDatabase> | undefined;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES))
        asked.result.createObjectStore(name, { keyPath });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

/** One transaction; what `work` asked for last, once everything is on the disk. */
async function within<T>(
  stores: Store[], mode: IDBTransactionMode, work: (t: IDBTransaction) => IDBRequest<T> | void,
): Promise<T> {
  const base = await database();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(stores, mode);
    const asked = work(transaction);
    transaction.oncomplete = () => resolve((asked ? asked.result : undefined) as T);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

const all = <T>(store: Store): Promise<T[]> =>
  within<T[]>([store], "readonly", (t) => t.objectStore(store).getAll());

/** What waits, the oldest first. */
export const waiting = async (): Promise<Waiting[]> =>
  (await all<Waiting>("waiting")).sort((a, b) => a.at - b.at);

/** What arrived from this device in the last week; older lines are forgotten. */
export async function arrived(): Promise<Arrived[]> {
  const found = await all<Arrived>("arrived");
  const old = found.filter((one) => one.at < Date.now() - ARRIVED_MS);
  for (const one of old) await forget("arrived", one.key);
  return found.filter((one) => !old.includes(one)).sort((a, b) => b.at - a.at);
}

export const find = (key: string): Promise<Waiting | undefined> =>
  within([`waiting`], "readonly", (t) => t.objectStore("waiting").get(key));

export async function keep(form: Waiting): Promise<void> {
  await within(["waiting"], "readwrite", (t) => void t.objectStore("waiting").put(form));
  tell();
}

export async function forget(store: Store, key: string): Promise<void> {
  await within([store], "readwrite", (t) => void t.objectStore(store).delete(key));
  tell();
}

/** What was typed on a page and not sent, for a day. */
export async function typedOn(page: string): Promise<Typed | undefined> {
  const found = await within<Typed | undefined>(["typed"], "readonly", (t) =>
    t.objectStore("typed").get(page),
  );
  return found && found.at > Date.now() - TYPED_MS ? found : undefined;
}

export const keepTyped = (typed: Typed): Promise<void> =>
  within(["typed"], "readwrite", (t) => void t.objectStore("typed").put(typed));

/** Forget what was typed long ago, and on pages of people who sign in when `all` of theirs goes. */
export async function forgetTyped({ ofOwners }: { ofOwners: boolean }): Promise<void> {
  for (const one of await all<Typed>("typed"))
    if (one.at < Date.now() - TYPED_MS || (ofOwners && one.owner)) await forget("typed", one.page);
}

/** Others who show the list look again. */
function tell(): void {
  if (!("BroadcastChannel" in globalThis)) return;
  const channel = new BroadcastChannel(NAME);
  channel.postMessage("changed");
  channel.close();
}

/** One sender at a time on the device, where browsers can agree on that; the key does the rest. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(NAME, work) : work();
}

/** Send one form now. */
export const deliver = (key: string): Promise<Outcome> =>
  alone(async () => {
    const form = await find(key);
    return form ? settled(form, await sent(form)) : { state: "refused" };
  });

/** Send what waits; what became of each that is not there any more or is still there. */
export const deliverAll = (): Promise<Map<string, Outcome>> =>
  alone(async () => {
    const found = new Map<string, Outcome>();
    for (const form of await waiting())
      if (form.state !== "refused") found.set(form.key, await settled(form, await sent(form)));
    return found;
  });

/** Write down what became of a form; one that was changed or deleted meanwhile stays as it is. */
async function settled(form: Waiting, outcome: Outcome): Promise<Outcome> {
  await within(["waiting", "arrived"], "readwrite", (t) => {
    const store = t.objectStore("waiting");
    const asked = store.get(form.key) as IDBRequest<Waiting | undefined>;
    asked.onsuccess = () => {
      const isSame = asked.result?.at === form.at;
      if (outcome.state !== "taken") {
        if (isSame) store.put({ ...form, state: outcome.state });
        return;
      }
      if (isSame) store.delete(form.key);
      const { key, title } = form;
      t.objectStore("arrived").put({ key, title, receipt: outcome.receipt, at: Date.now() });
    };
  });
  tell();
  return outcome;
}

async function sent(form: Waiting): Promise<Outcome> {
  try {
    const ready = await refreshed(form);
    if (!Array.isArray(ready)) return ready;
    const body = form.isMultipart ? new FormData() : new URLSearchParams();
    for (const [name, value] of ready) body.append(name, value as string);
    return judged(await asked(form.action, { method: "POST", body }), form.taken);
  } catch {
    return { state: "waiting" }; // no network, or no answer in time
  }
}

/** What the answer to a sent form means. */
export function judged(answer: Response, taken: string): Outcome {
  const { status } = answer;
  if (answer.redirected) {
    const { pathname, href } = new URL(answer.url);
    return taken && pathname.startsWith(taken)
      ? { state: "taken", receipt: href }
      : { state: "away" };
  }
  if (status === 401 || status === 403) return { state: "away" };
  if (status === 408 || status === 429 || status >= 500) return { state: "waiting" };
  return { state: "refused" };
}

const TOKEN = "csrfmiddlewaretoken";
const TOKEN_THERE = /name="csrfmiddlewaretoken" value="([^"]+)"/;
const OWNER_THERE = /data-offline-owner="([^"]+)"/;

/** The fields with the token of now; or why it cannot be sent now. */
export async function refreshed(form: Waiting): Promise<Field[] | Outcome> {
  const hasToken = form.fields.some(([name]) => name === TOKEN);
  if (!hasToken && !form.owner) return form.fields;
  const answer = await asked(form.page, { cache: "no-store" });
  if (answer.status >= 500 || answer.status === 429) return { state: "waiting" };
  if (!answer.ok || new URL(answer.url).pathname !== new URL(form.page, answer.url).pathname)
    return { state: "away" };
  const text = await answer.text();
  if (form.owner && form.owner !== OWNER_THERE.exec(text)?.[1]) return { state: "away" };
  const token = TOKEN_THERE.exec(text)?.[1];
  return form.fields.map(([name, value]) => [name, name === TOKEN && token ? token : value]);
}

async function asked(address: string, options: RequestInit): Promise<Response> {
  const end = new AbortController();
  const clock = setTimeout(() => end.abort(), PATIENCE_MS);
  try {
    return await fetch(address, { credentials: "same-origin", signal: end.signal, ...options });
  } finally {
    clearTimeout(clock);
  }
}
