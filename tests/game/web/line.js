// A page that draws over a line with a delay, and a server at its other end: `node line.js FOLDER < STEPS`, where FOLDER
// is the page's `js`. Steps are `[name, ...arguments]` of `STEPS`. Prints the points (their x) of each stroke that the
// page and the server have, and how many messages of each type the page has sent.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const Y = 100;
const there = []; // on the way to the server
const back = []; // on the way to the page
let refused = 0; // of the next messages, which the server drops
const strokes = []; // the server's
let kept = 0; // of these, which were guessed and stay
const sent = {};

/** @type {any} the page's globals, of which it gets what it needs */
const globals = globalThis;
globals.location = { href: "http://pad/" };
globals.document = Object.assign(new EventTarget(), { baseURI: location.href, hidden: false });
globals.addEventListener = () => {};
globals.WebSocket = class {
  static CONNECTING = 0;
  static OPEN = 1;
  readyState = 0;
  send(text) {
    const message = JSON.parse(text);
    sent[message.type] = (sent[message.type] ?? 0) + 1;
    there.push(message);
  }
  close() {
    this.readyState = 3;
  }
};

const load = (name) => import(new URL(name, pathToFileURL(`${process.argv[2]}/`)).href);
const { Connection } = await load("connection.js");
const { Ink } = await load("ink.js");
const { InkSender } = await load("ink_sender.js");
const { RoundInk } = await load("round_ink.js");

let socket;
const Native = WebSocket;
globals.WebSocket = class extends Native {
  constructor(address) {
    super(address);
    socket = this;
  }
};
const connection = new Connection();
const ink = new Ink();
const inkSender = new InkSender(connection, ink);
const sheet = new RoundInk({ connection, ink, inkSender, notes: { slip() {}, drop() {} } });
let answers = false;
connection.addEventListener("message", ({ detail }) => {
  if (detail.type === "problem") connection.hello(); // as ErrorDialogs does
  if (detail.type === "welcome") answers = true;
  if (!("strokes" in detail)) return;
  const answer = answers && (detail.type === "state" || detail.answers); // as Router tells them apart
  sheet.again(detail, answer);
  if (answer) answers = false;
});

const SERVED = {
  hello: () => back.push({ type: "welcome", token: "", key: "" }, { type: "state", strokes: structuredClone(strokes) }),
  ping: ({ sent }) => back.push({ type: "pong", sent }),
  undo: () => strokes.length > kept && strokes.pop(),
  clear: () => strokes.splice(kept > 0 ? strokes.length : 0),
  ink: ({ stroke, points }) => {
    if (stroke === strokes.length) strokes.push([[], [], []]);
    if (stroke !== strokes.length - 1) return void back.push({ type: "problem", code: "out_of_place" });
    for (const point of points) for (const [axis, value] of point.entries()) strokes[stroke][axis].push(value);
  },
};

const STEPS = {
  /** Draw a line through these points, or go on with the one that is being drawn. */
  draw: (...xs) => {
    for (const x of xs) {
      if (ink.drawing) ink.move(x, Y);
      else ink.down(x, Y);
      inkSender.flush();
    }
  },
  lift: () => ink.up(),
  undo: () => inkSender.undo(),
  clear: () => inkSender.clear(),
  connect: () => {
    connection.connect();
    socket.readyState = WebSocket.OPEN;
    socket.onopen();
  },
  /** The line is lost, with all that is on its way. */
  cut: () => {
    there.length = back.length = 0;
    socket.readyState = 3;
    socket.onclose();
  },
  /** The server keeps what it has: it was guessed. */
  keep: () => (kept = strokes.length),
  /** The server loses its last stroke. */
  forget: () => strokes.pop(),
  /** A room on another server tells a change before it has the last point, then answers the page's `hello`. */
  hello: () => {
    STEPS.arrive();
    const before = structuredClone(strokes);
    for (const axis of before.at(-1)) axis.pop();
    back.splice(-1, 1, { type: "race", strokes: before }, { type: "race", strokes, answers: true });
  },
  /** The server drops the next messages that it gets. */
  refuse: (count) => (refused = count),
  /** The server gets what is on its way. */
  arrive: () => {
    for (const message of there.splice(0)) {
      if (refused > 0) {
        refused -= 1;
        back.push({ type: "problem", code: "too_fast" });
      } else SERVED[message.type](message);
    }
  },
  /** The page gets what is on its way, or the first `count` messages. */
  answer: (count = back.length) => {
    for (const message of back.splice(0, count)) socket.onmessage({ data: JSON.stringify(message) });
  },
};

for (const name of ["connect", "arrive", "answer"]) STEPS[name]();
sheet.begin({ round: 1, strokes: [] });
for (const [name, ...args] of JSON.parse(readFileSync(0, "utf8"))) STEPS[name](...args);
const page = ink.strokes.map(({ x }) => x);
console.log(JSON.stringify({ page, server: strokes.map(([x]) => x), sent }));
process.exit();
