// Texts by key: in the first language of the browser that is spoken here, else in English.

import { en } from "./en.js";

const LANGUAGES = { en };
let speech = en;

/** Choose the first language of `wanted` (like `navigator.languages`) that is spoken here. */
export function speak(wanted) {
  const code = wanted.map((tag) => tag.slice(0, 2)).find((tag) => tag in LANGUAGES) ?? "en";
  speech = LANGUAGES[code];
  return code;
}

/** The text under `key` ("stamp.bell"), with values for the texts that need some. */
export function t(key, ...values) {
  const text = find(speech, key) ?? find(en, key);
  return typeof text === "function" ? text(...values) : text;
}

/** Whether there is a text under `key`. */
export function has(key) {
  return find(speech, key) !== undefined;
}

function find(texts, key) {
  return key.split(".").reduce((part, name) => part?.[name], texts);
}

/** Fill all elements marked with `data-t` (text) and `data-t-label` (accessible name). */
export function fill(root) {
  for (const element of root.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll("[data-t-label]"))
    element.setAttribute("aria-label", t(element.dataset.tLabel));
}
