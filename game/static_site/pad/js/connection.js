// The connection to the game, which here runs in the page itself: there is no server, so nothing can be lost.

import { address } from "./api.js";
import { album } from "./local/album.js";
import { Hub } from "./local/hub.js";
import { Judge } from "./local/judge.js";
import { Loading } from "./local/loading.js";
import { keepOffline } from "./local/updates.js";
import { prefer } from "./strings.js";

prefer("alone"); // texts for a page without a server

/** Emits `message` (detail: the message), and `gone` when the guesser cannot be fetched. */
export class Connection extends EventTarget {
  asking = false; // `hello` is answered before anything else is sent
  /** @type {Hub | null} */
  #hub = null;
  /** @type {{ close(): void } | null} */
  #judge = null;
  #wish = null; // a message for when the hub stands

  get open() {
    return this.#hub !== null;
  }

  /** Build the hub and wake the judge, unless they are there or on their way. */
  async connect() {
    if (this.#judge) return;
    const loading = new Loading();
    this.#judge = { close() {} };
    try {
      const [site, hands] = await Promise.all([json("site.json"), json("hands.json")]);
      album.hands = hands;
      const judge = new Judge(site, (loaded, total) => loading.show(loaded, total));
      this.#judge = judge;
      this.#open(new Hub({ site, judge, album, say: (message) => this.#hear(message) }));
      await judge.ready;
      keepOffline(address("service-worker.js"));
    } catch (error) {
      this.#fail(error);
    }
    loading.end();
  }

  hello() {
    this.send({ type: "hello" });
  }

  /** Send a message; false while there is no hub. */
  send(message) {
    const hub = this.#hub;
    if (hub) queueMicrotask(() => hub.receive(message)); // never while the page is still at what it does
    return hub !== null;
  }

  /** Send a message now, or as soon as there is a hub. */
  ask(message) {
    if (!this.send(message)) this.#wish = message;
  }

  /** There is no token to keep. */
  seated() {}

  #open(hub) {
    this.#hub = hub;
    this.hello();
    if (this.#wish) this.send(this.#wish);
    this.#wish = null;
  }

  #fail(error) {
    console.warn("the guesser could not be fetched:", error);
    this.#judge?.close();
    this.#judge = this.#hub = null;
    this.dispatchEvent(new Event("gone"));
  }

  #hear(message) {
    this.dispatchEvent(new CustomEvent("message", { detail: message }));
  }
}

async function json(path) {
  const answer = await fetch(address(path));
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}
