// The marker by keyboard: arrows move it, space puts it down and lifts it.

import { PAD } from "./ink.js";

const STEP = 4; // pad units a tap
const LEAP = 16; // with shift
const HOLD = 150; // ms until a held arrow glides
const SPEED = 0.16; // pad units a ms
const LAG = 70; // ms by which the marker trails its aim, which rounds the corners of a line
const TICK = 8; // ms
const LONGEST = 400; // ms between two paints for which the marker moves on
const NEAR = 0.2; // pad units from the aim at which the marker has arrived
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const NOTHING = () => {};

export class Marker {
  #canvas;
  #nib;
  #ink;
  #may;
  #moved;
  #lifted;
  #held = new Map(); // arrow → when it went down
  #aim = { x: PAD / 2, y: PAD / 2 }; // where the arrows have sent the marker
  #x = PAD / 2; // where it is
  #y = PAD / 2;
  #frame = 0;
  #stroke = null; // the last one that it put down; a pointer's is none of its business

  /**
   * A marker for the sheet `canvas`, shown as `nib` where it is. `may` says whether drawing is on; `moved` gets its
   * place in pad units, and `lifted` is called when a stroke ends.
   */
  constructor({ canvas, nib, ink }, { may = () => true, moved = NOTHING, lifted = NOTHING }) {
    this.#canvas = canvas;
    this.#nib = nib;
    this.#ink = ink;
    this.#may = may;
    this.#moved = moved;
    this.#lifted = lifted;
    ink.addEventListener("change", () => this.#showDown());
    addEventListener("keyup", (event) => this.#held.delete(event.key));
    addEventListener("blur", () => this.#held.clear());
    addEventListener("pointerdown", () => (nib.hidden = true));
  }

  /** Do what a key means to the marker; whether it means something. */
  press(event) {
    const pen = event.key === " " && !onControl(event.target, this.#canvas);
    if (!(pen || event.key in ARROWS) || !this.#may()) return false;
    event.preventDefault();
    if (event.repeat) return true;
    if (pen) this.#pen();
    else this.#arrow(event);
    return true;
  }

  get #down() {
    return this.#ink.draws(this.#stroke);
  }

  #arrow({ key, shiftKey }) {
    if (document.activeElement !== this.#canvas) this.#canvas.focus({ preventScroll: true });
    this.#held.set(key, performance.now());
    this.#send(ARROWS[key], shiftKey ? LEAP : STEP);
    if (!this.#frame) this.#frame = requestAnimationFrame((now) => this.#glide(now));
  }

  /** Move on to the present in steps so small that a line is smooth however seldom the browser paints. */
  #glide(now, before = now) {
    for (let at = Math.max(before, now - LONGEST); at < now; at += TICK) this.#tick(at, Math.min(TICK, now - at));
    this.#show();
    const arrived = this.#x === this.#aim.x && this.#y === this.#aim.y;
    const goesOn = (this.#held.size || !arrived) && this.#may();
    this.#frame = goesOn ? requestAnimationFrame((next) => this.#glide(next, now)) : 0;
  }

  #tick(at, length) {
    const going = [...this.#held].filter(([, since]) => at - since > HOLD);
    for (const [key] of going) this.#send(ARROWS[key], SPEED * length);
    this.#follow(1 - Math.exp(-length / LAG), at);
  }

  #send([dx, dy], far) {
    this.#aim.x = Math.min(Math.max(this.#aim.x + dx * far, 0), PAD);
    this.#aim.y = Math.min(Math.max(this.#aim.y + dy * far, 0), PAD);
  }

  /** Move the marker by a share of the way to its aim. */
  #follow(share, at = performance.now()) {
    const { x, y } = this.#aim;
    const near = Math.hypot(x - this.#x, y - this.#y) < NEAR;
    this.#x = near ? x : this.#x + (x - this.#x) * share;
    this.#y = near ? y : this.#y + (y - this.#y) * share;
    if (this.#down) this.#ink.move(this.#x, this.#y, at);
  }

  #pen() {
    if (this.#down) {
      this.#follow(1);
      this.#ink.up();
      this.#lifted();
    } else if (!this.#ink.drawing) this.#stroke = this.#ink.down(this.#x, this.#y);
    this.#show();
  }

  #show() {
    this.#nib.hidden = false;
    this.#showDown();
    this.#nib.style.left = `${(this.#x / PAD) * 100}%`;
    this.#nib.style.top = `${(this.#y / PAD) * 100}%`;
    this.#moved(this.#x, this.#y);
  }

  /** Its stroke may also end without it: undone, replaced, or by the bell. */
  #showDown() {
    this.#nib.classList.toggle("down", this.#down);
  }
}

/** Whether a key pressed on `target` is for a button or a field, and not for the sheet `canvas`. */
export function onControl(target, canvas) {
  return target !== canvas && target instanceof Element && target.closest("button, a, input, select") !== null;
}
