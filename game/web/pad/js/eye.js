// What the AI sees: the drawing as the small bitmap that the model takes, live beside free drawing.

import { rasterise, SIDE } from "./raster.js";
import { t } from "./strings.js";

export class Eye {
  #root;
  #canvas;
  #text;
  #toggle;
  #ink;
  #frame = 0;

  /** `canvas`: SIDE pixels wide and high; `text` below it; `toggle`: the button that shows and hides it. */
  constructor({ root, canvas, text, toggle }, ink) {
    this.#root = root;
    this.#canvas = canvas;
    this.#text = text;
    this.#toggle = toggle;
    this.#ink = ink;
    canvas.width = canvas.height = SIDE;
    this.open = false;
    this.label();
    for (const type of ["grow", "change"]) ink.addEventListener(type, () => this.#soon());
  }

  get open() {
    return this.#toggle.getAttribute("aria-pressed") === "true";
  }

  set open(open) {
    this.#toggle.setAttribute("aria-pressed", String(open));
    this.#root.classList.toggle("eye-open", open);
    this.#soon();
  }

  /** Write its texts, in the language spoken now. */
  label() {
    this.#canvas.setAttribute("aria-label", t("eye.label", { side: SIDE }));
    this.#text.textContent = t("eye.text", { side: SIDE });
  }

  toggle() {
    this.open = !this.open;
  }

  /** Once a frame, and only while it can be seen. */
  #soon() {
    if (!this.open || this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#look();
    });
  }

  #look() {
    const context = this.#canvas.getContext("2d");
    const image = context.createImageData(SIDE, SIDE);
    const strokes = this.#ink.strokes.map(({ x, y }) => [x, y]);
    const bitmap = strokes.length ? rasterise(strokes) : new Uint8Array(SIDE * SIDE);
    for (const [pixel, grey] of bitmap.entries()) image.data.set([grey, grey, grey, 255], 4 * pixel);
    context.putImageData(image, 0, 0);
  }
}
