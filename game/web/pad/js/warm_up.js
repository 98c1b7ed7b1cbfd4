// A pad to warm up on while nobody else is there. It is the page's own: nothing drawn on it is sent or judged.

import { ownPad } from "./own_pad.js";

export class WarmUp {
  #parts;
  #ink;

  /** `parts`: canvas, hint and wipe (a button). */
  constructor(parts) {
    this.#parts = parts;
    this.#ink = ownPad(parts.canvas);
    parts.wipe.addEventListener("click", () => this.clear());
    for (const type of ["grow", "change"]) this.#ink.addEventListener(type, () => this.#tell());
  }

  clear() {
    this.#ink.begin();
  }

  #tell() {
    this.#parts.hint.hidden = !this.#ink.blank;
    this.#parts.wipe.hidden = this.#ink.blank;
  }
}
