// The service worker of the whole site. It shows messages that are pushed, opens pages with forms
// when there is no network (each page with such a form keeps itself: offline.ts), and sends what
// waits on the device. It is one classic script without imports: vite.worker.config.ts.
import { deliverAll, forgetTyped, NAME } from "./outbox";

interface Later extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asked extends Later {
  request: Request;
  preloadResponse?: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
}
interface Pushed extends Later {
  data?: { json(): Said };
}
interface Clicked extends Later {
  notification: Notification;
}
interface Said {
  title?: string;
  body?: string;
  tag?: string;
  lang?: string;
  url?: string;
}
interface Worker {
  registration: ServiceWorkerRegistration;
  location: Location;
  clients: { claim(): Promise<void>; openWindow(url: string): Promise<unknown> };
  skipWaiting(): Promise<void>;
  addEventListener<E extends Event>(name: string, listener: (event: E) => void): void;
}

const worker = self as unknown as Worker;
const OWN_PAGES = `${NAME} own `;
const SIGN_OUT = "/sign-out/";
const DOWN = new Set([502, 503, 504]);
const OFTEN_MS = 15_000;
let tried = 0;

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener<Later>("activate", (event) =>
  event.waitUntil(
    Promise.all([worker.clients.claim(), worker.registration.navigationPreload?.enable()]),
  ),
);

worker.addEventListener<Pushed>("push", (event) => {
  const said = event.data ? event.data.json() : {};
  const options = {
    body: said.body,
    tag: said.tag,
    lang: said.lang,
    renotify: Boolean(said.tag),
    icon: "/static/mark.svg",
    data: { url: said.url },
  };
  event.waitUntil(worker.registration.showNotification(said.title || "同心 Tongxin", options));
});

worker.addEventListener<Clicked>("notificationclick", (event) => {
  event.notification.close();
  const data = event.notification.data as { url?: string } | null;
  const url = new URL(data?.url || "/", worker.location.origin);
  if (url.origin === worker.location.origin) event.waitUntil(worker.clients.openWindow(url.href));
});

worker.addEventListener<Asked>("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== worker.location.origin) return;
  if (request.method === "POST" && request.mode === "navigate" && pathname.endsWith(SIGN_OUT))
    event.waitUntil(forgetOwnPages());
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});

worker.addEventListener<Later & { tag: string }>("sync", (event) => {
  if (event.tag === NAME) event.waitUntil(sendAgain());
});

/** From the network; where there is none, or the server is down, as the page was kept. */
async function page(event: Asked): Promise<Response> {
  const { request } = event;
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(request));
    if (DOWN.has(answer.status)) return (await kept(request)) ?? answer;
    event.waitUntil(sendNowAndThen()); // there is a network
    if (answer.redirected || answer.type === "opaqueredirect" || answer.status === 403)
      event.waitUntil(forgetPage(request));
    return answer;
  } catch (error) {
    const answer = await kept(request);
    if (answer) return answer;
    throw error;
  }
}

const kept = (request: Request): Promise<Response | undefined> =>
  caches.match(request, { ignoreVary: true });

async function file(request: Request): Promise<Response> {
  return (await kept(request)) ?? fetch(request);
}

/** A page of somebody who is no longer signed in is not shown any more. */
async function forgetPage(request: Request): Promise<void> {
  await caches.delete(OWN_PAGES + new URL(request.url).pathname);
}

async function forgetOwnPages(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(OWN_PAGES));
  await Promise.all([...names.map((name) => caches.delete(name)), forgetTyped({ ofOwners: true })]);
}

async function sendNowAndThen(): Promise<void> {
  if (Date.now() - tried < OFTEN_MS) return;
  tried = Date.now();
  await deliverAll().catch(() => undefined); // a browser that keeps nothing has nothing to send
}

/** The browser asks again later where something still waits. */
async function sendAgain(): Promise<void> {
  const found = [...(await deliverAll()).values()];
  if (found.some((one) => one.state === "waiting")) throw new Error("not yet");
}
