// The ink of the running round: strokes of x, y (pad units, 0 to 256), t (ms) and line width.

import { RULES } from "./rules.js";

const { maxStrokes, maxTime } = RULES.sheet;
export const PAD = RULES.sheet.pad;
const NEAR = 0.4; // pad units; closer points only cost

/**
 * Emits `grow` (detail: the stroke) for a new point, `change` when a stroke is done or taken back, and `full` when there
 * is no room for another stroke.
 */
export class Ink extends EventTarget {
  strokes = [];
  drawing = false;
  #undone = []; // strokes that can be drawn again, the last one first
  #began = 0;

  /** Empty the sheet for a round that began `elapsed` ms ago. */
  begin(elapsed = 0) {
    this.#began = performance.now() - elapsed;
    this.replace([]);
  }

  /** Take the server's strokes, `[[x...], [y...], [t...]]` each, instead of the own ones. */
  replace(strokes) {
    this.drawing = false;
    this.#undone = [];
    this.strokes = strokes.map(([x, y, t]) => ({ x: [...x], y: [...y], t: [...t], w: x.map(() => 1) }));
    this.dispatchEvent(new Event("change"));
  }

  get blank() {
    return this.strokes.length === 0;
  }

  /** Whether a stroke is the one that is being drawn. */
  draws(stroke) {
    return this.drawing && this.strokes.at(-1) === stroke;
  }

  /**
   * Put the marker down; a line that was drawn until now is done. `at` is an event's time stamp, `width` a factor of the
   * marker's width. Returns the stroke that begins; null when the sheet is full.
   */
  down(x, y, at = performance.now(), width = 1) {
    if (this.strokes.length >= maxStrokes) {
      this.dispatchEvent(new Event("full"));
      return null;
    }
    this.up();
    const stroke = { x: [], y: [], t: [], w: [] };
    this.#undone = [];
    this.drawing = true;
    this.strokes.push(stroke);
    this.#add(x, y, at, width);
    return stroke;
  }

  /** Draw on to a point. */
  move(x, y, at = performance.now(), width = 1) {
    if (!this.drawing) return;
    const { x: xs, y: ys } = this.strokes.at(-1);
    if (Math.hypot(x - xs.at(-1), y - ys.at(-1)) >= NEAR) this.#add(x, y, at, width);
  }

  up() {
    if (!this.drawing) return;
    this.drawing = false;
    this.dispatchEvent(new Event("change"));
  }

  /** Take back the last stroke; false when there is none. */
  undo() {
    this.drawing = false;
    const stroke = this.strokes.pop();
    if (!stroke) return false;
    this.#undone.push(stroke);
    this.dispatchEvent(new Event("change"));
    return true;
  }

  /** Draw the stroke that was taken back last once more; false when there is none. */
  redo() {
    const stroke = this.#undone.pop();
    if (!stroke) return false;
    this.drawing = false;
    this.strokes.push(stroke);
    this.dispatchEvent(new CustomEvent("grow", { detail: stroke }));
    this.dispatchEvent(new Event("change"));
    return true;
  }

  /** Forget what was taken back: nobody wanted to draw it. */
  forget() {
    this.#undone = [];
  }

  /** Take back all strokes; false when there are none. */
  clear() {
    if (this.blank) return false;
    this.replace([]);
    return true;
  }

  #add(x, y, at, width) {
    const stroke = this.strokes.at(-1);
    const earliest = stroke.t.at(-1) ?? this.strokes.at(-2)?.t.at(-1) ?? 0;
    stroke.x.push(rounded(x));
    stroke.y.push(rounded(y));
    stroke.t.push(Math.min(Math.max(Math.round(at - this.#began), earliest), maxTime));
    stroke.w.push(width);
    this.dispatchEvent(new CustomEvent("grow", { detail: stroke }));
  }
}

function rounded(value) {
  return Math.round(value * 10) / 10;
}
