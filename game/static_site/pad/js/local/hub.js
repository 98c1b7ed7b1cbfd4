// What the server would answer, from within the page: games alone and races against ghosts. Twin of `game/rooms/hub.py`.

import { badge, name, person } from "../me.js";
import { RaceSession } from "./race_session.js";
import { problem } from "./refusals.js";
import { Solo } from "./solo.js";

const NAMELESS = "Artist";
const ON_PAD = ["ink", "undo", "clear", "skip"];
const HOME = { type: "state", stage: "home", mode: null, round: 0, results: [], strokes: [], points: 0 };
const REFUSED = { join: "unknown_room", challenge: "unknown" }; // what an address may ask for, and is not here

export class Hub {
  #services;
  /** @type {Solo | RaceSession | null} */
  #session = null;
  #known = false; // the page has said hello before
  #wish = 0; // counts what was asked for; only the latest begins

  /** `say(message)` tells the page. */
  constructor({ site, judge, album, say }) {
    const who = () => ({ name: name().trim() || NAMELESS, colour: person().colour ?? 0, badge: badge() || null });
    this.#services = { site, judge, album, say, person: who, now: () => performance.now() };
  }

  receive(message) {
    const { type } = message;
    if (type === "hello") this.#welcome();
    else if (type === "start") this.#begin(() => new Solo(this.#services, message.mode));
    else if (type === "ghost") this.#race(message);
    else if (type === "count_bests") this.#countBests();
    else if (type === "leave") this.#goHome();
    else if (ON_PAD.includes(type)) this.#session?.receive(message);
    else if (type in REFUSED) this.#services.say(problem(REFUSED[type]));
  }

  #welcome() {
    const { site, say } = this.#services;
    const { words, thresholds } = site;
    say({ type: "welcome", token: "", key: "", resumed: this.#known, words, thresholds, models: [] });
    this.#known = true;
    if (this.#session) this.#session.tell();
    else say(HOME);
  }

  #race(message) {
    const { album, site, say } = this.#services;
    const replays = album.ghost(message, site.words);
    if (replays) this.#begin(() => new RaceSession(this.#services, replays));
    else say(problem("unknown"));
  }

  #countBests() {
    const { album, site, say } = this.#services;
    say({ type: "bests", words: album.bests(site.words) });
  }

  /** Begin a game as soon as the judge is there, unless something else was asked for meanwhile. */
  async #begin(make) {
    this.#wish += 1;
    const wish = this.#wish;
    const awake = await this.#services.judge.ready.then(
      () => true,
      () => false,
    );
    if (!awake || wish !== this.#wish) return;
    this.#session?.leave();
    this.#session = make();
  }

  #goHome() {
    this.#wish += 1;
    this.#session?.leave();
    this.#session = null;
    this.#services.say(HOME);
  }
}
