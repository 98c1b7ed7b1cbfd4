// A race against recorded players: order and points, the bell. Twin of `game/rules/race.py`, for one pad.

import { RULES } from "../rules.js";
import { Attempt } from "./attempt.js";
import { Refusal } from "./refusals.js";
import { StageClock } from "./stage_clock.js";

const { points: POINTS, bellPoints, reveal, late, seconds } = RULES.race;
const LENGTH = 1000 * seconds.usual; // ms of a round

/** Places and points, best first: by time when anyone was guessed, else the best probability. */
export function score(attempts) {
  const guessed = attempts.filter((a) => a.guessed);
  guessed.sort((a, b) => a.milliseconds - b.milliseconds || a.seat - b.seat);
  const others = attempts.filter((a) => !a.guessed);
  others.sort((a, b) => b.best - a.best || a.bestAt - b.bestAt || a.seat - b.seat);
  const without = (attempt) => ({ attempt, place: null, points: 0 });
  if (guessed.length === 0 && others[0]?.best > 0)
    return [{ attempt: others[0], place: 1, points: bellPoints }, ...others.slice(1).map(without)];
  const placed = guessed.map((attempt, index) => {
    const place = index + 1;
    return { attempt, place, points: POINTS[Math.min(place, POINTS.length) - 1] };
  });
  return [...placed, ...others.map(without)];
}

/** A race from its countdown to its end: the player's runner first, the recorded ones after. */
export class Race extends StageClock {
  round = 1;
  /** @type {string | null} */
  word = null;
  /** @type {any[]} */
  results = [];
  #player;
  #order;
  #words;
  #thresholds;

  /** `order`: the words of the race; `words`: what the model knows; `thresholds`: of the verdict. */
  constructor(runners, { order, words, thresholds }, now) {
    super();
    this.runners = runners;
    this.#player = runners[0];
    this.#order = order;
    this.#words = words;
    this.#thresholds = thresholds;
    this.enter("countdown", now, RULES.countdown);
  }

  get rounds() {
    return this.#order.length;
  }

  /** The pad that a message about a round may change; throws when there is none. */
  pad(number, now) {
    this.advance(now);
    const over = ["reveal", "over"].includes(this.stage);
    if (number < this.round || (number === this.round && over)) throw new Refusal("too_late");
    if (number !== this.round || this.stage === "countdown") throw new Refusal("not_now");
    if (this.#player.finished !== null || now > this.#bell) throw new Refusal("too_late");
    return this.#player.attempt;
  }

  /** The drawing as it is now, for the judge; null when there is nothing to judge. */
  takeFrame(now) {
    this.advance(now);
    const { attempt } = this.#player;
    return this.#judges(attempt) ? attempt.takeFrame(Math.min(now, this.#bell)) : null;
  }

  /** Take the judge's answer about a frame: what to tell; null when it comes too late. */
  judged(frame, probabilities, now) {
    this.advance(now);
    if (!this.#judges(frame.attempt) || !frame.current) return null;
    if (frame.judged(this.#words, probabilities, this.#thresholds)) {
      this.#player.guessed(frame.at);
      this.changes += 1;
    }
    const message = frame.attempt.message();
    if (this.#player.finished !== null) this.#score(now);
    return message;
  }

  advance(now) {
    while (this.deadline !== null && now >= this.deadline) this.#next(this.deadline);
  }

  get podium() {
    const order = (a, b) => b.points - a.points || a.milliseconds - b.milliseconds || a.seat - b.seat;
    return this.runners.filter(({ attempt }) => attempt !== null).sort(order);
  }

  get #bell() {
    return this.#player.attempt.started + LENGTH;
  }

  #judges(attempt) {
    const open = this.stage === "drawing" || this.stage === "settling";
    return open && attempt === this.#player.attempt && this.#player.finished === null;
  }

  #next(at) {
    if (this.stage === "drawing") this.enter("settling", at, late);
    else if (this.stage === "settling") this.#score(at);
    else if (this.stage === "countdown") this.#beginRound(at);
    else if (this.round === this.rounds) this.enter("over", at, null);
    else {
      this.round += 1;
      this.#beginRound(at);
    }
  }

  #beginRound(at) {
    this.word = this.#order[this.round - 1];
    for (const runner of this.runners) runner.begin(new Attempt(this.round, this.word, at), this.round, LENGTH);
    this.enter("drawing", at, LENGTH);
  }

  #score(at) {
    const scored = score(this.runners.map((runner) => runner.result(LENGTH)));
    for (const { attempt, points } of scored) {
      const runner = this.runners.find(({ seat }) => seat === attempt.seat);
      runner.points += points;
      runner.milliseconds += attempt.milliseconds;
    }
    this.results.push({ round: this.round, word: this.word, scored });
    this.enter("reveal", at, reveal);
  }
}
