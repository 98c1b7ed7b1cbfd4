// A race whose host lets players finish their drawings: `node guessed.js FOLDER < STEPS`, where FOLDER is the page's
// `js`. Steps are `[name, ...arguments]` of `STEPS`. Prints the strokes left on the page (their x), the types of the
// messages that it has sent, and the strokes that a server would have.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { anything } from "./anything.js";

const FRAME = 16; // ms
let now = 10_000;
Object.assign(globalThis, {
  location: { href: "http://pad/" },
  history: { replaceState() {} },
  document: anything(),
  matchMedia: anything,
  addEventListener() {},
  Element: class {},
});
globalThis.performance.now = () => now;

const load = (name) => import(new URL(name, pathToFileURL(`${process.argv[2]}/`)).href);
const { ErrorDialogs } = await load("error_dialogs.js");
const { Ink } = await load("ink.js");
const { InkSender } = await load("ink_sender.js");
const { listenToPen } = await load("main.js");
const { RaceView } = await load("race_view.js");
const { RoundInk } = await load("round_ink.js");
const { Router } = await load("router.js");

const server = []; // its strokes
let won = 0; // of these, which stay
const sent = [];
let asked = false; // a hello is to be answered
const SERVED = {
  hello: () => (asked = true),
  undo: () => (server.length > won ? void server.pop() : say({ type: "problem", code: "too_late" })),
  ink: ({ stroke, points }) => {
    server[stroke] ??= [];
    server.at(-1).push(...points.map(([x]) => x));
  },
};
const connection = Object.assign(new EventTarget(), {
  asking: false,
  hello: () => connection.send({ type: "hello" }),
  send: (message) => {
    sent.push(message);
    return true;
  },
  seated() {},
});
const canvas = Object.assign(new EventTarget(), {
  getBoundingClientRect: () => ({ left: 0, top: 0, width: 256, height: 256 }),
  focus() {},
  setPointerCapture() {},
});
const ink = new Ink();
const inkSender = new InkSender(connection, ink);
const notes = { kind: null, slip() {}, drop() {}, clear() {} };
const known = { connection, ink, inkSender, notes, root: anything(), screens: { own: null, serve() {} } };
const parts = new Proxy({ canvas }, { get: (own, name) => own[name] ?? anything() });
const sheet = new RoundInk(known);
const page = new Proxy({ ...known, sheet, parts }, { get: (own, name) => own[name] ?? anything() });
const race = new RaceView(page);
const errors = new ErrorDialogs(page, () => {});
const router = new Router(page, { game: anything(), race, errors, arrive: () => {} });
listenToPen(page, router);

function say(message) {
  connection.dispatchEvent(new CustomEvent("message", { detail: message }));
}

function tell(milliseconds, special = {}) {
  const strokes = server.map((xs) => [xs, xs.map(() => 100), xs.map(() => 0)]);
  const own = { seat: 0, joins: false, milliseconds };
  const settings = { finish: true, live: false, seats: 8 };
  const round = { stage: "drawing", round: 1, number: 1, rounds: 3, word: "cat", strokes };
  say({ type: "race", kind: "quick", code: null, you: 0, seats: [own], podium: [], settings, ...round, ...special });
}

function happen(type, special) {
  now += FRAME;
  const usual = { pointerId: 1, pointerType: "mouse", button: 0, buttons: 1, isPrimary: true, pressure: 0.5 };
  const event = new Event(type, { cancelable: true });
  const properties = { ...usual, clientY: 100, timeStamp: now, ...special };
  for (const [name, value] of Object.entries(properties)) Object.defineProperty(event, name, { value });
  canvas.dispatchEvent(event);
}

const STEPS = {
  /** Draw a line through these points, with a pointer of this kind; it is lifted. */
  line: (kind, ...xs) => {
    STEPS.begin(kind, ...xs);
    happen("pointerup", { clientX: xs.at(-1), pointerType: kind, buttons: 0 });
  },
  /** Such a line, which goes on. */
  begin: (kind, ...xs) => {
    xs.forEach((clientX, i) => {
      happen(i ? "pointermove" : "pointerdown", { clientX, pointerType: kind });
    });
    inkSender.flush();
  },
  erase: () => happen("pointerdown", { clientX: 9, pointerType: "pen", button: 5, buttons: 32 }),
  /** A second finger comes down. */
  pinch: () => happen("pointerdown", { clientX: 200, pointerType: "touch", pointerId: 2, isPrimary: false }),
  undo: () => router.act("undo"),
  /** The sheet is full. */
  full: () => sheet.fill(),
  /** The server has guessed what it has, and the page hears so. */
  guessed: () => {
    won = server.length;
    tell(2_000);
  },
  /** The server gets what was sent, and answers. */
  arrive: () => {
    for (const message of sent.splice(0)) {
      told.push(message.type);
      SERVED[message.type]?.(message);
    }
    if (!asked) return;
    asked = false;
    say({ type: "welcome", resumed: true, words: [], thresholds: {}, models: [] });
    tell(won ? 2_000 : null, { answers: true });
  },
  /** The server guesses what it has, of which the page hears with the next answer. */
  won: () => (won = server.length),
  hear: () => tell(2_000),
};

const told = [];
tell(null);
for (const [name, ...args] of JSON.parse(readFileSync(0, "utf8"))) STEPS[name](...args);
for (let i = 0; i < 3; i += 1) STEPS.arrive();
console.log(JSON.stringify({ page: ink.strokes.map(({ x }) => x), server, sent: told }));
process.exit();
