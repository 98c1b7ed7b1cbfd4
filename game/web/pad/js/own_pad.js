// A small pad of the page's own, beside the one of the round: what is drawn on it is not judged.

import { Brush } from "./brush.js";
import { Ink } from "./ink.js";
import { Marker } from "./marker.js";
import { listen } from "./pointer.js";

/** The ink of the pad `canvas`, which can be drawn on by hand and, while it has the focus, by keyboard. */
export function ownPad(canvas) {
  const ink = new Ink();
  new Brush(canvas, ink);
  const undo = () => ink.undo();
  listen(canvas, ink, { may: () => true, lifted: () => {}, takeBack: undo, undo });
  const nib = Object.assign(document.createElement("i"), { className: "own-nib", hidden: true });
  canvas.after(nib);
  const marker = new Marker({ canvas, nib, ink }, {});
  canvas.addEventListener("keydown", (event) => {
    const other = event.altKey || event.ctrlKey || event.metaKey;
    if (!other && marker.press(event)) event.stopPropagation();
  });
  return ink;
}
