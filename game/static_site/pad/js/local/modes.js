// The rules of games played alone: modes, clock, words and points. Twin of `game/rules/modes.py`.
//
// Nothing here reads a clock. A stage that has run out ends at the moment it was due, however late the call.

import { RULES } from "../rules.js";
import { Attempt } from "./attempt.js";
import { round } from "./rounding.js";
import { StageClock } from "./stage_clock.js";

/** Points of a finished word of a band of difficulty that took `elapsed` ms and was seen with probability `best` at most. */
export function points(rules, band, outcome, elapsed, best) {
  const [quick, slow] = rules.points.map((each) => rules.worth[band] * each);
  if (outcome === "skipped") return 0;
  if (outcome === "bell") return round(RULES.bellShare * slow * best, rules.digits);
  const share = rules.roundTime === null ? 0 : Math.min(elapsed / rules.roundTime, 1);
  return round(quick + (slow - quick) * share, rules.digits);
}

/** One player's game of a mode, from the countdown to its end. */
export class Game extends StageClock {
  round = 1; // number of the current or last word
  /** @type {Attempt | null} the running round, null unless the stage is `drawing` */
  attempt = null;
  /** @type {any[]} */
  results = [];
  /** @type {Attempt[]} how each of the results was drawn */
  attempts = [];
  #order;
  #words;
  #thresholds;
  #bands;
  #left; // of the game's time

  /** `order`: an iterator of words to ask; `words`: what the model knows; `thresholds`: of the verdict; `bands`: of difficulty. */
  constructor(mode, { order, words, thresholds, bands }, now) {
    super();
    this.mode = mode;
    this.rules = RULES.modes[mode];
    this.#order = order;
    this.#words = words;
    this.#thresholds = thresholds;
    this.#bands = bands;
    this.#left = this.rules.gameTime;
    this.enter("countdown", now, this.rules.asks ? RULES.countdown : 0);
    this.advance(now);
  }

  get points() {
    return round(
      this.results.reduce((sum, result) => sum + result.points, 0),
      this.rules.digits,
    );
  }

  /** Points of the running word if it is guessed at once; 0 when there is none. */
  get worth() {
    const word = this.attempt?.word ?? null;
    return word === null ? 0 : points(this.rules, this.#bands.get(word), "guessed", 0, 1);
  }

  /** Let time pass: end each stage that was due by `now`, at the moment it was due. */
  advance(now) {
    while (this.deadline !== null && now >= this.deadline) this.#next(this.deadline);
  }

  /** Take the judge's answer about a frame: what to tell; null when it comes too late. */
  judged(frame, probabilities) {
    this.advance(frame.at);
    const { attempt } = frame;
    if (attempt !== this.attempt || !frame.current) return null;
    const guessed = frame.judged(this.#words, probabilities, this.#thresholds);
    const message = attempt.message();
    if (guessed) this.#endRound("guessed", frame.at);
    return message;
  }

  /** Give up the running word; without one, nothing happens. */
  skip(now) {
    this.advance(now);
    if (this.attempt !== null && this.attempt.word !== null) this.#endRound("skipped", now);
  }

  #next(at) {
    if (this.stage === "drawing") this.#endRound("bell", at);
    else if (this.stage !== "reveal") this.#beginRound(at);
    else if (this.#left === 0 || this.round === this.rules.rounds) this.enter("over", at, null);
    else {
      this.round += 1;
      this.#beginRound(at);
    }
  }

  #beginRound(at) {
    const word = this.rules.asks ? this.#order.next().value : null;
    this.attempt = new Attempt(this.round, word, at);
    this.enter("drawing", at, this.#left ?? this.rules.roundTime);
    this.total = this.rules.gameTime ?? this.rules.roundTime;
  }

  #endRound(outcome, at) {
    const attempt = /** @type {Attempt} */ (this.attempt);
    const elapsed = at - attempt.started;
    this.attempt = null;
    this.attempts.push(attempt);
    if (this.#left !== null) {
      const cost = outcome === "skipped" ? this.rules.skipCost : 0;
      this.#left = outcome === "bell" ? 0 : Math.max(this.#left - elapsed - cost, 0);
    }
    this.results.push({
      word: attempt.word,
      outcome,
      milliseconds: elapsed,
      points: points(this.rules, this.#bands.get(attempt.word), outcome, elapsed, attempt.best),
      best: attempt.best,
      strokes: attempt.sheet.toLists(),
      guesses: attempt.guesses,
    });
    this.enter("reveal", at, this.rules.reveal);
  }
}
