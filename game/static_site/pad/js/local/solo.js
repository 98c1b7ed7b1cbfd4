// A game played alone. `game/rooms/solo.py` again.

import { wordOrder } from "./deck.js";
import { Game } from "./modes.js";
import { Place } from "./place.js";
import { problem } from "./refusals.js";

const KEPT = ["sprint", "quick_six"];

export class Solo extends Place {
  #kept = 0; // results that are in the album, or not worth it

  constructor(venue, mode) {
    const { words, difficulty, threshold } = venue.site;
    super(venue, new Game(mode, { order: wordOrder(words, difficulty), words, threshold }, venue.now()));
    this.follow();
  }

  get turn() {
    return this.game.turn;
  }

  receive(message) {
    const { game, venue } = this;
    game.advance(venue.now());
    this.follow();
    if (game.stage === "countdown") this.say(problem("not_now"));
    else if (message.round !== game.turn?.round) return;
    else if (message.type === "skip") game.skip(venue.now());
    else this.canvas.change(game.turn, message);
    this.follow();
  }

  look(now) {
    this.game.advance(now);
    return this.here ? (this.turn?.look(now) ?? null) : null;
  }

  judged(frame, row) {
    return this.here ? this.game.judged(frame, row) : null;
  }

  state(now) {
    const { game, turn } = this;
    const last = game.stage === "reveal" ? game.results.at(-1) : null;
    return {
      type: "state",
      stage: game.stage,
      mode: game.mode,
      round: game.round,
      rounds: game.rules.rounds,
      word: turn?.word ?? last?.word ?? null,
      left: this.left(now),
      total: game.total,
      points: game.points,
      strokes: turn?.sheet.toLists() ?? last?.strokes ?? [],
      results: [...game.results],
    };
  }

  /** Keep what has ended since the last time. */
  news() {
    const { mode, results, turns } = this.game;
    if (!KEPT.includes(mode)) return;
    for (; this.#kept < results.length; this.#kept += 1) {
      const result = results[this.#kept];
      if (result.strokes.length === 0) continue;
      const replay = this.venue.album.keep(replayOf(result, turns[this.#kept], this.venue.person()));
      this.say({ type: "kept", round: this.#kept + 1, replay });
    }
  }
}

function replayOf({ word, outcome, milliseconds, points, best, strokes }, turn, { name, colour }) {
  const frame = outcome === "guessed" ? turn.frame : turn.bestFrame;
  return { word, outcome, milliseconds, points, best, strokes, frame, looks: turn.looks, name, colour };
}
