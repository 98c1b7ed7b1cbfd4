// A page at `?watch=ABCD` whose seat changes: `node seat.js FOLDER < STEPS`, where FOLDER is the page's `js`. Steps are
// `[seat]`, null while it watches. Prints for each the address, and the token with which the page says hello when it is
// loaded again, as does one that is opened at the other address.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { anything } from "./anything.js";

const stored = new Map([["doodle-race-token", "of another tab"]]);
let socket;
let loads = 0;
Object.assign(globalThis, {
  addEventListener() {},
  setInterval() {},
  location: { href: "http://pad/?watch=ABCD" },
  history: {
    state: null,
    replaceState: (_state, _title, url) => (location.href = String(url)),
  },
  localStorage: {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => stored.set(key, value),
    removeItem: (key) => stored.delete(key),
  },
});
const address = { baseURI: "http://pad/" };
const Socket = class {
  static OPEN = 1;
  static CONNECTING = 0;
  readyState = 1;
  sent = [];
  constructor() {
    socket = this;
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
};
Object.assign(globalThis, { document: Object.assign(new EventTarget(), address), WebSocket: Socket });

const load = (name) => import(new URL(name, pathToFileURL(`${process.argv[2]}/`)).href);

/** Load the page at an address; the connection, and the token of its hello. */
async function opened(href) {
  location.href = href;
  loads += 1;
  const { Connection } = await load(`connection.js?${loads}`);
  const connection = new Connection();
  connection.connect();
  socket.onopen();
  return { connection, token: socket.sent[0].token };
}

const { RaceView } = await load("race_view.js");
const { connection } = await opened(location.href);
socket.onmessage({ data: JSON.stringify({ type: "welcome", token: "own", key: "" }) });
const known = { connection, root: { dataset: {} }, parts: anything() };
const race = new RaceView(new Proxy(known, { get: (parts, name) => parts[name] ?? anything() }));

const told = [];
for (const [you] of JSON.parse(readFileSync(0, "utf8"))) {
  const seats = [{ seat: 0 }, { seat: 1 }];
  race.take({ stage: "lobby", kind: "room", code: "ABCD", you, seats, podium: [], settings: { seats: 8 } }, false);
  const { href } = location;
  const other = href.includes("watch") ? "http://pad/" : "http://pad/?watch=ABCD";
  told.push([href, (await opened(href)).token, (await opened(other)).token]);
  location.href = href;
}
console.log(JSON.stringify(told));
process.exit();
