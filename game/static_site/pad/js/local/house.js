// What the server would answer, from within the page: games alone and races against ghosts. `game/rooms/hub.py` again.

import { name, person } from "../me.js";
import { Heat } from "./heat.js";
import { problem } from "./refusals.js";
import { Solo } from "./solo.js";

const NAMELESS = "Artist";
const ON_PAD = ["ink", "undo", "clear", "skip"];
const HOME = { type: "state", stage: "home", mode: null, round: 0, results: [], strokes: [], points: 0 };
const REFUSED = { join: "unknown_room", challenge: "unknown" }; // what an address may ask for, and is not here

export class House {
  #venue;
  #place = null;
  #known = false; // the page has said hello before
  #wish = 0; // counts what was asked for; only the latest begins

  /** `say(message)` tells the page. */
  constructor({ site, judge, album, say }) {
    const who = () => ({ name: name().trim() || NAMELESS, colour: person().colour ?? 0 });
    this.#venue = { site, judge, album, say, person: who, now: () => performance.now() };
  }

  receive(message) {
    const { type } = message;
    if (type === "hello") this.#welcome();
    else if (type === "start") this.#begin(() => new Solo(this.#venue, message.mode));
    else if (type === "ghost") this.#race(message);
    else if (type === "leave") this.#goHome();
    else if (ON_PAD.includes(type)) this.#place?.receive(message);
    else if (type in REFUSED) this.#venue.say(problem(REFUSED[type]));
  }

  #welcome() {
    const { site, say } = this.#venue;
    const { words, threshold } = site;
    say({ type: "welcome", token: "", key: "", resumed: this.#known, words, threshold, models: [] });
    this.#known = true;
    if (this.#place) this.#place.tell();
    else say(HOME);
  }

  #race(message) {
    const { album, site, say } = this.#venue;
    const replays = album.ghost(message, site.words);
    if (replays) this.#begin(() => new Heat(this.#venue, replays));
    else say(problem("unknown"));
  }

  /** Begin a game as soon as the judge is there, unless something else was asked for meanwhile. */
  async #begin(make) {
    const wish = (this.#wish += 1);
    const awake = await this.#venue.judge.ready.then(() => true, () => false);
    if (!awake || wish !== this.#wish) return;
    this.#place?.leave();
    this.#place = make();
  }

  #goHome() {
    this.#wish += 1;
    this.#place?.leave();
    this.#place = null;
    this.#venue.say(HOME);
  }
}
