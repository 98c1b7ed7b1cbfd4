// Puts the page together. `start` is called once, with the element that holds the pad's markup.

import { Brush } from "./brush.js";
import { Courier } from "./courier.js";
import { Desk } from "./desk.js";
import { Face } from "./face.js";
import { Game } from "./game.js";
import { Guesser } from "./guesser.js";
import { Ink, PAD } from "./ink.js";
import * as keys from "./keys.js";
import { Notes } from "./notes.js";
import { addPages, addRaceParts } from "./pages.js";
import * as pointer from "./pointer.js";
import { Race } from "./race.js";
import { Screens } from "./screens.js";
import { Share } from "./share.js";
import { Sheet } from "./sheet.js";
import { Showdown } from "./showdown.js";
import { Line } from "./socket.js";
import { Sound } from "./sound.js";
import { Stage } from "./stage.js";
import { fill, speak, t } from "./strings.js";
import { Trouble } from "./trouble.js";

const FONTS = ["Caveat Brush", "Nunito"];
const FONTS_WAIT = 600; // ms; then the system's fonts serve until ours arrive

export async function start(element) {
  const root = element.querySelector(".dr");
  document.documentElement.lang = speak(navigator.languages);
  fill(root);
  await dressed();
  root.hidden = false;
  const page = assemble(root);
  const game = new Game(page);
  const race = new Race(page);
  page.trouble = new Trouble(page, (mode) => game.start(mode));
  const desk = new Desk(page, { game, race, trouble: page.trouble, arrive: (code) => page.ways.arrive(code) });
  listenToPen(page, desk);
  listenToButtons(page, game, desk);
  sendBeforeLeaving(page);
  page.guesser.wait(t("hover.none"));
  page.line.connect();
}

function assemble(root) {
  const get = (name) => root.querySelector(`[data-${name}]`);
  const parts = {
    canvas: get("pad"), nib: get("nib"), count: get("count"), confetti: get("confetti"),
    stamp: get("stamp"), stampTitle: get("stamp-title"), stampText: get("stamp-text"),
    ring: get("ring"), seconds: get("seconds"), drawA: get("draw-a"), word: get("word"),
    marks: get("marks"), score: get("score"), summary: get("summary"), gallery: get("gallery"),
    dare: get("over-dare"), showdownDoor: root.querySelector("[data-mode=showdown]"), play: root.querySelector("[data-mode=sprint]"),
    skip: root.querySelector("[data-act=skip] span"),
    ...addRaceParts(root, get),
  };
  const line = new Line();
  const ink = new Ink();
  const sound = new Sound(root.querySelector("[data-act=sound]"));
  const courier = new Courier(line, ink);
  const guesser = new Guesser({
    face: get("face"), speech: get("speech"), thermo: get("thermo"), five: get("five"), spoken: get("spoken"),
  });
  const notes = new Notes({
    note: get("note"), stop: get("stop"), title: get("stop-title"), text: get("stop-text"),
    yes: get("stop-yes"), no: get("stop-no"), face: get("stop-face"),
    behind: [...root.querySelectorAll(".top, .table, .over, .screen")],
  });
  new Brush(parts.canvas, ink);
  const page = {
    root, parts, line, ink, sound, guesser, notes, courier,
    sheet: new Sheet({ line, ink, courier, notes }),
    screens: new Screens(root),
    share: new Share(notes),
    showdown: new Showdown({ root, list: get("showdown-list") }),
    stage: new Stage(parts, guesser, sound),
    lastFace: new Face(get("last-face"), "got"),
  };
  return addPages(page, get);
}

function listenToPen({ parts, ink, courier, guesser, root }, desk) {
  const may = () => desk.may;
  const lifted = () => courier.flush();
  pointer.listen(parts.canvas, ink, { may, lifted });
  keys.listen({ root, canvas: parts.canvas, nib: parts.nib, ink }, {
    may,
    lifted,
    act: (name) => desk.act(name),
    moved: (x, y) => {
      const box = parts.canvas.getBoundingClientRect();
      guesser.face.look(box.left + (x / PAD) * box.width, box.top + (y / PAD) * box.height);
    },
  });
  root.addEventListener("pointermove", (event) => guesser.face.look(event.clientX, event.clientY));
  const inked = () => root.classList.toggle("inked", !ink.blank);
  ink.addEventListener("grow", inked);
  ink.addEventListener("change", inked);
}

function listenToButtons({ root, guesser }, game, desk) {
  for (const button of root.querySelectorAll("[data-act]"))
    button.addEventListener("click", () => desk.act(button.dataset.act));
  for (const door of root.querySelectorAll("button[data-mode]"))
    door.addEventListener("click", () => game.start(door.dataset.mode));
  for (const door of root.querySelectorAll("[data-hover]")) {
    for (const type of ["pointerenter", "focus"])
      door.addEventListener(type, () => desk.home && guesser.say(t(`hover.${door.dataset.hover}`), "hot"));
    for (const type of ["pointerleave", "blur"])
      door.addEventListener(type, () => desk.home && guesser.say(t("hover.none")));
  }
}

/** Ink still on its way is sent before the page is hidden or left. */
function sendBeforeLeaving({ courier }) {
  document.addEventListener("visibilitychange", () => courier.flush());
  addEventListener("pagehide", () => courier.flush());
}

/** Resolves when our style sheets have arrived, so nothing is shown undressed, and soon the fonts. */
async function dressed() {
  const sheets = [...document.querySelectorAll('link[rel="stylesheet"][href*="pad/css/"]')];
  const arrived = (link) => new Promise((done) => (link.onload = link.onerror = done));
  await Promise.all(sheets.filter((link) => !link.sheet).map(arrived));
  const fonts = FONTS.map((name) => document.fonts.load(`1em "${name}"`));
  await Promise.race([Promise.allSettled(fonts), new Promise((done) => setTimeout(done, FONTS_WAIT))]);
}
