// Mouse, pen and finger on the pad: captured, coalesced, one at a time, cut at the sheet's edge.

import { PAD } from "./ink.js";

const LIGHTEST = 0.7; // a pen's width without and with full pressure
const HEAVIEST = 1.35;

/**
 * Let pointers draw on the canvas.
 * `may` says whether drawing is on, `lifted` is called when the pointer goes up.
 */
export function listen(canvas, ink, { may, lifted }) {
  let pointer = null; // id of the one that draws
  let inside = true;

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * PAD, ((event.clientY - box.top) / box.height) * PAD];
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0 || !may()) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true, focusVisible: false });
    canvas.setPointerCapture(event.pointerId);
    pointer = event.pointerId;
    inside = true;
    ink.down(...clamped(place(event)), event.timeStamp, width(event));
  });

  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) draw(each);
  });

  for (const type of ["pointerup", "pointercancel", "lostpointercapture"])
    canvas.addEventListener(type, (event) => {
      if (event.pointerId !== pointer) return;
      pointer = null;
      ink.up();
      lifted();
    });

  // A long press opens no menu, and a finger on the pad never scrolls, not even on old browsers.
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  canvas.addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });

  /** The line ends where it leaves the sheet; where it comes back, a new one begins. */
  function draw(event) {
    const spot = place(event);
    const was = inside;
    inside = spot.every((value) => value >= 0 && value <= PAD);
    if (was) ink.move(...clamped(spot), event.timeStamp, width(event));
    if (was && !inside) ink.up();
    if (!was && inside && may()) ink.down(...spot, event.timeStamp, width(event));
  }
}

function clamped(spot) {
  return spot.map((value) => Math.min(Math.max(value, 0), PAD));
}

function width(event) {
  if (event.pointerType !== "pen" || !event.pressure) return 1;
  return LIGHTEST + (HEAVIEST - LIGHTEST) * event.pressure;
}
