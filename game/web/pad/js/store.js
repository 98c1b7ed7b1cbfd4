// What the browser remembers; in memory only where storage is full, or forbidden as in some frames.

const OURS = "doodle-race"; // how the keys of personal things begin
const memory = new Map(); // what storage did not take: newer than what it has

export function recall(key) {
  if (memory.has(key)) return memory.get(key);
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function forget(key) {
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    return; // storage is forbidden: nothing was stored
  }
}

/** Delete all that this page has stored about whoever uses it; the language stays. */
export function forgetAll() {
  memory.clear();
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(OURS)) localStorage.removeItem(key);
  } catch {
    return; // storage is forbidden: nothing was stored
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
    memory.delete(key);
  } catch {
    memory.set(key, value); // storage is full or forbidden: this serves until the page is left
  }
}
