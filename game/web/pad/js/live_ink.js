// Drawings in progress, as the server tells them to those who do not draw; it tells them with a delay.

import { draw } from "./dom.js";
import { line, VIEW_BOX } from "./gallery.js";

export class LiveInk {
  #round = 0;
  /** @type {Map<number, { picture: SVGElement, strokes: { path: SVGElement, x: number[], y: number[] }[] }>} by seat */
  #pads = new Map();

  /** The picture of a seat's pad, which grows; always the same element. */
  picture(seat) {
    return this.#pad(seat).picture;
  }

  /** All pads of a round are blank. A repeated call for the same round changes nothing. */
  begin(round) {
    if (round === this.#round) return;
    this.#round = round;
    for (const pad of this.#pads.values()) cut(pad, 0);
  }

  /** Take a `live_ink` message. */
  take({ round, pads }) {
    this.begin(round);
    for (const { seat, keep, lines } of pads) {
      const pad = this.#pad(seat);
      cut(pad, keep);
      for (const [stroke, x, y] of lines) extend(pad, stroke, x, y);
    }
  }

  #pad(seat) {
    const known = this.#pads.get(seat);
    if (known) return known;
    const picture = draw("svg", { class: "picture", viewBox: VIEW_BOX, "aria-hidden": "true" });
    const pad = { picture, strokes: [] };
    this.#pads.set(seat, pad);
    return pad;
  }
}

function cut({ strokes }, keep) {
  for (const { path } of strokes.splice(keep)) path.remove();
}

function extend({ picture, strokes }, number, x, y) {
  if (number === strokes.length) {
    const path = draw("path");
    picture.append(path);
    strokes.push({ path, x: [], y: [] });
  }
  const stroke = strokes[number];
  if (!stroke) return;
  stroke.x.push(...x);
  stroke.y.push(...y);
  stroke.path.setAttribute("d", line(stroke.x, stroke.y));
}
