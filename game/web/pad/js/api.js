// What the records tell over HTTP: replays, boards, challenges, the daily.

/**
 * The JSON under `path`, relative to the page; null when there is none, as for a hidden replay. What is secret goes into
 * `headers`: proxies log addresses.
 */
export async function get(path, query = {}, headers = {}) {
  const url = address(path);
  for (const [name, value] of Object.entries(query)) if (value) url.searchParams.set(name, value);
  const answer = await fetch(url, { headers });
  if (answer.ok) return answer.json();
  if (answer.status === 404 || answer.status === 422) return null;
  throw new Error(`${url.pathname}: ${answer.status}`);
}

/** Send `body` as JSON to `path`; the JSON of the answer. */
export async function post(path, body) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(address(path), { method: "POST", headers, body: JSON.stringify(body) });
  if (answer.ok) return answer.json();
  throw new Error(`${path}: ${answer.status}`);
}

export function address(path) {
  return new URL(path, new URL(".", document.baseURI));
}
