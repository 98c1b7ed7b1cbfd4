// A slip that says how much of the guesser has come.

import { make } from "../dom.js";
import { t } from "../strings.js";

const AFTER = 400; // ms; what comes sooner needs no word
const MEGABYTE = 1e6;

export class Loading {
  #slip = make("p", "note");
  #since = performance.now();

  constructor() {
    this.#slip.setAttribute("role", "status");
  }

  show(loaded, total) {
    if (performance.now() - this.#since < AFTER) return;
    if (!this.#slip.isConnected) document.querySelector(".dr")?.append(this.#slip);
    this.#slip.textContent = t("loading", {
      loaded: Math.round(loaded / MEGABYTE),
      total: Math.round(total / MEGABYTE),
    });
  }

  end() {
    this.#slip.remove();
  }
}
