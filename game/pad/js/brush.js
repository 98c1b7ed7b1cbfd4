// Ink on the canvas: a round marker, drawn point by point, sharp at any pixel density.
//
// A line runs as curves through the middles between points, so its last half step is still open.
// That tail lies on a canvas of its own above the sheet, wiped when the line goes on.

import { PAD } from "./ink.js";

const THINNEST = 12;
const THICKEST = 16;
const SHARE = 0.0225; // of the pad's width

export class Brush {
  #canvas;
  #dry;
  #wet;
  #ink;
  #scale = 1; // device pixels a pad unit
  #width = 1; // of the marker, in device pixels

  constructor(canvas, ink) {
    const above = canvas.cloneNode();
    above.className = "wet";
    for (const name of ["tabindex", "role", "aria-label", "data-pad"]) above.removeAttribute(name);
    canvas.after(above);
    this.#canvas = canvas;
    this.#dry = canvas.getContext("2d");
    this.#wet = above.getContext("2d");
    this.#ink = ink;
    ink.addEventListener("grow", (event) => this.#grow(event.detail));
    ink.addEventListener("change", () => this.redraw());
    new ResizeObserver(() => this.#resize()).observe(canvas);
    new MutationObserver(() => this.#resize()).observe(document.body, { attributeFilter: ["class"] });
    this.#resize();
  }

  redraw() {
    this.#wipe(this.#dry);
    this.#wipe(this.#wet);
    const strokes = this.#ink.strokes;
    strokes.forEach((stroke, index) => {
      for (let i = 2; i < stroke.x.length; i += 1) this.#curve(stroke, i);
      this.#tail(index === strokes.length - 1 ? this.#wet : this.#dry, stroke);
    });
  }

  #resize() {
    const side = this.#canvas.clientWidth;
    const density = devicePixelRatio || 1;
    this.#scale = (side * density) / PAD;
    this.#width = Math.min(Math.max(side * SHARE, THINNEST), THICKEST) * density;
    for (const context of [this.#dry, this.#wet]) {
      context.canvas.width = context.canvas.height = Math.round(side * density);
      context.lineCap = context.lineJoin = "round";
      context.strokeStyle = getComputedStyle(this.#canvas).color;
    }
    this.redraw();
  }

  #grow(stroke) {
    const before = this.#ink.strokes.at(-2);
    if (stroke.x.length === 1 && before) this.#tail(this.#dry, before);
    if (stroke.x.length > 2) this.#curve(stroke, stroke.x.length - 1);
    this.#wipe(this.#wet);
    this.#tail(this.#wet, stroke);
  }

  #wipe(context) {
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  }

  /** The curve from the middle before point `i - 1` to the middle after it. */
  #curve(stroke, i) {
    this.#line(this.#dry, stroke.w[i], () => {
      this.#dry.moveTo(...this.#middle(stroke, i - 1));
      this.#dry.quadraticCurveTo(...this.#at(stroke, i - 1), ...this.#middle(stroke, i));
    });
    if (i === 2) this.#half(this.#dry, stroke, 0, 1);
  }

  /** From the last middle to the last point; a single point is a dot. */
  #tail(context, stroke) {
    const last = stroke.x.length - 1;
    this.#half(context, stroke, last, Math.max(last, 1));
    if (last === 1) this.#half(context, stroke, 0, 1);
  }

  /** From point `i` to the middle that lies before point `j`. */
  #half(context, stroke, i, j) {
    this.#line(context, stroke.w[i], () => {
      context.moveTo(...this.#at(stroke, i));
      context.lineTo(...(j < stroke.x.length ? this.#middle(stroke, j) : this.#at(stroke, i)));
    });
  }

  #line(context, width, draw) {
    context.lineWidth = this.#width * width;
    context.beginPath();
    draw();
    context.stroke();
  }

  #at({ x, y }, i) {
    return [x[i] * this.#scale, y[i] * this.#scale];
  }

  #middle({ x, y }, i) {
    return [((x[i - 1] + x[i]) / 2) * this.#scale, ((y[i - 1] + y[i]) / 2) * this.#scale];
  }
}
