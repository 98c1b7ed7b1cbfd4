// Who plays here: name, colour and badge as last chosen, and the private key by which records know us.

import { recall, remember } from "./store.js";

const NAME = "doodle-race-name";
const COLOUR = "doodle-race-colour";
const BADGE = "doodle-race-badge";
const KEY = "doodle-race-key";

/** What goes with a message that takes a seat. */
export function person() {
  const colour = recall(COLOUR);
  return { name: name() || null, colour: colour === null ? null : Number(colour), badge: badge() };
}

export function name() {
  return recall(NAME) ?? "";
}

export function rename(text) {
  remember(NAME, text.trim());
}

export function recolour(colour) {
  remember(COLOUR, String(colour));
}

/** The own doodle, see `badge_ink.js`; empty without one. */
export function badge() {
  return recall(BADGE) ?? "";
}

export function wear(text) {
  remember(BADGE, text);
}

export function key() {
  return recall(KEY);
}

export function keepKey(key) {
  remember(KEY, key);
}
