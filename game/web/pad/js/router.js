// Who has the table, a game played alone or a race: the server's messages and the player's acts go there.

import { NOWHERE } from "./solo_view.js";
import { t } from "./strings.js";
import { renew } from "./version.js";

const SAVING_SHOWN = 5_000; // ms
const DURING_ROUNDS = ["guess", "showdown", "progress", "live_ink", "reaction", "kept", "finished"];

export class Router {
  #page;
  #game;
  #race;
  #errors;
  #words = [];
  #answers = false; // the next state answers a hello
  #forgot = false; // and the server no longer knew us
  #known = false; // a state of this page's own life was seen
  #arrive; // called once, when it is known where we are

  /** `arrive` is called after the first state. */
  constructor(page, { game, race, errors, arrive }) {
    this.#page = page;
    this.#game = game;
    this.#race = race;
    this.#errors = errors;
    this.#arrive = arrive;
    page.connection.addEventListener("message", (event) => this.#hear(event.detail));
    page.connection.addEventListener("lost", ({ detail }) => errors.lost(this.may, detail.blocked));
    page.connection.addEventListener("gone", ({ detail }) => errors.stop(detail?.blocked ? "blocked" : "gone"));
    page.connection.addEventListener("replaced", () => errors.stop("replaced"));
  }

  /** Whether the marker may touch the sheet. */
  get may() {
    return this.#page.notes.kind === null && this.#holder.may;
  }

  /** Whether the first page is the server's word, and no page of our own lies over it. */
  get home() {
    return this.#holder === this.#game && this.#game.state.stage === "home" && !this.#page.screens.own;
  }

  /** Do what a button or key names; true when it meant something now. */
  act(name) {
    const { sound, notes, screens, routes } = this.#page;
    if (name === "sound") sound.toggle();
    else if (notes.kind) return false;
    else if (screens.own && (name === "back" || name === "leave")) screens.close();
    else if (screens.own && name === "enter") return false;
    else if (name in routes.acts) routes.acts[name]();
    else if (name === "leave" && this.#race.over) this.#goHome();
    else return this.#holder.act(name);
    return true;
  }

  /** Take back the stroke that was not meant. */
  takeBack() {
    this.#holder.takeBack();
  }

  get #holder() {
    return this.#race.state.stage === "none" ? this.#game : this.#race;
  }

  #hear(message) {
    if (message.type === "welcome") this.#welcome(message);
    else if (message.type === "state") this.#alone(message);
    else if (message.type === "race") this.#together(message);
    else if (message.type === "problem") this.#fail(message.code);
    else if (message.type === "saving") this.#save(message.state);
    else if (message.type === "reveal") this.#race.hear(message);
    else if (message.type === "bests") this.#page.meet.hear(message);
    else if (message.type === "own_words_read") this.#page.lobby.hear(message);
    else if (message.type === "hidden") this.#hide(message.replay);
    else if (DURING_ROUNDS.includes(message.type)) this.#holder.hear(message);
  }

  #fail(code) {
    this.#errors.hear(code);
    if (code === "too_late") this.#race.refused();
  }

  /** A result waits for the server's database, or waited. */
  #save(state) {
    const { notes } = this.#page;
    notes.drop("saving.saving");
    if (state === "saving") notes.slip("saving.saving");
    else if (state !== "deleted") notes.pass(t(`saving.${state}`), SAVING_SHOWN);
  }

  #welcome(welcome) {
    const { guesser, notes, boards, showdown, meet, lobby } = this.#page;
    const { resumed, words, thresholds, models } = welcome;
    renew(welcome.script);
    meet.greet(welcome);
    lobby.greet(welcome);
    this.#words = words;
    guesser.thresholds = thresholds;
    boards.words = words;
    showdown.models = models;
    for (const button of this.#page.parts.sharedModes) button.hidden = models.length < 2;
    this.#answers = true;
    this.#forgot = this.#known && !resumed;
    notes.clear();
    if (!resumed) notes.drop("saving.saving"); // of whom the server forgot, it tells no more
    this.#errors.found();
  }

  #alone(state) {
    const forgot = this.#forgot && state.stage === "home";
    const seat = this.#answers && state.stage === "home" && this.#race.state.stage !== "none";
    const answer = this.#answered();
    if ((forgot || seat) && this.#holder.over) return; // the last page is worth keeping
    if (state.stage !== "home") this.#page.connection.seated();
    const lost = forgot && this.#game.running;
    const code = this.#race.state.code;
    this.#race.park();
    this.#game.take({ ...state, knows: this.#words.length }, answer);
    if (seat) this.#errors.seatLost(code);
    else if (lost) this.#errors.restarted(this.#game.mode);
    this.#settle(null);
  }

  /** A drawing was reported: no page shows it any more, whichever lies on top. */
  #hide(replay) {
    for (const place of [this.#page.replays, this.#page.boards, this.#game, this.#race]) place.hide(replay);
  }

  /** From the podium, whether or not the server still knows of it. */
  #goHome() {
    this.#page.connection.send({ type: "leave" });
    this.#race.park();
    this.#game.take(NOWHERE, false);
  }

  #together(state) {
    const answer = state.answers && this.#answered();
    this.#game.park();
    this.#race.take(state, answer);
    this.#errors.goesOn();
    this.#settle(state.code);
  }

  /** Whether the state that came answers a hello, and then no other does. */
  #answered() {
    const answer = this.#answers;
    this.#answers = this.#forgot = false;
    return answer;
  }

  #settle(code) {
    this.#known = true;
    this.#arrive?.(code);
    this.#arrive = null;
  }
}
