// Ink on the canvas: a round marker, drawn point by point, sharp at any pixel density.
//
// A line runs as curves through the middles between points, so its last half step stays open while
// it is drawn. That tail lies on a canvas of its own above the sheet, wiped when the line goes on;
// when the marker lifts, the whole sheet is drawn anew, each line in one go, with cleaner edges.

import { PAD } from "./ink.js";

const THINNEST = 12;
const THICKEST = 16;
const SHARE = 0.0225; // of the pad's width
const DOT = 0.01; // device pixels; the length of a dot's line
const MOST = 4096; // device pixels of the sheet's side, however far the page is magnified

export class Brush {
  #canvas;
  #dry;
  #wet;
  #ink;
  #magnified = 1; // as the canvas was made for
  #scale = 1; // device pixels a pad unit
  #width = 1; // of the marker, in device pixels

  constructor(canvas, ink) {
    this.#canvas = canvas;
    this.#dry = canvas.getContext("2d");
    this.#wet = above(canvas).getContext("2d");
    this.#ink = ink;
    ink.addEventListener("grow", (event) => this.#grow(event.detail));
    ink.addEventListener("change", () => this.redraw());
    new ResizeObserver(() => this.#resize()).observe(canvas);
    // On another screen, or magnified, the same page gets other pixels. Not every browser tells each change.
    for (const target of [window, visualViewport]) target?.addEventListener("resize", () => this.#sharpen());
    document.addEventListener("visibilitychange", () => this.#sharpen());
    canvas.addEventListener("pointerdown", () => this.#sharpen());
    // The page turns dark by a class of ours on the first, and of Gradio's on the second.
    const dressed = new MutationObserver(() => this.#resize());
    for (const element of [document.documentElement, document.body])
      dressed.observe(element, { attributeFilter: ["class"] });
    for (const { canvas: each } of [this.#dry, this.#wet])
      each.addEventListener("contextrestored", () => this.#resize()); // a browser may drop what a canvas shows
    this.#resize();
  }

  redraw() {
    this.#wipe(this.#dry);
    this.#wipe(this.#wet);
    for (const stroke of this.#ink.strokes) this.#whole(stroke);
  }

  #sharpen() {
    if (magnification() !== this.#magnified) this.#resize();
  }

  #resize() {
    const side = this.#canvas.clientWidth;
    this.#magnified = magnification();
    const density = Math.max(Math.min(this.#magnified, MOST / Math.max(side, 1)), 1);
    this.#scale = (side * density) / PAD;
    this.#width = Math.min(Math.max(side * SHARE, THINNEST), THICKEST) * density;
    for (const context of [this.#dry, this.#wet]) {
      context.canvas.width = context.canvas.height = Math.round(side * density);
      context.lineCap = context.lineJoin = "round";
      context.strokeStyle = getComputedStyle(this.#canvas).color;
    }
    this.redraw();
  }

  #wipe(context) {
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  }

  /** The newest point: its curve dries, its tail stays wet. */
  #grow(stroke) {
    const last = stroke.x.length - 1;
    if (last > 0) this.#line(this.#dry, stroke.w[last], () => this.#piece(this.#dry, stroke, last, true));
    this.#wipe(this.#wet);
    this.#line(this.#wet, stroke.w[last], () => {
      this.#wet.moveTo(...(last > 0 ? this.#middle(stroke, last) : this.#at(stroke, 0)));
      this.#toEnd(this.#wet, stroke);
    });
  }

  #whole(stroke) {
    const last = stroke.x.length - 1;
    const even = stroke.w.every((width) => width === stroke.w[0]);
    const draw = (from, to) => () => {
      if (from === 0) this.#dry.moveTo(...this.#at(stroke, 0));
      for (let i = Math.max(from, 1); i <= to; i += 1) this.#piece(this.#dry, stroke, i, i === from);
      if (to === last) this.#toEnd(this.#dry, stroke);
    };
    if (even) this.#line(this.#dry, stroke.w[0], draw(0, last));
    else for (let i = 0; i <= last; i += 1) this.#line(this.#dry, stroke.w[i], draw(i, i));
  }

  /** From the middle before point `i - 1` (or the first point) to the middle before point `i`. */
  #piece(context, stroke, i, alone) {
    if (alone) context.moveTo(...(i > 1 ? this.#middle(stroke, i - 1) : this.#at(stroke, 0)));
    context.quadraticCurveTo(...this.#at(stroke, i - 1), ...this.#middle(stroke, i));
  }

  #line(context, width, draw) {
    context.lineWidth = this.#width * width;
    context.beginPath();
    draw();
    context.stroke();
  }

  /** To a stroke's last point. Canvas drops lines of no length, so a dot gets a very short one. */
  #toEnd(context, stroke) {
    const last = stroke.x.length - 1;
    const [x, y] = this.#at(stroke, last);
    const moved = stroke.x.some((value, i) => value !== stroke.x[last] || stroke.y[i] !== stroke.y[last]);
    context.lineTo(moved ? x : x + DOT, y);
  }

  #at({ x, y }, i) {
    return [x[i] * this.#scale, y[i] * this.#scale];
  }

  #middle({ x, y }, i) {
    return [((x[i - 1] + x[i]) / 2) * this.#scale, ((y[i - 1] + y[i]) / 2) * this.#scale];
  }
}

/** Device pixels a CSS pixel, also while the page is magnified with two fingers. */
function magnification() {
  return (devicePixelRatio || 1) * (visualViewport?.scale ?? 1);
}

function above(canvas) {
  const copy = document.createElement("canvas");
  copy.className = "wet";
  canvas.after(copy);
  return copy;
}
