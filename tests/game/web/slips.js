// What the page's slip says: `node slips.js FOLDER < STEPS`, where FOLDER is the page's `js`. Steps are
// `[name, ...arguments]` of `STEPS`; texts are their own keys. Prints what the slip says after each step, null for none.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { anything } from "./anything.js";

const timers = new Map();
let now = 0;
Object.assign(globalThis, {
  location: { href: "http://pad/" },
  document: new Proxy(
    { baseURI: "http://pad/", documentElement: { lang: "en", setAttribute() {} } },
    { get: (own, name) => own[name] ?? anything() },
  ),
  matchMedia: anything,
  fetch: async () => ({ ok: true, json: async () => ({ texts: TEXTS, words: {}, articles: {} }) }),
  setTimeout: (act, milliseconds) => {
    const id = timers.size + 1; // 0 is none
    timers.set(id, { act, at: now + milliseconds });
    return id;
  },
  clearTimeout: (id) => timers.set(id, { act: null, at: 0 }),
  cancelAnimationFrame() {},
  requestAnimationFrame() {},
});
Object.defineProperty(globalThis, "navigator", { value: { clipboard: { writeText: async () => {} } } });
const KEYS = ["share.copied", "problems.too_few", "problems.waiting", "problems.goes_on", "lost", "full"];
const TEXTS = {};
for (const key of [...KEYS, "saving.saving", "saving.saved", "badge.used"]) {
  const [first, second] = key.split(".");
  if (second) TEXTS[first] = { ...TEXTS[first], [second]: key };
  else TEXTS[first] = key;
}

const load = (name) => import(new URL(name, pathToFileURL(`${process.argv[2]}/`)).href);
const { ErrorDialogs } = await load("error_dialogs.js");
const { Notes } = await load("notes.js");
const { Router } = await load("router.js");
const { Share } = await load("share.js");
const { begin } = await load("strings.js");
await begin();

const note = { textContent: "", hidden: true };
const notes = new Notes({ note, face: anything(), behind: [], stop: {} });
const connection = new EventTarget();
const page = new Proxy({ connection, notes }, { get: (parts, name) => parts[name] ?? anything() });
const errors = new ErrorDialogs(page, () => {});
new Router(page, { game: anything(), race: anything(), errors, arrive() {} });
const share = new Share(notes);

const STEPS = {
  hear: (message) => connection.dispatchEvent(new CustomEvent("message", { detail: message })),
  welcome: (resumed) => STEPS.hear({ type: "welcome", resumed, words: [], thresholds: {}, models: [] }),
  saving: (state) => STEPS.hear({ type: "saving", state }),
  problem: (code) => STEPS.hear({ type: "problem", code }),
  race: () => errors.goesOn(),
  lose: () => errors.lost(true, false),
  copy: () => share.copy("room", "ABCD"),
  /** Let so many ms pass. */
  wait: (milliseconds) => {
    now += milliseconds;
    for (const timer of timers.values()) {
      if (timer.at > now) continue;
      timer.act?.();
      timer.act = null;
    }
  },
};

const said = [];
for (const [name, ...args] of JSON.parse(readFileSync(0, "utf8"))) {
  await STEPS[name](...args);
  said.push(note.hidden ? null : note.textContent);
}
console.log(JSON.stringify(said));
process.exit();
