// A game from its start until the player leaves it. It tells the page of every change, in time.

import { RULES } from "../rules.js";
import { PadJudging } from "./pad_judging.js";

export class Session {
  services;
  game; // `Game` or `Race`
  padJudging;
  #told = 0; // `changes` of the game as last told
  /** @type {ReturnType<typeof setTimeout> | number | null} null once the game was left */
  #timer = 0;

  /** `services`: site, judge, album, now, person, say. */
  constructor(services, game) {
    this.services = services;
    this.game = game;
    this.padJudging = new PadJudging(services, this);
  }

  /**
   * The state of the game as a message: everything that the page shows.
   * @param {number} _now
   * @returns {object}
   */
  state(_now) {
    throw new Error("a subclass says");
  }

  /** Tell what comes before the state; a subclass may have something to tell. */
  news() {}

  /** @returns {import("./attempt.js").Attempt | null} the pad of the running round */
  get attempt() {
    return null;
  }

  get here() {
    return this.#timer !== null;
  }

  leave() {
    this.padJudging.close();
    clearTimeout(this.#timer ?? 0);
    this.#timer = null;
  }

  say(message) {
    if (this.here) this.services.say(message);
  }

  /** Tell the whole state, and what was guessed last. */
  tell() {
    this.game.advance(this.services.now());
    if (this.game.changes === this.#told) this.#tellAll();
    else this.follow();
  }

  /** Tell the player when the game has moved on, and set the timer to its next move. */
  follow() {
    const { changes, deadline } = this.game;
    if (changes === this.#told || !this.here) return;
    this.#told = changes;
    this.news();
    this.#tellAll();
    clearTimeout(this.#timer ?? 0);
    if (deadline !== null) this.#timer = setTimeout(() => this.#tick(), deadline - this.services.now() + RULES.slack);
  }

  /** How long until the stage ends by itself, in ms; null when it does not. */
  left(now) {
    const { deadline } = this.game;
    return deadline === null ? null : Math.max(deadline - now, 0);
  }

  #tellAll() {
    this.say(this.state(this.services.now()));
    const { stage } = this.game;
    if (stage === "drawing" && this.attempt?.guesses.length) this.say(this.attempt.message());
  }

  #tick() {
    this.game.advance(this.services.now());
    this.follow();
  }
}
