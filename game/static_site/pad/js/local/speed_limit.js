// What a hand can do: how fast a line may grow, and when it can have been drawn. `game/rules/speed_limit.py` again.

import { Refusal } from "./refusals.js";

export const SPEED = 3; // pad units a ms
export const FLICK = 250; // that may come at once
export const AHEAD = 50; // ms

export class SpeedLimit {
  #time = 0;
  #reach = FLICK;

  /**
   * Follow new points [x, y, t] of a line that goes on from `spot`, null when they begin one.
   * Throws, with nothing followed, when no hand draws so or the time has not come.
   */
  draw(points, spot, elapsed) {
    if (points.some(([, , t]) => t > elapsed + AHEAD)) throw new Refusal("from_the_future");
    let [time, reach] = [this.#time, this.#reach];
    for (const [x, y, t] of points) {
      if (t > time) [reach, time] = [Math.min(reach + (t - time) * SPEED, FLICK), t];
      if (spot !== null) reach -= Math.hypot(x - spot[0], y - spot[1]);
      if (reach < 0) throw new Refusal("too_quick");
      spot = [x, y];
    }
    [this.#time, this.#reach] = [time, reach];
  }
}
