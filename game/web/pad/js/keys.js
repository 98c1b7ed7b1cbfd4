// Everything by keyboard: shortcuts, and a marker that arrows move and space puts down and lifts.

import { PAD } from "./ink.js";

const STEP = 4; // pad units a tap
const LEAP = 16; // with shift
const HOLD = 150; // ms until a held arrow glides
const SPEED = 0.16; // pad units a ms
const LAG = 70; // ms by which the marker trails its aim, which rounds the corners of a line
const TICK = 8; // ms
const LONGEST = 400; // ms between two paints for which the marker moves on
const NEAR = 0.2; // pad units from the aim at which the marker has arrived
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Listen to the keys of the whole page.
 * `act(name)` does undo, clear, skip, leave or enter (true when it meant something);
 * `may` says whether drawing is on.
 */
export function listen({ root, canvas, nib, ink }, { may, act, moved, lifted }) {
  const held = new Map(); // arrow → when it went down
  const aim = { x: PAD / 2, y: PAD / 2 }; // where the arrows have sent the marker
  let { x, y } = aim; // where it is
  let frame = 0;

  addEventListener("keydown", (event) => {
    root.classList.add("keys");
    if (document.querySelector("dialog[open]")) return; // the keys are its own
    if (event.altKey || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) return void history(event);
    if (event.target instanceof Element && event.target.matches("input:not([type]), select")) return; // typing
    if (event.key in ARROWS && may()) arrow(event);
    else if (event.key === " " && may() && !onControl(event.target, canvas)) pen(event);
    else if (!event.repeat) shortcut(event);
  });
  addEventListener("keyup", (event) => held.delete(event.key));
  addEventListener("blur", () => held.clear());
  addEventListener("pointerdown", () => {
    root.classList.remove("keys");
    nib.hidden = true;
  });

  /** Ctrl or Cmd with Z takes back, with Shift and Z (or with Y) draws again; other combinations are the browser's. */
  function history(event) {
    if (event.target instanceof HTMLInputElement && event.target.type === "text") return;
    const key = event.key.toLowerCase();
    const name = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : null;
    if (name && act(name)) event.preventDefault();
  }

  function arrow(event) {
    event.preventDefault();
    if (event.repeat) return;
    if (document.activeElement !== canvas) canvas.focus({ preventScroll: true });
    held.set(event.key, performance.now());
    send(ARROWS[event.key], event.shiftKey ? LEAP : STEP);
    if (!frame) frame = requestAnimationFrame(glide);
  }

  /** Move on to the present in steps so small that a line is smooth however seldom the browser paints. */
  function glide(now, before = now) {
    for (let at = Math.max(before, now - LONGEST); at < now; at += TICK) tick(at, Math.min(TICK, now - at));
    show();
    const arrived = x === aim.x && y === aim.y;
    frame = (held.size || !arrived) && may() ? requestAnimationFrame((next) => glide(next, now)) : 0;
  }

  function tick(at, length) {
    const going = [...held].filter(([, since]) => at - since > HOLD);
    for (const [key] of going) send(ARROWS[key], SPEED * length);
    follow(1 - Math.exp(-length / LAG), at);
  }

  function send([dx, dy], far) {
    aim.x = Math.min(Math.max(aim.x + dx * far, 0), PAD);
    aim.y = Math.min(Math.max(aim.y + dy * far, 0), PAD);
  }

  /** Move the marker by a share of the way to its aim. */
  function follow(share, at = performance.now()) {
    const near = Math.hypot(aim.x - x, aim.y - y) < NEAR;
    x = near ? aim.x : x + (aim.x - x) * share;
    y = near ? aim.y : y + (aim.y - y) * share;
    ink.move(x, y, at);
  }

  function pen(event) {
    event.preventDefault();
    if (event.repeat) return;
    if (ink.drawing) {
      follow(1);
      ink.up();
      lifted();
    } else ink.down(x, y);
    show();
  }

  function show() {
    nib.hidden = false;
    nib.classList.toggle("down", ink.drawing);
    nib.style.left = `${(x / PAD) * 100}%`;
    nib.style.top = `${(y / PAD) * 100}%`;
    moved(x, y);
  }

  function shortcut(event) {
    const names = { z: "undo", u: "undo", c: "clear", s: "skip", escape: "leave", enter: "enter", " ": "enter" };
    const name = names[event.key.toLowerCase()];
    if (!name || (name === "enter" && onControl(event.target, canvas))) return;
    if (act(name)) event.preventDefault();
  }
}

function onControl(target, canvas) {
  return target !== canvas && target instanceof Element && target.closest("button, a, input, select") !== null;
}
