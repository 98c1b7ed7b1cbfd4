// Who runs in a race: the player at the pad, or a recorded one. Twin of `game/rules/runner.py`, without link delays.

/** @typedef {import("./attempt.js").Attempt} Attempt */

export class Runner {
  ghost = false;
  /** @type {Attempt | null} */
  attempt = null;
  /** @type {number | null} ms until the drawing was guessed */
  finished = null;
  points = 0; // of all rounds, as is `milliseconds`
  milliseconds = 0;

  constructor(seat) {
    this.seat = seat;
  }

  /** Get a new pad; `number` is the word's in the race, from 1. */
  begin(attempt, _number, _length) {
    this.attempt = attempt;
    this.finished = null;
  }

  guessed(at) {
    this.finished = at - (this.attempt?.started ?? at);
  }

  /** What others may know. */
  progress(_now) {
    return { seat: this.seat, target: this.attempt?.message().target ?? 0, milliseconds: this.finished };
  }

  /** The finished round of `length` ms. */
  result(length) {
    const attempt = /** @type {Attempt} */ (this.attempt);
    const guessed = this.finished !== null;
    return {
      seat: this.seat,
      guessed,
      milliseconds: this.finished ?? length,
      frame: guessed ? attempt.frame : attempt.bestFrame,
      best: attempt.best,
      bestAt: attempt.bestAt - attempt.started,
      strokes: attempt.sheet.toLists(),
      frames: attempt.frames,
    };
  }
}

/** A recorded player, whose drawings appear as they were drawn at the time. */
export class Recorded extends Runner {
  ghost = true;
  /** @type {Replay[]} */
  #replays;
  /** @type {Replay} of the running round */
  #replay = /** @type {any} */ (null);

  constructor(seat, replays) {
    super(seat);
    this.#replays = replays;
  }

  begin(attempt, number, length) {
    super.begin(attempt, number, length);
    const replay = this.#replays[number - 1];
    this.#replay = replay;
    if (replay.outcome === "guessed" && replay.milliseconds <= length) this.finished = replay.milliseconds;
  }

  progress(now) {
    if (this.attempt === null) return super.progress(now);
    const elapsed = now - this.attempt.started;
    const target = this.#replay.frames.findLast(([, at]) => at <= elapsed)?.[2] ?? 0;
    const done = this.finished !== null && this.finished <= elapsed;
    return { seat: this.seat, target, milliseconds: done ? this.finished : null };
  }

  result(length) {
    const replay = this.#replay;
    const guessed = this.finished !== null;
    const frames = replay.frames.filter(([, at]) => at <= length);
    const [frame, bestAt, best] = frames.reduce((a, b) => (b[2] > a[2] ? b : a), frames[0] ?? [0, 0, 0, ""]);
    return {
      seat: this.seat,
      guessed,
      milliseconds: this.finished ?? length,
      frame: guessed ? replay.frame : frame,
      best: guessed ? replay.best : best,
      bestAt,
      strokes: replay.strokes,
      frames,
    };
  }
}
