// The strokes one player has drawn in a round, grown point by point. Twin of `game/rules/sheet.py`.

import { RULES } from "../rules.js";
import { Refusal } from "./refusals.js";

const { maxInk, maxStrokes, maxPoints } = RULES.sheet;

export class Sheet {
  points = 0;
  erased = 0; // how often something was taken back
  #columns = []; // [[x...], [y...], [t...]] a stroke
  #lengths = [];

  /** Length of all lines, in pad units. */
  get ink() {
    return this.#lengths.reduce((sum, length) => sum + length, 0);
  }

  get count() {
    return this.#columns.length;
  }

  /** Where the last stroke ends. */
  get end() {
    const [xs, ys] = this.#columns.at(-1);
    return [xs.at(-1), ys.at(-1)];
  }

  /** Throws when points may not be added to a stroke. */
  check(stroke, points) {
    if (stroke !== this.count - 1 && stroke !== this.count) throw new Refusal("out_of_place");
    const full = stroke >= maxStrokes || this.points + points.length > maxPoints;
    if (full || this.ink > maxInk) throw new Refusal("too_much_ink");
  }

  /** Add points to the last stroke, or begin the next. */
  add(stroke, points) {
    this.check(stroke, points);
    if (stroke === this.count) {
      this.#columns.push([[], [], []]);
      this.#lengths.push(0);
    }
    for (const point of points) this.#extend(stroke, point);
    this.points += points.length;
  }

  /** Take back the last stroke, if there is one; the length of its line. */
  undo() {
    this.erased += 1;
    if (this.count === 0) return 0;
    this.points -= this.#columns.pop()[0].length;
    return this.#lengths.pop();
  }

  clear() {
    this.erased += 1;
    this.points = 0;
    this.#columns = [];
    this.#lengths = [];
  }

  /** A copy that later points do not change. */
  toLists() {
    return this.#columns.map((stroke) => stroke.map((column) => [...column]));
  }

  #extend(stroke, [x, y, t]) {
    const [xs, ys, ts] = this.#columns[stroke];
    if (xs.length) this.#lengths[stroke] += Math.hypot(x - xs.at(-1), y - ys.at(-1));
    xs.push(x);
    ys.push(y);
    ts.push(ts.length ? Math.max(t, ts.at(-1)) : t);
  }
}
