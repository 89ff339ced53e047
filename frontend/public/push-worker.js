// Shows a message of the site and opens its page. It keeps nothing and answers no requests.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const said = event.data ? event.data.json() : {};
  const options = {
    body: said.body,
    tag: said.tag,
    lang: said.lang,
    renotify: Boolean(said.tag),
    icon: "/static/mark.svg",
    data: { url: said.url },
  };
  event.waitUntil(self.registration.showNotification(said.title || "同心 Tongxin", options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url || "/", self.location.origin);
  if (url.origin === self.location.origin) event.waitUntil(self.clients.openWindow(url.href));
});
