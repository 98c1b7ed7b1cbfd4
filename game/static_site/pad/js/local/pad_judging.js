// When a pad's drawing is judged, and judged once more. Twin of `game/judging/pad_judging.py`.

import { RULES } from "../rules.js";
import { problem, Refusal } from "./refusals.js";

export const SLACK = 1; // ms that a timer may ring early

export class PadJudging {
  #services;
  #owner;
  #secondLook = 0;

  /** `owner`: the game, with `look(now)`, `judged(frame, row, now)`, `say(message)` and `follow()`. */
  constructor(services, owner) {
    this.#services = services;
    this.#owner = owner;
  }

  /** Do what the player did to the pad and have it judged, or tell why not. */
  change(attempt, message) {
    try {
      this.#do(attempt, message);
    } catch (error) {
      if (error instanceof Refusal) this.#owner.say(problem(error.code));
      else throw error;
      return;
    }
    this.#changed(attempt);
  }

  look() {
    return this.#owner.look(this.#services.now());
  }

  judged(frame, row) {
    const guesses = this.#owner.judged(frame, row, this.#services.now());
    if (guesses !== null) {
      this.#owner.say(guesses);
      if (frame.attempt.verdict.since === frame.at)
        this.#planSecondLook(frame.attempt, frame.at + RULES.attempt.verdictGap + SLACK);
    }
    this.#owner.follow();
  }

  /** Look no more. */
  close() {
    clearTimeout(this.#secondLook);
  }

  #do(attempt, message) {
    if (message.type === "ink") attempt.draw(message, this.#services.now());
    else if (message.type === "undo") attempt.undo();
    else attempt.clear();
  }

  #changed(attempt) {
    if (!attempt.blank) this.#services.judge.want(this);
    else if (attempt.guesses.length) {
      attempt.forget();
      this.#owner.say(attempt.message());
    }
  }

  /** A win needs a second frame, and a pen at rest sends no ink that would make one. */
  #planSecondLook(attempt, when) {
    this.close();
    const again = () => attempt.verdict.since === null || this.#services.judge.want(this);
    this.#secondLook = setTimeout(again, when - this.#services.now());
  }
}
