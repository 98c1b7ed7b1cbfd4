// Puts the page together. `start` is called once, with the element that holds the pad's markup.

import { Brush } from "./brush.js";
import { Connection } from "./connection.js";
import { ErrorDialogs } from "./error_dialogs.js";
import { Eye } from "./eye.js";
import { Face } from "./face.js";
import { Guesser } from "./guesser.js";
import { Ink, PAD } from "./ink.js";
import { InkSender } from "./ink_sender.js";
import * as keys from "./keys.js";
import { LanguageMenu } from "./language_menu.js";
import { FIRST, hoverText, labelModes, sharedModes } from "./modes.js";
import { Notes } from "./notes.js";
import { addPages, addRaceParts } from "./pages.js";
import * as pointer from "./pointer.js";
import { RaceView } from "./race_view.js";
import { RoundInk } from "./round_ink.js";
import { RoundView } from "./round_view.js";
import { Router } from "./router.js";
import { RULES } from "./rules.js";
import { Screens } from "./screens.js";
import { Share } from "./share.js";
import { ShowdownView } from "./showdown_view.js";
import { SoloView } from "./solo_view.js";
import { Sound } from "./sound.js";
import { begin, fill, t } from "./strings.js";

const FONTS = ["Caveat Brush", "Nunito"];
const FONTS_WAIT = 600; // ms; then the system's fonts serve until ours arrive

export async function start(element) {
  const root = element.querySelector(".dr");
  const menu = new LanguageMenu(root.querySelector("[data-language]"));
  menu.value = await begin();
  fill(root);
  labelModes(root);
  await dressed();
  root.hidden = false;
  const page = assemble(root);
  const game = new SoloView(page);
  const race = new RaceView(page);
  page.errors = new ErrorDialogs(page, (mode) => game.start(mode));
  const router = new Router(page, { game, race, errors: page.errors, arrive: (code) => page.routes.arrive(code) });
  page.follow = (name) => {
    if (!(name in RULES.modes)) return router.act(name);
    if (race.over) router.act("leave");
    return game.start(name);
  };
  listenToPen(page, router);
  listenToButtons(page, game, router);
  sendBeforeLeaving(page);
  menu.listen(() => {
    fill(root);
    labelModes(root);
    page.eye.label();
    page.guesser.wait(t("hover.none"));
  });
  page.guesser.wait(t("hover.none"));
  page.connection.connect();
}

function assemble(root) {
  const get = (name) => root.querySelector(`[data-${name}]`);
  const parts = {
    canvas: get("pad"),
    nib: get("nib"),
    count: get("count"),
    explain: get("explain"),
    confetti: get("confetti"),
    stamp: get("stamp"),
    stampTitle: get("stamp-title"),
    stampText: get("stamp-text"),
    ring: get("ring"),
    seconds: get("seconds"),
    drawA: get("draw-a"),
    word: get("word"),
    worth: get("worth"),
    marks: get("marks"),
    score: get("score"),
    summary: get("summary"),
    gallery: get("gallery"),
    challengeButton: get("over-challenge"),
    sharedModes: sharedModes(root),
    play: root.querySelector(`button[data-mode=${FIRST}]`),
    skip: root.querySelector("[data-act=skip] span"),
    ...addRaceParts(root, get),
  };
  const connection = new Connection();
  const ink = new Ink();
  const sound = new Sound(root.querySelector("[data-act=sound]"));
  const inkSender = new InkSender(connection, ink);
  const guesser = new Guesser({
    face: get("face"),
    speech: get("speech"),
    thermo: get("thermo"),
    five: get("five"),
    spoken: get("spoken"),
    told: get("told"),
  });
  const notes = new Notes({
    note: get("note"),
    linkNote: get("link-note"),
    linkText: get("link-text"),
    linkClose: get("link-close"),
    stop: get("stop"),
    title: get("stop-title"),
    text: get("stop-text"),
    yes: get("stop-yes"),
    no: get("stop-no"),
    face: get("stop-face"),
    behind: [...root.querySelectorAll(".top, .table, .over, .screen")],
  });
  new Brush(parts.canvas, ink);
  const page = {
    root,
    parts,
    connection,
    ink,
    sound,
    guesser,
    notes,
    inkSender,
    sheet: new RoundInk({ connection, ink, inkSender, notes }),
    screens: new Screens(root),
    share: new Share(notes),
    showdown: new ShowdownView({ root, list: get("showdown-list") }),
    roundView: new RoundView(parts, guesser, sound),
    eye: new Eye(
      { root, canvas: get("eye"), text: get("eye-text"), toggle: root.querySelector("[data-act=eye]") },
      ink,
    ),
    lastFace: new Face(get("last-face"), "got"),
  };
  return addPages(page, get);
}

/** Draw with pointers and keys; what they take back is the router's to judge: guessed ink stays. */
export function listenToPen({ parts, ink, inkSender, guesser, root }, router) {
  const may = () => router.may;
  const lifted = () => inkSender.flush();
  const takeBack = () => router.takeBack();
  pointer.listen(parts.canvas, ink, { may, lifted, takeBack, undo: () => router.act("undo") });
  keys.listen(
    { root, canvas: parts.canvas, nib: parts.nib, ink },
    {
      may,
      lifted,
      act: (name) => router.act(name),
      moved: (x, y) => {
        const box = parts.canvas.getBoundingClientRect();
        guesser.face.look(box.left + (x / PAD) * box.width, box.top + (y / PAD) * box.height);
      },
    },
  );
  root.addEventListener("pointermove", (event) => guesser.face.look(event.clientX, event.clientY));
  const inked = () => root.classList.toggle("inked", !ink.blank);
  ink.addEventListener("grow", inked);
  ink.addEventListener("change", inked);
}

function listenToButtons({ root, guesser }, game, router) {
  for (const button of root.querySelectorAll("[data-act]"))
    button.addEventListener("click", () => router.act(button.dataset.act));
  for (const button of root.querySelectorAll("button[data-mode]"))
    button.addEventListener("click", () => game.start(button.dataset.mode));
  for (const button of root.querySelectorAll("[data-hover], button[data-mode]")) {
    for (const type of ["pointerenter", "focus"])
      button.addEventListener(type, () => router.home && guesser.say(hoverText(button.dataset), "hot"));
    for (const type of ["pointerleave", "blur"])
      button.addEventListener(type, () => router.home && guesser.say(t("hover.none")));
  }
}

/** Ink still on its way is sent before the page is hidden or left. */
function sendBeforeLeaving({ inkSender }) {
  document.addEventListener("visibilitychange", () => inkSender.flush());
  addEventListener("pagehide", () => inkSender.flush());
}

/** Resolves when our style sheets have arrived, so nothing is shown undressed, and soon the fonts. */
async function dressed() {
  const sheets = /** @type {HTMLLinkElement[]} */ ([
    ...document.querySelectorAll('link[rel="stylesheet"][href*="pad/"]'),
  ]);
  const arrived = (link) => new Promise((done) => (link.onload = link.onerror = done));
  await Promise.all(sheets.filter((link) => !link.sheet).map(arrived));
  const fonts = FONTS.map((name) => document.fonts.load(`1em "${name}"`));
  await Promise.race([Promise.allSettled(fonts), new Promise((done) => setTimeout(done, FONTS_WAIT))]);
}
