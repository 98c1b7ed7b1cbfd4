// How fast a hand can draw, and when a line can have been drawn. Twin of `game/rules/speed_limit.py`.

import { RULES } from "../rules.js";
import { Refusal } from "./refusals.js";

const { speed, flick, ahead } = RULES.speedLimit;

export class SpeedLimit {
  #time = 0;
  #reach = flick;

  /**
   * Follow new points [x, y, t] of a line that goes on from `spot`, null when they begin one.
   * Throws, with nothing followed, when no hand draws so or the time has not come.
   */
  draw(points, spot, elapsed) {
    if (points.some(([, , t]) => t > elapsed + ahead)) throw new Refusal("from_the_future");
    let [time, reach] = [this.#time, this.#reach];
    for (const [x, y, t] of points) {
      if (t > time) [reach, time] = [Math.max(reach, Math.min(reach + (t - time) * speed, flick)), t];
      if (spot !== null) reach -= Math.hypot(x - spot[0], y - spot[1]);
      if (reach < 0) throw new Refusal("too_quick");
      spot = [x, y];
    }
    [this.#time, this.#reach] = [time, reach];
  }

  /** Allow so much line once more, as it was taken back: what is on the sheet counts. */
  giveBack(length) {
    this.#reach += length;
  }
}
