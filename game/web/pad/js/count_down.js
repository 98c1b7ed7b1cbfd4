// Counts the last seconds before a round, with a tick for each.

export class CountDown {
  #show;
  #sound;
  #timer = 0;

  /** `show(number)` puts a number on the page, and nothing for null. */
  constructor(show, sound) {
    this.#show = show;
    this.#sound = sound;
  }

  /** Count the seconds until `end`, a time as `performance.now()` tells it. */
  run(end) {
    clearTimeout(this.#timer);
    const left = end - performance.now();
    const number = Math.ceil(left / 1000 - 0.02);
    if (number <= 0) return;
    this.#show(number);
    this.#sound.play("tick");
    this.#timer = setTimeout(() => this.run(end), left - (number - 1) * 1000);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#show(null);
  }
}
