// One player's attempt at one word, and when it is guessed. Twin of `game/rules/attempt.py`.

import { RULES } from "../rules.js";
import { round } from "./rounding.js";
import { Sheet } from "./sheet.js";
import { SpeedLimit } from "./speed_limit.js";

const { verdictGap, nearBlank, guessesShown, digits, frameGap } = RULES.attempt;

/** Whether a word is guessed: it must hold on two judged frames `verdictGap` apart. */
export class Verdict {
  since = null;

  /** Take the next judged frame; true when the word is guessed. */
  judge(holds, at) {
    this.since = holds ? (this.since ?? at) : null;
    return this.since !== null && at - this.since >= verdictGap;
  }
}

/** An attempt's drawing as it was at a time, for the judge. */
class Frame {
  constructor(attempt, at) {
    this.attempt = attempt;
    this.at = at;
    this.strokes = attempt.sheet.toLists();
    this.points = attempt.sheet.points;
    this.erased = attempt.sheet.erased;
  }

  /** Whether nothing that was judged has been taken back since. */
  get current() {
    return this.erased === this.attempt.sheet.erased;
  }

  /** Take the probabilities, one a word; true when the word is guessed. */
  judged(words, probabilities, thresholds) {
    this.attempt.points = this.points;
    return this.attempt.judged(words, probabilities, thresholds, this.at);
  }
}

export class Attempt {
  sheet = new Sheet();
  verdict = new Verdict();
  frame = 0; // how many were judged
  points = 0; // of the last judged one
  target = 0; // probability of the word in it
  best = 0; // the highest of all, in frame `bestFrame` of time `bestAt`
  bestFrame = 0;
  bestAt = 0;
  guesses = [];
  frames = [];
  #limit = new SpeedLimit();

  constructor(number, word, started) {
    this.round = number;
    this.word = word;
    this.started = started;
  }

  /** Whether the pad has too little ink to guess from. */
  get blank() {
    return this.sheet.ink < nearBlank;
  }

  /** Add ink; where a word is asked, a hand must have been able to draw it. */
  draw({ stroke, points }, now) {
    this.sheet.check(stroke, points);
    const spot = stroke === this.sheet.count ? null : this.sheet.end;
    if (this.word !== null) this.#limit.draw(points, spot, now - this.started);
    this.sheet.add(stroke, points);
  }

  undo() {
    this.#limit.giveBack(this.sheet.undo());
  }

  clear() {
    this.sheet.clear();
    this.#limit = new SpeedLimit();
  }

  /** The drawing as it is now; null when the pad is blank or nearly so. */
  takeFrame(now) {
    return this.blank ? null : new Frame(this, now);
  }

  /** Take back what was guessed. */
  forget() {
    this.frame += 1;
    this.points = 0;
    this.target = 0;
    this.verdict = new Verdict();
    this.guesses = [];
  }

  /** Take the probabilities of the ink at `at`; true when the word is guessed. */
  judged(words, probabilities, thresholds, at) {
    this.frame += 1;
    const order = words.map((_, index) => index).sort((a, b) => probabilities[b] - probabilities[a]);
    this.guesses = order
      .slice(0, guessesShown)
      .map((index) => ({ word: words[index], probability: round(probabilities[index], digits) }));
    if (this.word === null) return false;
    this.target = probabilities[words.indexOf(this.word)];
    if (this.target > this.best) [this.best, this.bestFrame, this.bestAt] = [this.target, this.frame, at];
    const first = this.guesses[0].word;
    const guessed = this.verdict.judge(first === this.word && this.target >= thresholds[this.word], at);
    this.#keepFrame(at - this.started, guessed);
    return guessed;
  }

  message() {
    return {
      type: "guess",
      round: this.round,
      frame: this.frame,
      points: this.points,
      guesses: this.guesses,
      target: round(this.target, digits),
      hold: this.verdict.since === null ? 0 : 1,
    };
  }

  #keepFrame(elapsed, decides) {
    if (!decides && this.frames.length && elapsed - this.frames.at(-1)[1] < frameGap) return;
    this.frames.push([this.frame, round(elapsed, 1), round(this.target, digits), this.guesses[0].word]);
  }
}
