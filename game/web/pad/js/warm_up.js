// A pad to warm up on while nobody else is there. It is the page's own: nothing drawn on it is sent or judged.

import { Brush } from "./brush.js";
import { Ink } from "./ink.js";
import { listen } from "./pointer.js";

export class WarmUp {
  #parts;
  #ink = new Ink();

  /** `parts`: canvas, hint and wipe (a button). */
  constructor(parts) {
    this.#parts = parts;
    new Brush(parts.canvas, this.#ink);
    const nothing = () => {};
    const undo = () => this.#ink.undo();
    listen(parts.canvas, this.#ink, { may: () => true, lifted: nothing, takeBack: undo, undo });
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
