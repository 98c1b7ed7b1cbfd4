// Names for what the page makes.

const BYTES = 16;

/** A random id. `crypto.randomUUID` would not do: over plain HTTP, as from another device of the home, there is none. */
export function id() {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
