// Keeps the whole site in the browser, so that it plays without a line. Written by python -m game.static_site.
//
// A new version is fetched whole beside the old one. It takes over when a player asks for it, or else once no page
// shows the old one any more.

const NAME = "doodle-race-";
const VERSION = NAME + registration.scope + "$version"; // another folder of the same host may hold another site
const FILES = $files;

addEventListener("install", (event) => event.waitUntil(fetchAll()));
addEventListener("activate", (event) => event.waitUntil(forgetOthers()));
addEventListener("fetch", (event) => {
  if (event.request.method === "GET") event.respondWith(answer(event.request));
});

addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting();
});

async function fetchAll() {
  const cache = await caches.open(VERSION);
  await cache.addAll(FILES.map((file) => new Request(file, { cache: "no-cache" }))); // never older than the list
}

async function forgetOthers() {
  const ours = (await caches.keys()).filter((name) => name.startsWith(NAME + registration.scope));
  await Promise.all(ours.filter((name) => name !== VERSION).map((name) => caches.delete(name)));
}

/** A file as it was when this version came; the query is the page's own affair. */
async function answer(request) {
  const cache = await caches.open(VERSION);
  return (await cache.match(request, { ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
}
