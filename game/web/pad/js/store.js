// What the browser remembers; in memory only where storage is blocked, as in some iframes.

const memory = new Map();

export function recall(key) {
  try {
    return localStorage.getItem(key) ?? memory.get(key) ?? null;
  } catch {
    return memory.get(key) ?? null;
  }
}

export function remember(key, value) {
  memory.set(key, value);
  try {
    localStorage.setItem(key, value);
  } catch {
    // Blocked: the copy in memory serves until the page is left.
  }
}
