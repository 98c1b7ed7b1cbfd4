// The connection to the server: one WebSocket that reconnects by itself, with a token for the same seat.

import { asked } from "./links.js";
import { keepKey, key } from "./me.js";
import { forget, recall, remember } from "./store.js";

const SEAT = "doodle-race-token"; // where the token is stored
const SCREEN = "doodle-race-watch-token"; // and a big screen's, which is nobody's seat
const FIRST_WAIT = 250;
const LONGEST_WAIT = 4000;
const TRIES_UNTIL_GONE = 7; // about ten seconds: until then one draws on
const HANDSHAKE = 10_000; // ms until a connection that does not come about is given up
const TRIES_UNTIL_BLOCKED = 3; // that never came about: something on the way may forbid WebSockets
const PING_EVERY = 5000;
const SILENCE = 12000;

/**
 * Emits `message` (detail: the message), `lost` and `gone` (detail: `blocked`, whether no connection ever came about),
 * and `replaced`.
 */
export class Connection extends EventTarget {
  /** @type {WebSocket | null} */
  #socket = null;
  #tries = 0;
  #retry = 0;
  #handshake = 0;
  #opened = false; // once, on this page
  #heard = 0;
  #asked = 0;
  /** @type {"welcome" | "state" | null} what is still to come of the answer to `hello` */
  #awaits = null;
  #greeted = 0;
  #over = false;
  /** @type {string | null} who this page is; another tab may have stored another since */
  #token = null;
  #place = asked()?.[0] === "watch" ? SCREEN : SEAT;
  #wish = null; // a message for when the line is up again
  /** @type {object | null} what of the player's name, colour and badge is still to be told */
  #profile = null;

  constructor() {
    super();
    setInterval(() => this.#listen(), PING_EVERY);
    addEventListener("online", () => this.#over || this.connect());
    document.addEventListener("visibilitychange", () => document.hidden || this.#listen());
  }

  get open() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Whether a `hello` is unanswered: nobody knows whether its answer tells of what is sent now. */
  get asking() {
    return this.#awaits !== null;
  }

  /** Connect now, whatever wait was left. */
  connect() {
    clearTimeout(this.#retry);
    if (this.open || this.#socket?.readyState === WebSocket.CONNECTING) return;
    this.#over = false;
    const socket = new WebSocket(address());
    this.#socket = socket;
    clearTimeout(this.#handshake);
    this.#handshake = setTimeout(() => socket === this.#socket && this.#hangUp(), HANDSHAKE);
    socket.onopen = () => {
      clearTimeout(this.#handshake);
      this.#opened = true;
      this.#heard = this.#asked = performance.now();
      this.#greet();
    };
    socket.onmessage = (event) => this.#hear(JSON.parse(event.data));
    socket.onclose = () => socket === this.#socket && this.#lose();
  }

  /**
   * Ask for the whole state: of the game that the token knows, or of none. An answer on its way tells it already; a pong
   * before it says that the question was dropped.
   */
  hello() {
    if (this.asking) this.#ping();
    else this.#greet();
  }

  /** Send a message; false when the line is down and it was not sent. A `profile` is then sent as soon as it is up. */
  send(message) {
    if (message.type === "profile") this.#profile = { ...this.#profile, ...message };
    if (!this.open) return false;
    this.#socket?.send(JSON.stringify(message.type === "profile" ? this.#profile : message));
    if (message.type === "profile") this.#profile = null;
    return true;
  }

  /** Send a message now, or as soon as the line is up. */
  ask(message) {
    if (this.send(message)) return;
    this.#wish = message;
    this.connect();
  }

  /** A watcher has a seat now: keep the token where the page finds it when it is loaded again. */
  seated() {
    if (this.#place === SEAT || this.#token === null) return;
    if (recall(this.#place) === this.#token) forget(this.#place);
    this.#place = SEAT;
    remember(SEAT, this.#token);
  }

  #greet() {
    this.#greeted = performance.now();
    const stored = recall(this.#place);
    const token = stored && (this.#token ?? stored); // nobody, after one's data were deleted
    this.#awaits = this.send({ type: "hello", token, key: key() }) ? "welcome" : null;
  }

  #ping() {
    this.#asked = performance.now();
    this.send({ type: "ping", sent: this.#asked });
  }

  #hear(message) {
    this.#heard = performance.now();
    this.#await(message);
    if (message.type === "probe") this.send({ type: "echo", number: message.number });
    if (message.type === "welcome") {
      this.#tries = 0;
      this.#token = message.token;
      remember(this.#place, message.token);
      keepKey(message.key);
      if (this.#profile) this.send(this.#profile); // first: what is wished for may be stored under the name
      if (this.#wish) this.send(this.#wish);
      this.#wish = null;
    }
    if (message.type === "problem" && message.code === "replaced") {
      this.#over = true; // answering would take the game away from the other tab again
      this.#token = null; // who asks for it back asks for the newest
      this.dispatchEvent(new Event("replaced"));
    }
    this.dispatchEvent(new CustomEvent("message", { detail: message }));
  }

  /** A room on another server may tell a change between `welcome` and its answer. */
  #await({ type, sent, answers }) {
    if (type === "welcome") this.#awaits = "state";
    else if (this.#awaits === "state" && (type === "state" || answers)) this.#awaits = null;
    else if (this.#awaits === "welcome" && type === "pong" && sent > this.#greeted) this.#greet();
  }

  #lose() {
    clearTimeout(this.#handshake);
    if (this.#over) return;
    this.#tries += 1;
    const wait = Math.min(FIRST_WAIT * 2 ** (this.#tries - 1), LONGEST_WAIT);
    this.#retry = setTimeout(() => this.connect(), wait * (0.75 + Math.random() / 2));
    const blocked = !this.#opened && this.#tries >= TRIES_UNTIL_BLOCKED;
    const type = this.#tries >= TRIES_UNTIL_GONE ? "gone" : "lost";
    this.dispatchEvent(new CustomEvent(type, { detail: { blocked } }));
  }

  #listen() {
    if (!this.open) return;
    if (this.#heard >= this.#asked) this.#ping();
    else if (performance.now() - this.#asked > SILENCE) this.#hangUp();
  }

  /** A half-open connection may take minutes to close by itself: do not wait for it. */
  #hangUp() {
    if (this.#socket) this.#socket.onclose = null;
    this.#socket?.close();
    this.#socket = null;
    this.#lose();
  }
}

function address() {
  const url = new URL("race", document.baseURI);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url;
}
