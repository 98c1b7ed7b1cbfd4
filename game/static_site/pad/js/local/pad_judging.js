// Decides when the drawing on a pad is judged, and when it is judged again. Twin of `game/judging/pad_judging.py`.

import { RULES } from "../rules.js";
import { problem, Refusal } from "./refusals.js";

export class PadJudging {
  #services;
  #owner;
  #secondFrame = 0;

  /** `owner`: the game, with `takeFrame(now)`, `judged(frame, row, now)`, `say(message)` and `follow()`. */
  constructor(services, owner) {
    this.#services = services;
    this.#owner = owner;
  }

  /** Change the pad as the message asks and have it judged, or tell the player why not. */
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

  /** The drawing to be judged now; null when there is none. */
  takeFrame() {
    return this.#owner.takeFrame(this.#services.now());
  }

  judged(frame, row) {
    const guesses = this.#owner.judged(frame, row, this.#services.now());
    if (guesses !== null) {
      this.#owner.say(guesses);
      if (frame.attempt.verdict.since === frame.at)
        this.#planSecondFrame(frame.attempt, frame.at + RULES.attempt.verdictGap + RULES.slack);
    }
    this.#owner.follow();
  }

  /** Cancel the planned second frame. */
  close() {
    clearTimeout(this.#secondFrame);
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

  /** Plan the second frame that a win needs: without new ink nothing else would judge it. */
  #planSecondFrame(attempt, when) {
    this.close();
    const again = () => attempt.verdict.since === null || this.#services.judge.want(this);
    this.#secondFrame = setTimeout(again, when - this.#services.now());
  }
}
