// What the page says, in the language chosen. A language is one file of `languages/`, see game/words/languages.py.
//
// A text is a string with values in braces, "{name}" as it is or "{name:format}" (see FORMATS). A text with several
// forms is an object: the form "=3" of an exact `count`, else that of the count's plural category, else "other".

import { address } from "./api.js";
import { remember } from "./store.js";

const FIRST = "en";
const STORED = "language"; // read by the head, see game/web/first_paint.py

/** @type {{ articles: Record<string, string>, words: Record<string, string[]>, texts: object }} a language's file */
let language = { articles: {}, words: {}, texts: {} };
let overlay = ""; // key of texts that stand in for others
/** @type {Record<string, (value: any) => string>} */
let formats = {};

/** Speak the language that the page's head has chosen. Resolves to the code of what is spoken now. */
export function begin() {
  return load(document.documentElement.lang);
}

/** Speak another language from now on, here and on later visits; texts on the page stay until they are filled anew. */
export async function choose(code) {
  await load(code);
  remember(STORED, code);
}

/** Let the texts under `key` stand in for the others of the same name, as on a page without a server. */
export function prefer(key) {
  overlay = key;
}

/**
 * The text under `key` ("stamp.bell") with its `values`; of several forms, the one of `values.count`. It is empty where
 * there is none, as for the second button of a card that has one.
 */
export function t(key, values = {}) {
  const text = find(`${overlay}.${key}`) ?? find(key) ?? "";
  const form = typeof text === "object" ? formOf(text, values.count) : text;
  return form.replaceAll(/\{(\w+)(?::(\w+))?\}/g, (_, name, format = "text") => formats[format](values[name]));
}

/** Whether there is a text under `key`. */
export function has(key) {
  return find(key) !== undefined;
}

/** What the language calls a Quick, Draw! word, without an article. */
export function noun(word) {
  return language.words[word]?.[0] ?? word;
}

/** Fill all elements marked with `data-t` (text) and `data-t-label` (accessible name). */
export function fill(root) {
  for (const element of root.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll("[data-t-label]"))
    element.setAttribute("aria-label", t(element.dataset.tLabel));
}

async function load(code) {
  const answer = await fetch(address(`pad/languages/${code}.json`));
  if (!answer.ok && code !== FIRST) return load(FIRST);
  language = await answer.json();
  formats = formatsOf(code);
  for (const element of [document.documentElement, document.querySelector(".dr")]) element?.setAttribute("lang", code);
  return code;
}

function find(key) {
  return key.split(".").reduce((part, name) => part?.[name], language.texts);
}

function formOf(forms, count) {
  return forms[`=${count}`] ?? forms[formats.plural(count)] ?? forms.other;
}

/** How values are written: numbers as the language writes them, words with or without their article. */
function formatsOf(code) {
  const number = new Intl.NumberFormat(code, { maximumFractionDigits: 1 });
  const tenths = new Intl.NumberFormat(code, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(code, { style: "percent" });
  const precise = new Intl.NumberFormat(code, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const rules = new Intl.PluralRules(code);
  const article = (word) => language.articles[language.words[word]?.[1]] ?? "";
  const phrase = (word) => article(word) + noun(word);
  return {
    text: String,
    number: (value) => number.format(value),
    seconds: (milliseconds) => tenths.format(milliseconds / 1000),
    percent: (value) => percent.format(value / 100),
    precise: (value) => precise.format(value / 100),
    plural: (count) => rules.select(count),
    noun,
    a: phrase,
    A: (word) => capital(phrase(word), code),
    article: (word) => article(word).trim(),
  };
}

function capital(text, code) {
  return text.charAt(0).toLocaleUpperCase(code) + text.slice(1);
}
