// Everything by keyboard: shortcuts, and the marker of the pad.

import { Marker, onControl } from "./marker.js";

const NO_LATIN = /[^\p{ASCII}\p{Script=Latin}]/u;

/**
 * Listen to the keys of the whole page.
 * `act(name)` does undo, clear, skip, leave or enter (true when it meant something);
 * `may`, `moved` and `lifted` are the marker's.
 */
export function listen({ root, canvas, nib, ink }, { may, act, moved, lifted }) {
  const marker = new Marker({ canvas, nib, ink }, { may, moved, lifted });

  addEventListener("keydown", (event) => {
    root.classList.add("keys");
    if (document.querySelector("dialog[open]")) return; // the keys are its own
    if (event.altKey || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) return void history(event);
    if (event.target instanceof Element && event.target.matches("input:not([type]), select")) return; // typing
    if (!marker.press(event) && !event.repeat) shortcut(event);
  });
  addEventListener("pointerdown", () => root.classList.remove("keys"));

  function history(event) {
    if (event.target instanceof HTMLInputElement && event.target.type === "text") return;
    const name = historyAct(event);
    if (name && act(name)) event.preventDefault();
  }

  function shortcut(event) {
    const names = { z: "undo", u: "undo", c: "clear", s: "skip", escape: "leave", enter: "enter", " ": "enter" };
    const name = names[lettered(event)];
    if (!name || (name === "enter" && onControl(event.target, canvas))) return;
    if (act(name)) event.preventDefault();
  }
}

/** Ctrl or Cmd with Z takes back, with Shift and Z (or with Y) draws again; other combinations are the browser's. */
export function historyAct(event) {
  if (event.altKey || !(event.ctrlKey || event.metaKey)) return null;
  const key = lettered(event);
  if (key === "y" || (key === "z" && event.shiftKey)) return "redo";
  return key === "z" ? "undo" : null;
}

/** What a key types; on a layout of another script, the letter that stands there on a Latin keyboard. */
function lettered({ key, code }) {
  const latin = NO_LATIN.test(key) && /^Key([A-Z])$/.exec(code)?.[1];
  return (latin || key).toLowerCase();
}
