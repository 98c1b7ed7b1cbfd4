// Sends new ink to the server: at once when the guess about the ink before it is there. A server that keeps up thus gets
// each frame's ink, and one that does not gets fewer messages, with more points in each.

import { RULES } from "./rules.js";

const GAP = 12; // ms between messages of a fast marker, below one frame
// From a message to the next one while its ink has no guess yet, in ms. A longer wait, as long as guesses take, makes
// guesses later: ink that waits here is not there yet when the server judges the drawing again.
const PATIENCE = 50;
const { pointsAMessage } = RULES.sheet;

export class InkSender {
  round = null;
  #connection;
  #ink;
  #stroke = 0; // what the server has: all strokes before this one
  #point = 0; // and as many points of this one
  #sent = 0;
  #unanswered = false; // whether the ink that was sent last has no guess yet
  #timer = 0;

  constructor(connection, ink) {
    this.#connection = connection;
    this.#ink = ink;
    ink.addEventListener("grow", () => this.#soon());
    connection.addEventListener("message", ({ detail }) => {
      if (detail.type === "guess" && detail.round === this.round) this.#answered(detail);
    });
  }

  /** A new round: nothing drawn, nothing sent. */
  begin(round) {
    this.round = round;
    this.#has(0, 0);
  }

  undo() {
    this.flush();
    if (!this.#ink.undo()) return;
    const left = this.#ink.strokes;
    const taken = this.#tell({ type: "undo" });
    if (taken) this.#has(Math.max(left.length - 1, 0), left.at(-1)?.x.length ?? 0);
  }

  redo() {
    if (this.#ink.redo()) this.flush();
  }

  /** Take back a stroke that was not meant: of a palm, or of a touch that the browser took over. */
  takeBack() {
    this.undo();
    this.#ink.forget();
  }

  clear() {
    if (!this.#ink.clear()) return;
    this.#tell({ type: "clear" });
    this.#has(0, 0);
  }

  /** After a lost connection: take back what the server has and the page has not, and send what it lacks. */
  resync(theirs) {
    const own = this.#ink.strokes;
    const last = theirs.length - 1;
    if (last >= 0 && isPrefix(theirs, own)) this.#has(last, theirs[last][0].length);
    else {
      const alike = theirs.findIndex((stroke, index) => !isOf(stroke, own[index], true));
      this.#keepThere(Math.max(alike, 0), theirs.length);
    }
    this.flush();
  }

  /** Take back the server's strokes after the first `kept`: not all at once, for in a race guessed strokes stay. */
  #keepThere(kept, strokes) {
    if (kept === 0 && strokes > 0) this.#tell({ type: "clear" });
    else for (let i = kept; i < strokes; i += 1) this.#tell({ type: "undo" });
    this.#has(kept, 0);
  }

  /** The page shows the server's own ink: nothing to send. */
  adopted() {
    const strokes = this.#ink.strokes;
    this.#has(Math.max(strokes.length - 1, 0), strokes.at(-1)?.x.length ?? 0);
  }

  /** Send all points that were not sent yet. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#sent = performance.now();
    const strokes = this.#ink.strokes;
    for (; this.#stroke < strokes.length; this.#has(this.#stroke + 1, 0)) {
      if (!this.#send(strokes[this.#stroke])) return;
      if (this.#stroke === strokes.length - 1) return;
    }
  }

  #send(stroke) {
    while (this.#point < stroke.x.length) {
      const to = Math.min(this.#point + pointsAMessage, stroke.x.length);
      const points = [];
      for (let i = this.#point; i < to; i += 1) points.push([stroke.x[i], stroke.y[i], stroke.t[i]]);
      if (!this.#tell({ type: "ink", stroke: this.#stroke, points })) return false;
      this.#point = to;
      this.#unanswered = true;
    }
    return true;
  }

  /** Send a change of the sheet; not while the server's strokes are asked for, since `resync` sends what they lack. */
  #tell(change) {
    return !this.#connection.asking && this.#connection.send({ ...change, round: this.round });
  }

  /** A guess has come. If it is about all that was sent, ink that waits goes now. */
  #answered({ points }) {
    const before = this.#ink.strokes.slice(0, this.#stroke);
    if (points < before.reduce((sum, { x }) => sum + x.length, this.#point)) return;
    this.#unanswered = false;
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#soon();
  }

  #soon() {
    const gap = this.#unanswered ? PATIENCE : GAP;
    const wait = this.#sent + gap - performance.now();
    if (wait <= 0)
      queueMicrotask(() => this.flush()); // coalesced points go in one message
    else this.#timer ||= setTimeout(() => this.flush(), wait);
  }

  #has(stroke, point) {
    this.#stroke = stroke;
    this.#point = point;
  }
}

/** Whether the page's strokes go on from the server's. */
function isPrefix(theirs, own) {
  return theirs.every((stroke, index) => isOf(stroke, own[index], index < theirs.length - 1));
}

/** Whether a stroke of the server's is one of the page's: the `whole` of it, or how it begins. */
function isOf([x, y], mine, whole) {
  if (!mine || (whole ? mine.x.length !== x.length : mine.x.length < x.length)) return false;
  const end = x.length - 1;
  return near(mine.x[end], x[end]) && near(mine.y[end], y[end]);
}

function near(a, b) {
  return Math.abs(a - b) < 0.06;
}
