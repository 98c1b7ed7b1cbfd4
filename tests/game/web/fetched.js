// Links to a challenge and to a replay whose server answers badly: `node fetched.js FOLDER < STEPS`, where FOLDER is the
// page's `js`. Steps are `[kind, statuses]`: what the link names, and the server's answers one after another, null for
// none; each card is answered with its first button until there are no more. Prints for each step the cards shown, the
// pages opened, and the query of the address then.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { anything } from "./anything.js";

Object.assign(globalThis, {
  location: { href: "http://pad/" },
  history: { replaceState: (_state, _title, url) => (location.href = String(url)) },
  document: new Proxy({ baseURI: "http://pad/" }, { get: (own, name) => own[name] ?? anything() }),
  matchMedia: () => ({ matches: true }),
  cancelAnimationFrame() {},
});

const load = (name) => import(new URL(name, pathToFileURL(`${process.argv[2]}/`)).href);
const { ChallengePage } = await load("challenge.js");
const { ErrorDialogs } = await load("error_dialogs.js");
const { Replays } = await load("replays.js");

const INFO = {
  strokes: [],
  frames: [],
  milliseconds: 0,
  outcome: "guessed",
  best: 1,
  word: "cat",
  points: 1,
  colour: 0,
};
let answers = [];
Object.assign(globalThis, {
  fetch: async () => {
    const status = answers.shift();
    if (status === null) throw new TypeError("no network");
    return { status, ok: status === 200, json: async () => INFO };
  },
});

let cards = [];
let opened = [];
const notes = {
  clear() {},
  card: (kind, yes) => {
    cards.push(kind);
    if (answers.length) yes();
  },
};
const screens = { own: null, open: (name) => opened.push(name), close() {} };
const own = { notes, screens, routes: { acts: anything(), join() {} } };
const page = new Proxy(own, { get: (parts, name) => parts[name] ?? anything() });
own.errors = new ErrorDialogs(page, () => {});
const replays = new Replays(anything(), { page, face: anything() });
const challenge = new ChallengePage(anything(), screens, {
  accept() {},
  gone: () => page.errors.hear("unknown"),
  unanswered: (again) => page.errors.unanswered(again),
});

const said = [];
for (const [kind, statuses] of JSON.parse(readFileSync(0, "utf8"))) {
  location.href = `http://pad/?${kind}=abc`;
  [cards, opened, answers] = [[], [], statuses];
  (kind === "replay" ? replays : challenge).open("abc");
  await new Promise((done) => setTimeout(done, 20));
  said.push([cards, opened, new URL(location.href).search]);
}
console.log(JSON.stringify(said));
process.exit();
