// Mouse, pen and finger on the pad: captured, coalesced, one at a time, cut at the sheet's edge.

import { PAD } from "./ink.js";

const LIGHTEST = 0.7; // a pen's width without and with full pressure
const HEAVIEST = 1.35;
const ERASER = 5; // the button that a pen's other end presses
const PEN_RESTS = 1000; // ms after the pen's last move in which a touch is a palm

/**
 * Let pointers draw on the canvas.
 *
 * One pointer draws at a time. A pen takes over from a finger or a palm, whose stroke is taken back. A second finger is
 * no second marker: the first one's stroke is taken back, and no finger draws until both are lifted.
 *
 * `may` says whether drawing is on, `lifted` is called when the pointer goes up, `takeBack` when the running stroke
 * was not meant, `undo` when a pen's eraser end touches the pad.
 */
export function listen(canvas, ink, { may, lifted, takeBack, undo }) {
  /** @type {{ id: number, type: string } | null} the pointer that draws */
  let pointer = null;
  const touches = new Set(); // ids of all fingers on the pad
  let pinched = false; // until all fingers are lifted
  let penMoved = Number.NEGATIVE_INFINITY;
  let inside = true;
  let begun = []; // strokes of the running gesture: one, and one each time it comes back to the sheet

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * PAD, ((event.clientY - box.top) / box.height) * PAD];
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.isPrimary) forget(event.pointerType);
    if (event.pointerType === "touch") touches.add(event.pointerId);
    if (event.pointerType === "pen") penMoved = event.timeStamp;
    if (event.button === ERASER) return void (may() && undo());
    if (event.button !== 0) return;
    if (pointer !== null && !takesOver(event)) return;
    if (!may() || (event.pointerType === "touch" && (pinched || isPalm(event)))) return;
    begin(event);
  });

  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerType === "pen") penMoved = event.timeStamp;
    if (event.pointerId !== pointer?.id) return;
    if (released(event)) return void lift();
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) draw(each);
  });

  for (const type of ["pointerup", "pointercancel", "lostpointercapture"])
    canvas.addEventListener(type, (event) => {
      touches.delete(event.pointerId);
      if (touches.size === 0) pinched = false;
      if (event.pointerId !== pointer?.id) return;
      if (type === "pointercancel" && event.pointerType === "touch") cancel();
      else lift();
    });

  // A long press opens no menu, and a finger on the pad never scrolls, not even on old browsers.
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  canvas.addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });

  function begin(event) {
    event.preventDefault();
    canvas.focus({ preventScroll: true, focusVisible: false });
    canvas.setPointerCapture(event.pointerId);
    pointer = { id: event.pointerId, type: event.pointerType };
    inside = true;
    begun = [];
    down(clamped(place(event)), event);
  }

  /** The first pointer of its type comes down: earlier ones have gone, even where no event told so. */
  function forget(type) {
    if (pointer?.type === type) lift();
    if (type !== "touch") return;
    touches.clear();
    pinched = false;
  }

  /** Whether a new pointer ends the running stroke, and whether it may draw itself. */
  function takesOver(event) {
    if (pointer?.type !== "touch") return false;
    if (event.pointerType === "mouse") return false;
    pinched = event.pointerType === "touch";
    cancel();
    return !pinched;
  }

  /** Whether a touch is of the hand that holds the pen, which is on the pad or was a moment ago. */
  function isPalm(touch) {
    return touch.timeStamp - penMoved < PEN_RESTS;
  }

  function lift() {
    end();
    lifted();
  }

  /** The pointer draws no more; what the keyboard's marker has begun meanwhile goes on. */
  function end() {
    pointer = null;
    if (ink.draws(begun.at(-1))) ink.up();
  }

  /** The running gesture was not meant; its strokes may be gone already, undone or replaced. */
  function cancel() {
    end();
    for (const stroke of begun.reverse()) if (stroke === ink.strokes.at(-1)) takeBack();
  }

  function down(spot, event) {
    const stroke = ink.down(...spot, event.timeStamp, width(event));
    if (stroke) begun.push(stroke);
  }

  /** The line ends where it leaves the sheet; where it comes back, a new one begins. */
  function draw(event) {
    const spot = place(event);
    const was = inside;
    inside = spot.every((value) => value >= 0 && value <= PAD);
    if (ink.draws(begun.at(-1))) {
      ink.move(...clamped(spot), event.timeStamp, width(event));
      if (!inside) ink.up();
    } else if (!was && inside && may()) down(spot, event);
  }
}

/** Whether a drawing pointer moves on lifted: `pointerup` waits for all buttons of a mouse, and may get lost. */
function released({ pointerType, buttons }) {
  return pointerType === "mouse" ? !(buttons & 1) : pointerType === "pen" && buttons === 0;
}

function clamped(spot) {
  return spot.map((value) => Math.min(Math.max(value, 0), PAD));
}

function width(event) {
  if (event.pointerType !== "pen" || !event.pressure) return 1;
  return LIGHTEST + (HEAVIEST - LIGHTEST) * event.pressure;
}
