// What the records tell, which here are this browser's own.

import { album } from "./local/album.js";

/** The replay under `replays/ID`; null when there is none, as for all that only a server knows. */
export async function get(path) {
  const [, id] = /^replays\/(.+)$/.exec(path) ?? [];
  return id ? album.find(decodeURIComponent(id)) : null;
}

/** All that a server could delete is in this browser, where `store.js` deletes it. */
export async function post() {}

export function address(path) {
  return new URL(path, new URL(".", document.baseURI));
}
