// A race against a recorded player, from its countdown until it is left. Twin of `game/rooms/race_session.py`, for one
// pad.

import { RULES } from "../rules.js";
import { id } from "./ids.js";
import { Race } from "./race.js";
import { problem, Refusal } from "./refusals.js";
import { Recorded, Runner } from "./runner.js";
import { Session } from "./session.js";

const SHOWN = ["drawing", "settling", "reveal"]; // stages in which the word is told
const { colours, progressGap } = RULES.race;
const YOU = 0;

export class RaceSession extends Session {
  #seats;
  #code = id(); // tells the page that this is another race
  #revealed = 0; // rounds
  #progress = setInterval(() => this.#tellProgress(), progressGap);

  /** `replays`: of one recorded player, a word each. */
  constructor(services, replays) {
    const { words, thresholds } = services.site;
    const order = replays.map(({ word }) => word);
    super(
      services,
      new Race([new Runner(YOU), new Recorded(1, replays)], { order, words, thresholds }, services.now()),
    );
    const { name, colour, badge } = services.person();
    const [ghost] = replays;
    const other = ghost.colour === colour ? (colour + 1) % colours : ghost.colour;
    this.#seats = [
      { seat: YOU, name, colour, badge, ghost: false },
      { seat: 1, name: ghost.name, colour: other, ghost: true },
    ];
    this.follow();
  }

  get attempt() {
    return this.game.runners[YOU].attempt;
  }

  receive({ round, ...message }) {
    try {
      if (message.type !== "skip") this.padJudging.change(this.game.pad(round, this.services.now()), message);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.say(problem(error.code));
    }
    this.follow();
  }

  leave() {
    super.leave();
    clearInterval(this.#progress);
  }

  takeFrame(now) {
    return this.here ? this.game.takeFrame(now) : null;
  }

  judged(frame, row, now) {
    return this.here ? this.game.judged(frame, row, now) : null;
  }

  /** Reveal the rounds that have ended since the last time. */
  news() {
    const { results } = this.game;
    for (; this.#revealed < results.length; this.#revealed += 1) this.say(this.#reveal(results[this.#revealed]));
  }

  #tellProgress() {
    const race = this.game;
    if (race.stage !== "drawing" && race.stage !== "settling") return;
    const seats = race.runners.map((runner) => runner.progress(this.services.now()));
    this.say({ type: "progress", round: race.round, seats });
  }

  state(now) {
    const race = this.game;
    const shown = SHOWN.includes(race.stage);
    return {
      type: "race",
      kind: "ghost",
      code: this.#code,
      stage: race.stage,
      answers: true, // nothing is told while a message is on its way
      you: YOU,
      seats: this.#seats.map((taken) => this.#told(taken, shown, now)),
      watchers: 0,
      settings: { rounds: race.rounds, seconds: RULES.race.seconds.usual },
      round: race.round,
      number: race.round,
      rounds: race.rounds,
      word: shown ? race.word : null,
      left: this.left(now),
      total: race.total,
      strokes: shown ? this.attempt.sheet.toLists() : [],
      results: race.results.map(summaryOf),
      podium: race.stage === "over" ? this.#podium() : [],
    };
  }

  #told(taken, shown, now) {
    const runner = this.game.runners[taken.seat];
    const milliseconds = shown ? runner.progress(now).milliseconds : null;
    const presence = { host: taken.seat === YOU, connected: true, ready: taken.ghost, joins: false, delay: null };
    return { ...taken, ...presence, points: runner.points, milliseconds };
  }

  #podium() {
    return this.game.podium.map(({ seat, points, milliseconds }, index) => {
      return { place: index + 1, ...this.#seats[seat], points, milliseconds };
    });
  }

  /** What is told of a finished round; the own drawing goes to the album. */
  #reveal(result) {
    const { round, word } = result;
    const drawings = result.scored.map(({ attempt, place, points }) => {
      const { guessed, ...facts } = attempt;
      const drawing = { ...this.#seats[attempt.seat], ...facts, outcome: guessed ? "guessed" : "bell", points };
      return { ...drawing, place, replay: this.#keep(drawing, word), delay: null, compensated: 0, hidden: false };
    });
    return { type: "reveal", round, word, winner: winnerOf(result), drawings };
  }

  #keep({ ghost, seat, badge, bestAt, ...replay }, word) {
    return ghost || replay.strokes.length === 0 ? null : this.services.album.keep({ ...replay, word });
  }
}

function winnerOf({ scored: [first] }) {
  return first.place === null ? null : first.attempt.seat;
}

function summaryOf(result) {
  const points = Object.fromEntries(result.scored.map(({ attempt, points }) => [attempt.seat, points]));
  return { round: result.round, word: result.word, winner: winnerOf(result), points };
}
