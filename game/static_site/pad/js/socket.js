// The line to the game, which here is in the page itself: no server, and nothing that could be lost on the way.

import "./local/words.js";
import { address } from "./api.js";
import { album } from "./local/album.js";
import { House } from "./local/house.js";
import { Judge } from "./local/judge.js";
import { Waking } from "./local/waking.js";

/** Emits `message` (detail: the message), and `gone` when the guesser cannot be fetched. */
export class Line extends EventTarget {
  #house = null;
  #judge = null;
  #wish = null; // a message for when the house stands

  get open() {
    return this.#house !== null;
  }

  /** Build the house and wake the judge, unless they are there or on their way. */
  async connect() {
    if (this.#judge) return;
    const waking = new Waking();
    this.#judge = { close() {} };
    try {
      const [site, hands] = await Promise.all([json("site.json"), json("hands.json")]);
      album.hands = hands;
      this.#judge = new Judge(site, (loaded, total) => waking.show(loaded, total));
      this.#open(new House({ site, judge: this.#judge, album, say: (message) => this.#hear(message) }));
      await this.#judge.ready;
      navigator.serviceWorker?.register(address("service-worker.js")).catch(() => {}); // as in some frames
    } catch (error) {
      this.#fail(error);
    }
    waking.end();
  }

  hello() {
    this.send({ type: "hello" });
  }

  /** Send a message; false while there is no house. */
  send(message) {
    const house = this.#house;
    if (house) queueMicrotask(() => house.receive(message)); // never while the page is still at what it does
    return house !== null;
  }

  /** Send a message now, or as soon as there is a house. */
  ask(message) {
    if (!this.send(message)) this.#wish = message;
  }

  #open(house) {
    this.#house = house;
    this.hello();
    if (this.#wish) this.send(this.#wish);
    this.#wish = null;
  }

  #fail(error) {
    console.warn("the guesser could not be fetched:", error);
    this.#judge.close();
    this.#judge = this.#house = null;
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
