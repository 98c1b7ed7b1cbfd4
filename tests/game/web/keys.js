// Keys without a browser: `node keys.js FOLDER < STEPS`, where FOLDER is the page's `js`. Steps are `[place, key]`: a
// keydown on the `page` or in the `badge` sheet, on which two lines are drawn before. Prints what the page was told to
// do, and how many lines the badge had after each of its keys.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** Anything of the page: it has every property and method, and they do nothing. */
function thing() {
  const target = Object.assign(new EventTarget(), { clientWidth: 100 });
  return new Proxy(target, {
    get(_, name) {
      const own = Reflect.get(target, name);
      if (own !== undefined) return typeof own === "function" ? own.bind(target) : own;
      return ["classList", "style", "canvas"].includes(String(name)) ? thing() : thing;
    },
  });
}

const windows = new EventTarget();
const observer = class {
  observe() {}
};
const addEventListener = (kind, act) => windows.addEventListener(kind, act);
Object.assign(globalThis, {
  addEventListener,
  window: windows,
  visualViewport: null,
  devicePixelRatio: 1,
  ResizeObserver: observer,
  MutationObserver: observer,
  getComputedStyle: () => ({ color: "" }),
  Element: class {},
  HTMLInputElement: class {},
  location: { href: "http://pad/" },
});
const page = {
  baseURI: location.href,
  body: null,
  documentElement: null,
  activeElement: null,
  querySelector: () => null,
  createElement: thing,
  createElementNS: thing,
};
Object.assign(globalThis, { document: Object.assign(new EventTarget(), page) });

const load = (name) => import(new URL(name, pathToFileURL(`${process.argv[2]}/`)).href);
const { listen } = await load("keys.js");
const { Ink } = await load("ink.js");
const { BadgeSheet } = await load("badge_sheet.js");

const acts = [];
const badge = [];
const act = (name) => acts.push(name);
listen({ root: thing(), canvas: null, nib: thing(), ink: new Ink() }, { may: () => true, act });
const parts = Object.fromEntries(
  ["dialog", "pad", "hint", "preview", "undo", "clear", "done", "cancel"].map((name) => [name, thing()]),
);
const { undo } = Ink.prototype;
let sheet;
Ink.prototype.undo = function () {
  sheet = this; // the sheet's own ink, found when it is first used
  return undo.call(this);
};
new BadgeSheet({ ...parts, places: [] }, { connection: { send() {} }, notes: {} });
parts.undo.dispatchEvent(new Event("click"));
for (const x of [10, 20]) {
  sheet.down(x, 10);
  sheet.up();
}

for (const [place, key] of JSON.parse(readFileSync(0, "utf8"))) {
  const event = Object.assign(new Event("keydown"), key);
  (place === "page" ? windows : parts.dialog).dispatchEvent(event);
  if (place === "badge") badge.push(sheet.strokes.length);
}
console.log(JSON.stringify({ acts, badge }));
process.exit();
