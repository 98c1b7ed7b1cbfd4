// The course of a game as the page knows it: the server's states in, what the player does out.

import { show as showGallery } from "./gallery.js";
import { t } from "./strings.js";

const ENTER_GUARD = 800; // ms after the end in which Enter starts nothing

export class Game {
  state = { stage: "home", results: [], strokes: [] };
  #page;
  #words = [];
  #known = false; // a state of this page's own life was seen
  #again = false; // the next state answers a hello
  #forgot = false; // and the server no longer knew our game
  #full = false;
  #start = null; // asked for while the line was down
  #mode = "sprint";
  #overAt = 0;
  #shows = {
    home: (...news) => this.#home(...news),
    countdown: (...news) => this.#countdown(...news),
    drawing: (...news) => this.#drawing(...news),
    reveal: (...news) => this.#reveal(...news),
    over: (...news) => this.#over(...news),
  };

  /** `page`: root, parts, line, ink, courier, guesser, stage, notes, sound. */
  constructor(page) {
    this.#page = page;
    page.line.addEventListener("message", (event) => this.#hear(event.detail));
    page.line.addEventListener("lost", () => page.notes.kind ?? page.notes.slip(t("lost")));
    page.line.addEventListener("gone", () => this.#card("gone", () => page.line.connect()));
    page.line.addEventListener("replaced", () => this.#card("replaced", () => page.line.connect()));
    page.ink.addEventListener("change", () => this.#room());
  }

  /** Whether the marker may touch the sheet. */
  get may() {
    return this.state.stage === "drawing" && !this.#full && this.#page.notes.kind === null;
  }

  start(mode) {
    this.#mode = mode;
    this.#page.root.dataset.asked = mode;
    if (!this.#page.line.send({ type: "start", mode })) {
      this.#start = mode;
      this.#page.line.connect();
    }
  }

  /** Do what a button or key names; true when it meant something now. */
  act(name) {
    const { courier, line, sound } = this.#page;
    const { stage, round, word } = this.state;
    if (name === "sound") sound.toggle();
    else if (this.#page.notes.kind) return false;
    else if (name === "leave" && stage !== "home") this.#leave();
    else if (name === "again") this.start(this.state.mode ?? this.#mode);
    else if (name === "enter") return this.#enter();
    else if (stage !== "drawing") return false;
    else if (name === "undo") courier.undo();
    else if (name === "clear") courier.clear();
    else if (name === "skip" && word !== null) line.send({ type: "skip", round });
    else return false;
    return true;
  }

  #enter() {
    const { stage } = this.state;
    if (stage === "home") this.start("sprint");
    else if (stage === "over" && performance.now() - this.#overAt > ENTER_GUARD) this.act("again");
    else return false;
    return true;
  }

  #leave() {
    if (!this.#page.line.send({ type: "leave" }) || this.state.stage === "over") this.#show(HOME);
  }

  #hear(message) {
    if (message.type === "welcome") this.#welcome(message);
    else if (message.type === "state") this.#take(message);
    else if (message.type === "guess") this.#guess(message);
    else if (message.code === "too_much_ink") this.#fill();
    else if (message.code === "too_fast") this.#page.line.hello(); // some of it was dropped
  }

  #welcome({ resumed, words, threshold }) {
    this.#words = words;
    this.#page.guesser.threshold = threshold;
    this.#again = true;
    this.#forgot = this.#known && !resumed;
    this.#page.notes.clear();
    if (this.#start) this.#page.line.send({ type: "start", mode: this.#start });
    this.#start = null;
  }

  #take(state) {
    const answer = this.#again;
    const forgot = this.#forgot && state.stage === "home";
    this.#again = this.#forgot = false;
    if (forgot && this.state.stage === "over") return; // the last page is worth keeping
    const lost = forgot && this.state.stage !== "home";
    this.#show({ ...state, knows: this.#words.length }, answer);
    this.#known = true;
    if (lost) this.#restarted();
  }

  #restarted() {
    const after = (act) => () => {
      this.#page.notes.clear();
      act();
    };
    const mode = this.#mode;
    this.#card("restarted", after(() => this.start(mode)), after(() => {}));
  }

  #card(kind, yes, no) {
    this.#page.notes.card(kind, yes, no);
  }

  #guess(message) {
    const { stage, round, word } = this.state;
    // Latest wins: nothing late touches the next word, and a sheet wiped meanwhile has no guess.
    if (stage !== "drawing" || message.round !== round) return;
    if (this.#page.ink.blank) this.#page.guesser.wait();
    else this.#page.guesser.hear(message, word);
  }

  /** The server takes no more ink: ask what it has, to show no more than that. */
  #fill() {
    if (this.#full) return;
    this.#full = true;
    this.#page.ink.up();
    this.#page.line.hello();
  }

  #showFull(strokes) {
    this.#page.ink.replace(strokes);
    this.#page.courier.adopted();
    this.#full = true;
    this.#page.notes.slip(t("full"));
  }

  #room() {
    if (this.#full) this.#page.notes.slip(null);
    this.#full = false;
    if (this.state.stage === "drawing" && this.#page.ink.blank) this.#page.guesser.wait();
  }

  #show(state, answer = false) {
    const { root } = this.#page;
    const before = this.state;
    this.state = state;
    if (state.mode) this.#mode = state.mode;
    root.dataset.stage = state.stage;
    root.dataset.round = state.round;
    root.dataset.mode = state.mode ?? "";
    root.dataset.screen = { home: "home", over: "over" }[state.stage] ?? "play";
    this.#shows[state.stage](state, before, answer);
  }

  #home(_, before) {
    const { courier, ink, guesser, stage, parts } = this.#page;
    courier.begin(null);
    ink.begin();
    stage.home();
    guesser.wait(t("hover.none"));
    if (before.stage !== "home") parts.play.focus({ preventScroll: true });
  }

  #countdown(state) {
    this.#page.courier.begin(null);
    this.#page.ink.begin();
    this.#page.stage.countdown(state);
  }

  #drawing(state, before, answer) {
    const { courier, ink, stage, parts } = this.#page;
    const same = this.#known && before.stage === "drawing" && before.round === state.round;
    stage.drawing(state, !same);
    if (!same) {
      ink.begin(state.strokes.at(-1)?.[2]?.at(-1) ?? 0);
      courier.begin(state.round);
      if (state.strokes.length) ink.replace(state.strokes);
      courier.adopted();
      parts.canvas.focus({ preventScroll: true });
    } else if (this.#full) this.#showFull(state.strokes);
    else if (answer) courier.resync(state.strokes);
  }

  #reveal(state, before) {
    const { ink, stage } = this.#page;
    const news = this.#known && before.results.length < state.results.length;
    ink.up();
    if (before.stage !== "drawing") ink.replace(state.results.at(-1).strokes);
    stage.reveal(state, news);
  }

  #over(state, before) {
    const { parts, stage, sound, lastFace } = this.#page;
    stage.over();
    showGallery(parts, state);
    const any = state.results.some((result) => result.outcome === "guessed");
    lastFace.feel(any ? "got" : "bell");
    if (before.stage === "over") return;
    this.#overAt = performance.now();
    sound.play("over");
    scrollTo(0, 0);
    parts.score.focus({ preventScroll: true });
  }
}

const HOME = { type: "state", stage: "home", mode: null, results: [], strokes: [], round: 0, word: null };
