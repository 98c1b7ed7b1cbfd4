// A page that stays open while the server gets a new version loads itself anew: its script may not understand the server.

const HERE = "link[rel=modulepreload][href*='pad/main.']"; // names the script that runs here
const BUNDLE = /\.[0-9a-f]{12}\.js$/;
const LOADED = "doodle-race-renewed"; // when the page was last loaded anew
const ONCE_IN = 60_000; // ms: while servers of two versions run, the page may come from the other one

/** Load the page anew if the server has another script than the one that runs here; single modules have no version. */
export function renew(script) {
  const running = document.querySelector(HERE)?.getAttribute("href") ?? "";
  if (!BUNDLE.test(running) || !script || running.endsWith(script)) return;
  try {
    const now = Date.now();
    if (now - Number(sessionStorage.getItem(LOADED)) < ONCE_IN) return;
    sessionStorage.setItem(LOADED, String(now));
  } catch {
    return; // storage is forbidden: the page would forget whose game it shows
  }
  location.reload();
}
