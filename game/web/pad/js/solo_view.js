// A game played alone: shows the server's states, and sends what the player does.

import { show as showGallery } from "./gallery.js";
import { name, person } from "./me.js";
import { FIRST, FREE, kindOf } from "./modes.js";
import { t } from "./strings.js";

const ENTER_GUARD = 800; // ms after the end in which Enter starts nothing
/** @type {any} a `state` message, of which these are the parts that are always there */
export const NOWHERE = { stage: "home", mode: null, results: [], strokes: [], round: 0, word: null };

export class SoloView {
  state = NOWHERE;
  #page;
  #known = false; // a state of this page's own life was seen
  #mode = FIRST;
  #overAt = 0;
  #kept = new Map(); // round → its replay
  #hidden = new Set(); // rounds whose drawings were reported
  #challenge = null;
  #shows = {
    home: (...news) => this.#home(...news),
    countdown: (...news) => this.#countdown(...news),
    drawing: (...news) => this.#drawing(...news),
    reveal: (...news) => this.#reveal(...news),
    over: (...news) => this.#over(...news),
  };

  /** `page`: root, parts, screens, eye, connection, ink, sheet, inkSender, guesser, roundView, showdown, sound, replays. */
  constructor(page) {
    this.#page = page;
    page.ink.addEventListener("change", () => this.#blank());
  }

  /** Whether the marker may touch the sheet. */
  get may() {
    return this.state.stage === "drawing" && !this.#page.sheet.full;
  }

  /** Whether there is something to lose by leaving. */
  get running() {
    return !["home", "over"].includes(this.state.stage);
  }

  get over() {
    return this.state.stage === "over";
  }

  get mode() {
    return this.#mode;
  }

  start(mode) {
    this.#mode = mode;
    this.#page.roundView.greet();
    this.#page.root.dataset.asked = mode;
    if (name()) this.#page.connection.send({ type: "profile", ...person() }); // for the boards
    this.#page.connection.ask({ type: "start", mode });
  }

  /** Do what a button or key names; true when it meant something now. */
  act(name) {
    const { inkSender, connection } = this.#page;
    const { stage, round, word } = this.state;
    if (name === "leave" && stage !== "home") this.#leave();
    else if (name === "again") this.start(this.state.mode ?? this.#mode);
    else if (name === "challenge" && this.#challenge)
      this.#page.share.send("challenge", this.#challenge, t("share.challenge"));
    else if (name === "how") this.#explain();
    else if (name === "enter") return this.#enter();
    else if (stage !== "drawing") return false;
    else if (name === "undo") inkSender.undo();
    else if (name === "redo") inkSender.redo();
    else if (name === "clear") inkSender.clear();
    else if (name === "eye") this.#page.eye.toggle();
    else if (name === "skip" && word !== null) connection.send({ type: "skip", round });
    else return false;
    return true;
  }

  /** Take back the last stroke, which was not meant. */
  takeBack() {
    if (this.state.stage === "drawing") this.#page.inkSender.takeBack();
  }

  /** Something else has the table now. */
  park() {
    this.state = NOWHERE;
  }

  /** Take a `state`; `answer`: because the page had asked. */
  take(state, answer) {
    this.#show(state, answer);
    this.#known = true;
  }

  /** Take what was said of the running round: `guess`, `showdown`, `kept` or `finished`. */
  hear(message) {
    if (message.type === "guess") this.#guess(message);
    else if (message.type === "showdown") this.#compare(message);
    else if (message.type === "kept") this.#keep(message);
    else if (message.type === "finished") this.#finish(message);
  }

  /** How it works: draw freely, and see what the AI sees. */
  #explain() {
    this.#page.eye.open = true;
    this.start(FREE);
  }

  #enter() {
    const { stage } = this.state;
    if (stage === "home") this.start(FIRST);
    else if (stage === "over" && performance.now() - this.#overAt > ENTER_GUARD) this.act("again");
    else return false;
    return true;
  }

  #leave() {
    if (!this.#page.connection.send({ type: "leave" }) || this.state.stage === "over") this.#show(NOWHERE);
  }

  #guess(message) {
    const { stage, round, word } = this.state;
    // Latest wins: nothing late touches the next word, and a sheet wiped meanwhile has no guess.
    if (stage !== "drawing" || message.round !== round) return;
    if (this.#page.ink.blank) this.#page.guesser.wait();
    else this.#page.guesser.hear(message, word);
  }

  #compare(message) {
    if (!this.running || message.round !== this.state.round) return;
    this.#page.guesser.announce(this.#page.showdown.show(message.models));
  }

  #keep({ round, replay }) {
    this.#kept.set(round, replay);
    if (this.state.stage === "over") this.#gallery();
  }

  /** A drawing of the game was reported: show it no more. */
  hide(replay) {
    const round = [...this.#kept].find(([, id]) => id === replay)?.[0];
    if (round === undefined) return;
    this.#hidden.add(round);
    if (this.state.stage === "over") this.#gallery();
  }

  #finish({ challenge }) {
    this.#challenge = challenge;
    if (this.state.stage === "over") this.#gallery();
  }

  #gallery() {
    const watch = (id) => this.#page.replays.open(id);
    showGallery(this.#page.parts, this.state, {
      kept: this.#kept,
      hidden: this.#hidden,
      challenge: this.#challenge,
      watch,
    });
  }

  #blank() {
    if (this.state.stage === "drawing" && this.#page.ink.blank) this.#page.guesser.wait();
  }

  #show(state, answer = false) {
    const { root, screens } = this.#page;
    const before = this.state;
    this.state = state;
    if (state.mode) this.#mode = state.mode;
    root.dataset.stage = state.stage;
    root.dataset.round = state.round;
    root.dataset.mode = state.mode ?? "";
    root.dataset.kind = kindOf(state.mode);
    screens.serve({ home: "home", over: "over" }[state.stage] ?? "play");
    this.#shows[state.stage](state, before, answer);
  }

  #home(_, before) {
    const { sheet, guesser, roundView, screens, parts } = this.#page;
    sheet.wipe();
    roundView.home();
    guesser.wait(t("hover.none"));
    if (before.stage !== "home" && !screens.own) parts.play.focus({ preventScroll: true });
  }

  #countdown(state) {
    this.#page.sheet.wipe();
    this.#page.roundView.countdown(state);
    this.#page.showdown.clear();
    if (state.round !== 1) return;
    this.#kept.clear();
    this.#hidden.clear();
    this.#challenge = null;
  }

  #drawing(state, before, answer) {
    const { sheet, roundView, parts } = this.#page;
    const same = this.#known && before.stage === "drawing" && before.round === state.round;
    roundView.drawing(state, !same);
    if (same) return sheet.again(state, answer);
    sheet.begin(state);
    this.#page.showdown.clear();
    parts.canvas.focus({ preventScroll: true });
  }

  #reveal(state, before) {
    const { ink, roundView } = this.#page;
    const news = this.#known && before.results.length < state.results.length;
    ink.up();
    if (before.stage !== "drawing") ink.replace(state.results.at(-1).strokes);
    roundView.reveal(state, news);
  }

  #over(state, before) {
    const { parts, roundView, sound, lastFace, screens, statistics } = this.#page;
    roundView.over();
    this.#gallery();
    const any = state.results.some((result) => result.outcome === "guessed");
    lastFace.feel(any ? "got" : "bell");
    if (before.stage === "over") return;
    this.#overAt = performance.now();
    sound.play("over");
    const news = this.#known ? statistics.count(state) : "";
    this.#page.guesser.tell(`${parts.score.textContent}. ${parts.summary.textContent} ${news}`.trim());
    scrollTo(0, 0);
    if (!screens.own) parts.score.focus({ preventScroll: true });
  }
}
