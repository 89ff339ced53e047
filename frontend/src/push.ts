// How a page and the browser's push service come together; for places and for receipts.

export interface Followed {
  places: string[];
  receipts: string[];
  persons: string[];
  is_answered?: boolean;
}

/** A house rule said no; the message is its name. */
export class Refused extends Error {}

export function isAble(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window;
}

/** The browser's subscription, if it has one. */
export async function subscription(): Promise<PushSubscription | null> {
  const worker = await navigator.serviceWorker.getRegistration("/");
  return (await worker?.pushManager.getSubscription()) ?? null;
}

/** The browser's subscription, made now where there is none; asks whether messages may be shown. */
export async function subscribed(): Promise<PushSubscription> {
  const worker = await navigator.serviceWorker.register("/push-worker.js");
  if ((await Notification.requestPermission()) !== "granted") throw new Error("denied");
  const { key } = (await (await fetch("/api/push/key")).json()) as { key: string };
  await navigator.serviceWorker.ready;
  return (
    (await worker.pushManager.getSubscription()) ??
    (await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }))
  );
}

/** What the server answers; nothing where it has nothing to say. */
export async function send(
  method: string,
  address: string,
  body: unknown,
  token = "",
): Promise<Followed> {
  const headers = { "Content-Type": "application/json", ...(token && { "X-CSRFToken": token }) };
  const answer = await fetch(address, { method, headers, body: JSON.stringify(body) });
  if (answer.status === 204) return { places: [], receipts: [], persons: [] };
  const said = (await answer.json()) as Followed & { code?: string };
  if (!answer.ok) throw new Refused(said.code);
  return said;
}

/** Whether a browser that follows this can be forgotten by its push service. */
export function isNothing({ places, receipts, persons }: Followed): boolean {
  return !places.length && !receipts.length && !persons.length;
}

/** What this browser follows, as the server knows it. */
export async function followed(): Promise<Followed> {
  const made = await subscription();
  if (!made) return { places: [], receipts: [], persons: [] };
  return send("POST", "/api/push/followed", { endpoint: made.endpoint });
}

/** Which of a page's sentences says why it did not work. */
export function reason(error: unknown, words: DOMStringMap): string {
  if (error instanceof Refused && error.message === "TooManyTopics") return words.full!;
  if (error instanceof Refused && error.message === "TooManyRequests") return words.often!;
  return Notification.permission === "denied" ? words.denied! : words.failed!;
}
