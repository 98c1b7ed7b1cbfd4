// A game played alone, from `start` until it is left. `game/solo.py` again.

import { Canvas, SLACK } from "./canvas.js";
import { wordOrder } from "./deck.js";
import { Game } from "./modes.js";
import { problem } from "./refusals.js";

const KEPT = ["sprint", "quick_six"];

export class Solo {
  #venue;
  #game;
  #canvas;
  #told = 0; // `changes` of the game as last told
  #kept = 0; // results that are in the album, or not worth it
  #timer = 0;

  /** `venue`: words, threshold, difficulty, judge, album, now, person, say. */
  constructor(venue, mode) {
    const { words, difficulty, threshold } = venue.site;
    this.#venue = venue;
    this.#game = new Game(mode, { order: wordOrder(words, difficulty), words, threshold }, venue.now());
    this.#canvas = new Canvas(venue, this);
    this.follow();
  }

  receive(message) {
    const game = this.#game;
    game.advance(this.#venue.now());
    this.follow();
    if (game.stage === "countdown") this.say(problem("not_now"));
    else if (message.round !== game.turn?.round) return;
    else if (message.type === "skip") game.skip(this.#venue.now());
    else this.#canvas.change(game.turn, message);
    this.follow();
  }

  /** Tell the whole state, and what was guessed last. */
  tell() {
    const game = this.#game;
    const now = this.#venue.now();
    game.advance(now);
    this.#told = game.changes;
    this.say(stateOf(game, now));
    if (game.turn?.guesses.length) this.say(game.turn.message());
  }

  leave() {
    this.#canvas.close();
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  look(now) {
    this.#game.advance(now);
    return this.#here ? (this.#game.turn?.look(now) ?? null) : null;
  }

  judged(frame, row) {
    return this.#here ? this.#game.judged(frame, row) : null;
  }

  say(message) {
    if (this.#here) this.#venue.say(message);
  }

  /** Tell the player when the game has moved on, and set the timer to its next move. */
  follow() {
    const { changes, deadline } = this.#game;
    if (changes === this.#told || !this.#here) return;
    this.tell();
    this.#keep();
    clearTimeout(this.#timer);
    if (deadline !== null) this.#timer = setTimeout(() => this.#tick(), deadline - this.#venue.now() + SLACK);
  }

  get #here() {
    return this.#timer !== null;
  }

  #tick() {
    this.#game.advance(this.#venue.now());
    this.follow();
  }

  #keep() {
    const { mode, results, turns } = this.#game;
    if (!KEPT.includes(mode)) return;
    for (; this.#kept < results.length; this.#kept += 1) {
      const result = results[this.#kept];
      if (result.strokes.length === 0) continue;
      const replay = this.#venue.album.keep(replayOf(result, turns[this.#kept], this.#venue.person()));
      this.say({ type: "kept", round: this.#kept + 1, replay });
    }
  }
}

function stateOf(game, now) {
  const last = game.stage === "reveal" ? game.results.at(-1) : null;
  return {
    type: "state",
    stage: game.stage,
    mode: game.mode,
    round: game.round,
    rounds: game.rules.rounds,
    word: game.turn?.word ?? last?.word ?? null,
    left: game.deadline === null ? null : Math.max(game.deadline - now, 0),
    total: game.total,
    points: game.points,
    strokes: game.turn?.sheet.toLists() ?? last?.strokes ?? [],
    results: [...game.results],
  };
}

function replayOf({ word, outcome, milliseconds, points, best, strokes }, turn, { name, colour }) {
  const frame = outcome === "guessed" ? turn.frame : turn.bestFrame;
  return { word, outcome, milliseconds, points, best, strokes, frame, looks: turn.looks, name, colour };
}
