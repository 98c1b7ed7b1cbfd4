// The page's addresses: what the one it was opened with asks for, and those to give away.

const KINDS = ["room", "watch", "challenge", "replay", "daily"];

/**
 * What the page's address asks for; null when it asks for nothing.
 * @returns {Asked | null}
 */
export function asked() {
  const query = new URL(location.href).searchParams;
  const kind = KINDS.find((name) => query.has(name));
  return kind ? [kind, query.get(kind) ?? ""] : null;
}

/** The page's address with one thing asked for. */
export function link(kind, value) {
  const url = new URL(document.baseURI);
  url.search = url.hash = "";
  url.searchParams.set(kind, value);
  return url.href;
}

/**
 * Let the address bar ask for what is shown, so that it can be reloaded or copied; or for nothing.
 * @param {string | null} kind
 */
export function show(kind = null, value = "") {
  const url = new URL(location.href);
  for (const name of KINDS) url.searchParams.delete(name);
  if (kind) url.searchParams.set(kind, value);
  history.replaceState(history.state, "", url);
}
