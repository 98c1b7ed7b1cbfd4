// A race in a room: shows the server's `race` states, and sends what the player does.

import { asked, show as showAddress } from "./links.js";
import { SeatBadges } from "./seat_badges.js";
import { seriesGoesOn, seriesOver } from "./series.js";
import { t } from "./strings.js";
import { showTeams } from "./teams.js";

const SHARED = ["room", "quick"]; // kinds of race in which others draw at the same time

/** @type {any} a `race` message, of which these are the parts that are always there */
const NOWHERE = {
  stage: "none",
  kind: null,
  code: null,
  you: null,
  seats: [],
  results: [],
  strokes: [],
  round: 0,
  podium: [],
};

export class RaceView {
  state = NOWHERE;
  #page;
  #reveals = new Map(); // round → its `reveal`, of this race
  #badges = new SeatBadges();
  #challenge = null;
  #kept = 0; // strokes of the drawing that was guessed, which stay
  #shows = {
    lobby: (...news) => this.#lobby(...news),
    countdown: (...news) => this.#countdown(...news),
    drawing: (...news) => this.#drawing(...news),
    settling: (...news) => this.#settling(...news),
    reveal: (...news) => this.#reveal(...news),
    over: (...news) => this.#over(...news),
  };

  /** `page`: as for `SoloView`, and lobby, opponents, watch, revealPage, podium, reactions. */
  constructor(page) {
    this.#page = page;
  }

  /** Whether the marker may touch the sheet. */
  get may() {
    return this.#mayChange && !this.#page.sheet.full;
  }

  /** Whether ink may come or go; from a full sheet it may go. */
  get #mayChange() {
    const { stage, settings } = this.state;
    return stage === "drawing" && this.#plays && (this.#own?.milliseconds === null || settings.finish);
  }

  /** Whether the last stroke belongs to the drawing that was guessed. */
  get #stays() {
    return this.#kept >= this.#page.ink.strokes.length;
  }

  /** Whether there is something to lose by leaving. */
  get running() {
    return !["none", "over"].includes(this.state.stage);
  }

  get over() {
    return this.state.stage === "over";
  }

  get kind() {
    return this.state.kind;
  }

  /** Do what a button or key names; true when it meant something now. */
  act(name) {
    const { connection, inkSender, share } = this.#page;
    const { code, kind } = this.state;
    if (name === "leave") this.#mayLeave();
    else if (name === "ready") connection.send({ type: "ready", ready: !this.#own?.ready });
    else if (name === "start-race" || name === "rematch") this.#begin(kind);
    else if (name === "sit") this.#page.routes.join(code);
    else if (name === "copy-link") share.copy("room", code);
    else if (name === "share-link") share.send("room", code, t("share.room", { code }));
    else if (name === "challenge" && this.#challenge) share.send("challenge", this.#challenge, t("share.challenge"));
    else if (!this.#mayChange) return false;
    else if (name === "undo" && this.#stays) return true;
    else if (name === "undo") inkSender.undo();
    else if (name === "redo") inkSender.redo();
    else if (name === "clear" && this.#kept > 0) this.#clearRest();
    else if (name === "clear") inkSender.clear();
    else return false;
    return true;
  }

  /** Take back what was drawn after the guess. */
  #clearRest() {
    const { ink, inkSender } = this.#page;
    while (ink.strokes.length > this.#kept) inkSender.undo();
  }

  /** Take back the last stroke, which was not meant. */
  takeBack() {
    if (this.#mayChange && !this.#stays) this.#page.inkSender.takeBack();
  }

  /** It was too late for ink: what was taken back on the way of the guess stays, so show what the server has. */
  refused() {
    if (this.#mayChange && this.#own?.milliseconds !== null) this.#page.sheet.refused();
  }

  /** Something else has the table now. */
  park() {
    if (this.state === NOWHERE) return;
    this.state = NOWHERE;
    this.#reveals.clear();
    this.#page.lobby.leave();
    this.#page.watch.stop();
    this.#page.live.begin(0);
    if (["room", "watch"].includes(asked()?.[0] ?? "")) showAddress();
  }

  /** Take a `race` state; `answer`: because the page had asked. */
  take(told, answer) {
    const { root, parts, screens } = this.#page;
    const before = this.state;
    if (before.code !== told.code) this.#badges.clear();
    const state = this.#dressed(told);
    this.state = state;
    root.dataset.stage = state.stage;
    root.dataset.round = state.round;
    root.dataset.mode = root.dataset.kind = "race";
    screens.serve(this.#screen);
    if (before.code !== state.code) this.#enter(before);
    if (before.code !== state.code || (before.you === null) !== (state.you === null)) this.#address(state);
    for (const sit of parts.sits) sit.hidden = state.you !== null || state.seats.length >= state.settings.seats;
    showTeams(parts.teams, state.stage === "over" && seriesOver(state) ? state.series : state);
    this.#shows[state.stage](state, before, answer);
    this.#page.reactions.offer(this.#mayReact);
  }

  /** The state with everyone's badge also in its rankings. */
  #dressed(state) {
    const { series = null } = state;
    this.#badges.take(state.seats);
    return {
      ...state,
      podium: this.#badges.dressed(state.podium),
      series: series && { ...series, standings: this.#badges.dressed(series.standings) },
    };
  }

  /** The reveals with everyone's badge beside the name, by round. */
  get #dressedReveals() {
    return new Map([...this.#reveals].map(([round, reveal]) => [round, this.#dressedReveal(reveal)]));
  }

  #dressedReveal(reveal) {
    return { ...reveal, drawings: this.#badges.dressed(reveal.drawings) };
  }

  /** Take what was said of the race: `guess`, `progress`, `reveal`, `reaction` or `finished`. */
  hear(message) {
    if (message.type === "guess") this.#guess(message);
    else if (message.type === "progress") this.#progress(message);
    else if (message.type === "live_ink") this.#page.live.take(message);
    else if (message.type === "reveal") this.#reveals.set(message.round, message);
    else if (message.type === "reaction") this.#react(message);
    else if (message.type === "finished") this.#finish(message);
  }

  /** @returns {Seat | null} */
  get #own() {
    return this.state.seats.find(({ seat }) => seat === this.state.you) ?? null;
  }

  get #plays() {
    return this.#own !== null && !this.#own.joins;
  }

  /** Whether the own drawing is guessed, and the others' may be seen meanwhile. */
  get #watches() {
    const { kind, settings } = this.state;
    return SHARED.includes(kind) && settings.live && this.#own?.milliseconds !== null;
  }

  /** Whether others are there to see a reaction, and the own drawing is guessed, or the round over. */
  get #mayReact() {
    const { stage, seats } = this.state;
    const own = this.#own;
    const company = seats.some(({ seat, ghost }) => seat !== own?.seat && !ghost);
    const rests = ["reveal", "over"].includes(stage) || (stage === "drawing" && !this.#draws);
    return own !== null && company && rests;
  }

  /** Whether the own drawing is still to be guessed. */
  get #draws() {
    return this.#plays && this.#own?.milliseconds === null;
  }

  get #screen() {
    const { stage } = this.state;
    if (stage === "lobby" || stage === "reveal") return stage;
    if (stage === "over") return "podium";
    return this.#plays ? "play" : "watch";
  }

  get #goal() {
    return this.#page.guesser.threshold(this.state.word);
  }

  #begin(kind) {
    const { connection } = this.#page;
    if (kind === "room") connection.send({ type: "begin" });
    else if (kind === "quick") connection.send({ type: "ready", ready: true });
    else this.#page.routes.acts.meet();
  }

  /** Leave at once where nothing is lost; else after asking. */
  #mayLeave() {
    const leave = () => this.#page.connection.ask({ type: "leave" });
    if (this.#plays && this.running && this.state.stage !== "lobby") this.#page.errors.leaving(leave);
    else leave();
  }

  /** A race was entered. */
  #enter(before) {
    this.#page.live.begin(0);
    if (before.stage !== "none") this.#reveals.clear(); // else the server told them, for one who is back
  }

  /** Loaded again, the page comes back to the room, and to the seat that it has there or took as a watcher. */
  #address({ kind, code, you }) {
    if (kind === "room") showAddress(you === null ? "watch" : "room", code);
    if (you !== null) this.#page.connection.seated();
  }

  #lobby(state, before) {
    const { lobby, sheet, roundView, parts, badgeSheet } = this.#page;
    if (before.stage !== "lobby") {
      sheet.wipe();
      roundView.home();
      this.#reveals.clear();
    }
    lobby.show(state);
    badgeSheet.show(this.#own?.colour);
    if (before.stage === "none") parts.lobbyTitle.focus({ preventScroll: true });
  }

  #countdown(state, before) {
    const { sheet, roundView, opponents, watch, lobby, badgeSheet } = this.#page;
    const fresh = before.stage !== "countdown";
    lobby.leave();
    badgeSheet.close();
    this.#page.live.begin(state.round);
    if (fresh && state.number === 1) {
      this.#page.podium.rank = null;
      this.#page.parts.podiumRank.textContent = "";
      this.#reveals.clear();
      this.#challenge = null;
    }
    if (!this.#plays) return watch.show(state, this.#goal, fresh);
    opponents.seats(this.#others(state), this.#goal);
    if (!fresh) return undefined;
    sheet.wipe();
    opponents.cool();
    return roundView.countdown(this.#asGame(state));
  }

  #drawing(state, before, answer) {
    const { sheet, roundView, opponents, parts, live } = this.#page;
    const same = before.stage === "drawing" && before.round === state.round;
    live.begin(state.round);
    if (!this.#plays) return this.#watch(state, !same);
    opponents.seats(this.#others(state), this.#goal, this.#watches);
    roundView.drawing(this.#asGame(state), !same);
    if (same) sheet.again(state, answer);
    else {
      this.#kept = 0;
      sheet.begin(state);
      parts.canvas.focus({ preventScroll: true });
    }
    return this.#celebrate(state, before);
  }

  #watch(state, fresh) {
    this.#page.watch.show(state, this.#goal, fresh);
    if (fresh) this.#page.guesser.tell(t("spokenWord", state));
  }

  /** The own drawing was guessed: the others may go on until the bell. */
  #celebrate(state, before) {
    const own = this.#own;
    const was = before.seats.find(({ seat }) => seat === state.you);
    if (!own || own.milliseconds === null) return;
    const { milliseconds } = own;
    const place = state.seats.filter((seat) => seat.milliseconds !== null && seat.milliseconds <= milliseconds).length;
    const { ink, roundView } = this.#page;
    const news = was?.milliseconds === null;
    if (!state.settings.finish) ink.up();
    if (news || this.#kept === 0) this.#kept = ink.strokes.length;
    roundView.guessed(state.word, milliseconds, place, { news, finish: state.settings.finish });
  }

  #settling(state, before) {
    const { roundView, ink } = this.#page;
    if (!this.#plays) return this.#rest(state, before);
    ink.up();
    if (before.stage === "drawing") roundView.bell(state.word, this.#own?.milliseconds ?? null);
    return undefined;
  }

  /** The big screen's bell rings for those who did not get there. */
  #rest({ seats }, before) {
    this.#page.watch.stop();
    const late = seats.some(({ joins, milliseconds }) => !joins && milliseconds === null);
    if (before.stage === "drawing" && late) this.#page.sound.play("bell");
  }

  #reveal(state, before) {
    const { revealPage, guesser, roundView, sound, sheet } = this.#page;
    const told = this.#reveals.get(state.round);
    const reveal = told && this.#dressedReveal(told);
    roundView.over();
    if (!reveal) return revealPage.missed(state);
    sheet.wipe();
    guesser.tell(revealPage.show(reveal, state, guesser.threshold(reveal.word)));
    if (before.stage === "reveal") return undefined;
    sound.play(reveal.winner === state.you ? "got" : "skip");
    return scrollTo(0, 0);
  }

  #over(state, before) {
    const { podium, parts, sound, roundView, screens, watch, guesser } = this.#page;
    roundView.over();
    watch.stop();
    podium.show(state, this.#dressedReveals);
    this.#again(state);
    if (before.stage === "over") return;
    sound.play("over");
    guesser.tell(`${parts.podiumTitle.textContent} ${before.stage === "none" ? "" : this.#count(state)}`.trim());
    scrollTo(0, 0);
    if (!screens.own) parts.podiumTitle.focus({ preventScroll: true });
  }

  /** Count the race in the player's own statistics; a watcher has none. */
  #count({ kind, you }) {
    const own = this.#own;
    if (own === null) return "";
    const results = [...this.#reveals.values()].flatMap(({ word, drawings }) =>
      drawings.filter(({ seat }) => seat === you).map((drawing) => ({ ...drawing, word })),
    );
    return this.#page.statistics.count({ mode: kind, points: own.points, results });
  }

  /** Who may ask for the next race, and how. */
  #again(state) {
    const { kind, seats, left } = state;
    const { rematch, rematchSays } = this.#page.parts;
    const own = this.#own;
    const mayBegin = own !== null && (kind !== "room" || own.host);
    rematch.hidden = !mayBegin || (kind === "quick" && own.ready);
    const next = seriesGoesOn(state) ? "nextRace" : seriesOver(state) ? "newSeries" : "rematch";
    rematch.querySelector("span").textContent = t(`podium.${SHARED.includes(kind) ? next : "another"}`);
    const host = seats.find((seat) => seat.host)?.name ?? "";
    if (kind === "quick" && left !== null) rematchSays.textContent = t("podium.soon");
    else if (!own || mayBegin) rematchSays.textContent = "";
    else rematchSays.textContent = t(seriesGoesOn(state) ? "podium.hostNext" : "podium.hostAgain", { name: host });
    this.#page.parts.podiumChallenge.hidden = this.#challenge === null;
  }

  #others({ seats, you }) {
    return seats.filter(({ seat, joins }) => seat !== you && !joins);
  }

  /** The race as the table shows it: as a game with a number of words. */
  #asGame(state) {
    const points = this.#own?.points ?? 0;
    return {
      ...state,
      mode: "race",
      results: [],
      race: { number: state.number, rounds: state.rounds, points, teams: state.team_points ?? [] },
    };
  }

  #guess(message) {
    const { stage, round, word } = this.state;
    if (stage !== "drawing" || message.round !== round || this.#own?.milliseconds !== null) return;
    if (this.#page.ink.blank) this.#page.guesser.wait();
    else this.#page.guesser.hear(message, word);
  }

  #progress({ round, seats }) {
    if (round !== this.state.round) return;
    const others = seats.filter(({ seat }) => seat !== this.state.you);
    if (this.#plays) this.#page.opponents.progress(others);
    else this.#page.watch.progress(seats);
  }

  #react({ seat, reaction }) {
    const { podium, revealPage, opponents, watch, reactions, guesser } = this.#page;
    const { stage, seats, you } = this.state;
    const pages = { over: podium, reveal: revealPage };
    const page = pages[stage] ?? (this.#plays ? opponents : watch);
    if (seat === you && page === opponents) reactions.own(reaction);
    else page.feel(seat, reaction);
    const who = seats.find((each) => each.seat === seat);
    const busy = stage === "drawing" && this.#draws; // who draws hears only the guesses
    if (who && !busy) guesser.announce(`${who.name}: ${t(`reactions.${reaction}`)}`);
  }

  /** A drawing was reported: show it no more. */
  hide(replay) {
    for (const [round, reveal] of this.#reveals) {
      const drawings = reveal.drawings.map((each) => (each.replay === replay ? { ...each, hidden: true } : each));
      this.#reveals.set(round, { ...reveal, drawings });
    }
    if (this.state.stage === "reveal") this.#reveal(this.state, this.state);
    if (this.state.stage === "over") this.#page.podium.show(this.state, this.#dressedReveals);
  }

  #finish({ challenge, rank, of }) {
    const { parts } = this.#page;
    this.#challenge = challenge;
    parts.podiumChallenge.hidden = challenge === null;
    parts.podiumChallenge.dataset.challenge = challenge ?? "";
    if (rank === null) return;
    this.#page.podium.rank = rank;
    if (this.over) this.#page.podium.show(this.state, this.#dressedReveals);
    parts.podiumRank.textContent = t("daily.rank", { rank, of });
    this.#page.guesser.tell(parts.podiumRank.textContent);
  }
}
