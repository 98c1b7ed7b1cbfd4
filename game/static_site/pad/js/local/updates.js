// Keeps the site for offline play, and offers a new version on the first page once it has come.

import { button, make } from "../dom.js";
import { t } from "../strings.js";

/** Register the service worker under an address; in frames that forbid it, the site plays online only. */
export async function keepOffline(address) {
  const worker = await navigator.serviceWorker?.register(address).catch(() => null);
  if (!worker) return;
  const check = () => worker.waiting && navigator.serviceWorker.controller && offer(worker.waiting);
  worker.addEventListener("updatefound", () => worker.installing?.addEventListener("statechange", check));
  check();
}

/** Show that a new version is there. It is taken when the player wants it, and never during a game. */
function offer(waiting) {
  if (document.querySelector(".new-version")) return;
  const take = () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage("take over");
  };
  const text = make("span", "", t("newVersion"));
  const note = make("p", "note new-version", text, button(t("reload"), take, { className: "plain" }));
  note.setAttribute("role", "status");
  document.querySelector(".dr")?.append(note);
}
