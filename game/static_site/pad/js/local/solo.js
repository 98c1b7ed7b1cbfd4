// A game played alone. Twin of `game/rooms/solo.py`.

import { wordOrder } from "./deck.js";
import { bandsOf, risingBand } from "./difficulty.js";
import { Game } from "./modes.js";
import { problem } from "./refusals.js";
import { Session } from "./session.js";

export class Solo extends Session {
  #kept = 0; // results that are in the album, or not worth it

  constructor(services, mode) {
    const { words, difficulty, thresholds } = services.site;
    const order = wordOrder(words, difficulty, Math.random, () => this.#band);
    super(services, new Game(mode, { order, words, thresholds, bands: bandsOf(words, difficulty) }, services.now()));
    this.follow();
  }

  /** The difficulty band of the next word; null if easy and hard words are dealt evenly. */
  get #band() {
    const { rules, results } = this.game;
    return rules.gameTime === null ? null : risingBand(results.map(({ outcome }) => outcome));
  }

  get attempt() {
    return this.game.attempt;
  }

  receive(message) {
    const { game, services } = this;
    game.advance(services.now());
    this.follow();
    if (game.stage === "countdown") this.say(problem("not_now"));
    else if (message.round !== game.attempt?.round) return;
    else if (message.type === "skip") game.skip(services.now());
    else this.padJudging.change(game.attempt, message);
    this.follow();
  }

  takeFrame(now) {
    this.game.advance(now);
    return this.here ? (this.attempt?.takeFrame(now) ?? null) : null;
  }

  judged(frame, row) {
    return this.here ? this.game.judged(frame, row) : null;
  }

  state(now) {
    const { game, attempt } = this;
    const last = game.stage === "reveal" ? game.results.at(-1) : null;
    return {
      type: "state",
      stage: game.stage,
      mode: game.mode,
      round: game.round,
      rounds: game.rules.rounds,
      word: attempt?.word ?? last?.word ?? null,
      left: this.left(now),
      total: game.total,
      points: game.points,
      worth: game.worth,
      strokes: attempt?.sheet.toLists() ?? last?.strokes ?? [],
      results: [...game.results],
    };
  }

  /** Keep what has ended since the last time. */
  news() {
    const { rules, results, attempts } = this.game;
    if (!rules.ranked) return;
    for (; this.#kept < results.length; this.#kept += 1) {
      const result = results[this.#kept];
      if (result.strokes.length === 0) continue;
      const replay = this.services.album.keep(replayOf(result, attempts[this.#kept], this.services.person()));
      this.say({ type: "kept", round: this.#kept + 1, replay });
    }
  }
}

function replayOf({ word, outcome, milliseconds, points, best, strokes }, attempt, { name, colour }) {
  const frame = outcome === "guessed" ? attempt.frame : attempt.bestFrame;
  return { word, outcome, milliseconds, points, best, strokes, frame, frames: attempt.frames, name, colour };
}
