// The pad without a browser: `node pad.js FOLDER < STEPS`, where FOLDER is the page's `js`. Steps are
// `[name, ...arguments]`: an event of the canvas with what is special about it, or one of `STEPS`. Prints the strokes,
// as `[x, y]` of their points, and whether the keyboard's marker is shown as down.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const FRAME = 16; // ms
const windows = new EventTarget();
const classes = new Set();
const frames = [];
let now = 10_000;

/** @type {any} the page's globals, of which it gets what it needs */
const globals = globalThis;
globals.addEventListener = windows.addEventListener.bind(windows);
globals.requestAnimationFrame = (paint) => frames.push(paint);
globals.performance.now = () => now;

const load = (name) => import(new URL(name, pathToFileURL(`${process.argv[2]}/`)).href);
const { Ink } = await load("ink.js");
const { InkSender } = await load("ink_sender.js");
const { Marker } = await load("marker.js");
const { listen } = await load("pointer.js");

const canvas = Object.assign(new EventTarget(), {
  getBoundingClientRect: () => ({ left: 0, top: 0, width: 256, height: 256 }),
  focus() {},
  setPointerCapture() {},
});
globals.document = { activeElement: canvas };
const nib = {
  style: {},
  classList: { toggle: (name, on) => (on ? classes.add(name) : classes.delete(name)) },
};
const ink = new Ink();
ink.begin();
const sender = new InkSender(Object.assign(new EventTarget(), { send: () => true }), ink);
listen(canvas, ink, {
  may: () => true,
  lifted: () => {},
  takeBack: () => sender.takeBack(),
  undo: () => sender.undo(),
});
const marker = new Marker({ canvas, nib, ink }, {});

const STEPS = {
  undo: () => sender.undo(),
  redo: () => sender.redo(),
  clear: () => sender.clear(),
  /** Take other strokes instead of the own ones. */
  replace: (strokes) => ink.replace(strokes),
  /** Press a key for a moment, and let the marker go where it was sent. */
  key: (key) => {
    marker.press({ key, target: canvas, preventDefault() {} });
    windows.dispatchEvent(Object.assign(new Event("keyup"), { key }));
    while (frames.length) {
      now += FRAME;
      for (const paint of frames.splice(0)) paint(now);
    }
  },
  /** Let so many ms pass. */
  wait: (milliseconds) => (now += milliseconds),
};

function happen(type, { x, y, ...special }) {
  now += FRAME;
  const usual = { pointerId: 1, pointerType: "mouse", button: 0, buttons: 1, isPrimary: true, pressure: 0.5 };
  const event = new Event(type, { cancelable: true });
  const properties = { ...usual, clientX: x, clientY: y, timeStamp: now, ...special };
  for (const [name, value] of Object.entries(properties)) Object.defineProperty(event, name, { value });
  canvas.dispatchEvent(event);
}

for (const [name, ...args] of JSON.parse(readFileSync(0, "utf8"))) {
  if (name in STEPS) STEPS[name](...args);
  else happen(name, ...args);
}
const strokes = ink.strokes.map(({ x, y }) => x.map((value, i) => [value, y[i]]));
console.log(JSON.stringify({ strokes, down: classes.has("down") }));
