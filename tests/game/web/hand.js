// A hand that draws a line on the page while a server guesses: `node hand.js FOLDER DELAY GUESS`, where FOLDER is the
// page's `js`, DELAY the ms after which the server answers each message, or `never`, and GUESS the answer, but for its
// number of points. Time is made up. Prints the times (ms) of the messages with ink and the number of points in each, and
// how long the points have waited to be sent.

import { pathToFileURL } from "node:url";

const FRAME = 16; // ms from a point to the next
const POINTS = 100;
const [folder, delay, guess] = process.argv.slice(2);
let now = 10_000;
let timers = []; // [when, what to do, its number]
let made = 0;

/** @type {any} the page's globals, of which it gets what it needs */
const globals = globalThis;
globals.performance.now = () => now;
globals.setTimeout = (what, wait) => {
  made += 1;
  timers.push([now + wait, what, made]);
  return made;
};
globals.clearTimeout = (number) => {
  timers = timers.filter((timer) => timer[2] !== number);
};

const load = (name) => import(new URL(name, pathToFileURL(`${folder}/`)).href);
const { Ink } = await load("ink.js");
const { InkSender } = await load("ink_sender.js");

const messages = [];
const drawn = []; // when each point was drawn
const waits = [];
const connection = Object.assign(new EventTarget(), {
  asking: false,
  send: ({ points }) => {
    messages.push([now - 10_000, points.length]);
    for (const at of drawn.splice(0, points.length)) waits.push(now - at);
    const known = waits.length;
    if (delay !== "never") setTimeout(() => answer(known), Number(delay));
    return true;
  },
});
const ink = new Ink();
const sender = new InkSender(connection, ink);

function answer(points) {
  const detail = { ...JSON.parse(guess), points };
  connection.dispatchEvent(new CustomEvent("message", { detail }));
}

/** Let time go on until `end`, and do what is due meanwhile. */
async function until(end) {
  for (;;) {
    await Promise.resolve(); // messages are sent at the end of a task
    const due = timers.filter(([when]) => when <= end).sort(([a], [b]) => a - b)[0];
    if (!due) break;
    timers.splice(timers.indexOf(due), 1);
    now = due[0];
    due[1]();
  }
  now = end;
}

ink.begin();
sender.begin(JSON.parse(guess).round);
for (let i = 0; i < POINTS; i += 1) {
  drawn.push(now);
  if (i) ink.move(i, i);
  else ink.down(i, i);
  await until(now + FRAME);
}
await until(now + 1_000);
console.log(JSON.stringify({ messages, waits }));
