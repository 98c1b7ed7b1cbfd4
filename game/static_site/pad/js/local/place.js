// Where the player is: a game, from its start until it is left. It tells the page of every change, in time.

import { Canvas, SLACK } from "./canvas.js";

/** Subclasses have `state(now)`, the whole of what the page shows, and `news()`, what is told before it. */
export class Place {
  venue;
  game; // `Game` or `Contest`
  canvas;
  #told = 0; // `changes` of the game as last told
  #timer = 0; // null once the place was left

  /** `venue`: site, judge, album, now, person, say. */
  constructor(venue, game) {
    this.venue = venue;
    this.game = game;
    this.canvas = new Canvas(venue, this);
  }

  get here() {
    return this.#timer !== null;
  }

  leave() {
    this.canvas.close();
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  say(message) {
    if (this.here) this.venue.say(message);
  }

  /** Tell the whole state, and what was guessed last. */
  tell() {
    this.game.advance(this.venue.now());
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
    clearTimeout(this.#timer);
    if (deadline !== null) this.#timer = setTimeout(() => this.#tick(), deadline - this.venue.now() + SLACK);
  }

  /** How long until the stage ends by itself, in ms; null when it does not. */
  left(now) {
    const { deadline } = this.game;
    return deadline === null ? null : Math.max(deadline - now, 0);
  }

  #tellAll() {
    this.say(this.state(this.venue.now()));
    const { stage } = this.game;
    if (stage === "drawing" && this.turn.guesses.length) this.say(this.turn.message());
  }

  #tick() {
    this.game.advance(this.venue.now());
    this.follow();
  }
}
