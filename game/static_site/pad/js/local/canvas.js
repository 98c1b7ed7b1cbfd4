// A pad before the judge: when its drawing is looked at, and looked at again. `game/judging/pad_judging.py` again.

import { OutOfPlace, problem, Refusal } from "./refusals.js";
import { VERDICT_GAP } from "./turn.js";

export const SLACK = 1; // ms that a timer may ring early
const MEND_GAP = 200; // ms between two tellings of the strokes to a page that has others

export class Canvas {
  #venue;
  #owner;
  #secondLook = 0;
  #mended = -Infinity;

  /** `owner`: the game, with `look(now)`, `judged(frame, row, now)`, `say(message)`, `tell()` and `follow()`. */
  constructor(venue, owner) {
    this.#venue = venue;
    this.#owner = owner;
  }

  /** Do what the player did to the pad and have it judged, or tell why not. */
  change(turn, message) {
    try {
      this.#do(turn, message);
    } catch (error) {
      if (error instanceof Refusal) this.#owner.say(problem(error.code));
      else if (error instanceof OutOfPlace) this.#mend();
      else throw error;
      return;
    }
    this.#changed(turn);
  }

  look() {
    return this.#owner.look(this.#venue.now());
  }

  judged(frame, row) {
    const guesses = this.#owner.judged(frame, row, this.#venue.now());
    if (guesses !== null) {
      this.#owner.say(guesses);
      if (frame.turn.verdict.since === frame.at) this.#planSecondLook(frame.turn, frame.at + VERDICT_GAP + SLACK);
    }
    this.#owner.follow();
  }

  /** Look no more. */
  close() {
    clearTimeout(this.#secondLook);
  }

  #do(turn, message) {
    if (message.type === "ink") turn.draw(message, this.#venue.now());
    else if (message.type === "undo") turn.undo();
    else turn.clear();
  }

  #changed(turn) {
    if (!turn.blank) this.#venue.judge.want(this);
    else if (turn.guesses.length) {
      turn.forget();
      this.#owner.say(turn.message());
    }
  }

  /** Page and rules disagree about the strokes, and the rules' count: tell them. */
  #mend() {
    const now = this.#venue.now();
    if (now - this.#mended < MEND_GAP) return;
    this.#mended = now;
    this.#owner.tell();
  }

  /** A win needs a second frame, and a pen at rest sends no ink that would make one. */
  #planSecondLook(turn, when) {
    this.close();
    const again = () => turn.verdict.since === null || this.#venue.judge.want(this);
    this.#secondLook = setTimeout(again, when - this.#venue.now());
  }
}
