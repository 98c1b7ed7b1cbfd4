// The judge of the page: it judges the newest ink as often as it can, in a worker. Twin of `game/judging/judge.py`.

export class Judge {
  ready; // resolves when it can judge, fails when its files cannot be had
  #worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  /** @type {JudgedPad | null} */
  #wanted = null;
  #working = false;
  #answered; // takes the row of the running drawing

  /** `progress(loaded, total)` hears of bytes while the guesser is fetched. */
  constructor({ temperature, columns, files }, progress) {
    this.ready = new Promise((resolve, reject) => {
      const hears = { ready: resolve, failed: ({ text }) => reject(new Error(text)) };
      hears.progress = ({ loaded, total }) => progress(loaded, total);
      hears.row = ({ row }) => this.#answered(row);
      this.#worker.onmessage = ({ data }) => hears[data.type](data);
      this.#worker.onerror = (event) => reject(new Error(event.message ?? "the worker could not start"));
    });
    this.#worker.postMessage({ type: "load", temperature, columns, files });
  }

  /** Judge a pad as soon as possible: `takeFrame()` returns its drawing, `judged(frame, row)` takes the answer. */
  want(pad) {
    this.#wanted = pad;
    if (!this.#working) this.#work();
  }

  /** Judge no more. */
  close() {
    this.#worker.terminate();
  }

  async #work() {
    this.#working = true;
    while (this.#wanted) {
      const pad = this.#wanted;
      this.#wanted = null;
      const frame = pad.takeFrame();
      const row = frame && (await this.probabilities(frame.strokes));
      if (row) pad.judged(frame, row);
    }
    this.#working = false;
  }

  /** Of each word, for strokes `[[x...], [y...]]`; null when they cannot be judged. One drawing at a time. */
  probabilities(strokes) {
    return new Promise((answered) => {
      this.#answered = answered;
      this.#worker.postMessage({ type: "judge", strokes });
    });
  }
}
