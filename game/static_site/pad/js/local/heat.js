// A race against a recorded player, from its countdown until it is left. `game/rooms/heat.py` again, for one pad.

import { Canvas, SLACK } from "./canvas.js";
import { Contest, SECONDS } from "./contest.js";
import { problem, Refusal } from "./refusals.js";
import { Recorded, Runner } from "./runner.js";

const PROGRESS_GAP = 150; // ms between two tellings of how far everyone is
const SHOWN = ["drawing", "settling", "reveal"]; // stages in which the word is told
const COLOURS = 8;
const YOU = 0;

export class Heat {
  #venue;
  #race;
  #chairs;
  #canvas;
  #code = crypto.randomUUID(); // tells the page that this is another race
  #told = 0;
  #revealed = 0; // rounds
  #timer = 0;
  #progress = 0; // the timer that tells it

  /** `venue`: as for `Solo`; `replays`: of one recorded player, a word each. */
  constructor(venue, replays) {
    const { words, threshold } = venue.site;
    const { name, colour } = venue.person();
    const [ghost] = replays;
    const other = ghost.colour === colour ? (colour + 1) % COLOURS : ghost.colour;
    this.#venue = venue;
    this.#chairs = [
      { seat: YOU, name, colour, ghost: false },
      { seat: 1, name: ghost.name, colour: other, ghost: true },
    ];
    const order = replays.map(({ word }) => word);
    this.#race = new Contest([new Runner(YOU), new Recorded(1, replays)], { order, words, threshold }, venue.now());
    this.#canvas = new Canvas(venue, this);
    this.#progress = setInterval(() => this.#tellProgress(), PROGRESS_GAP);
    this.follow();
  }

  receive({ round, ...message }) {
    const now = this.#venue.now();
    try {
      if (message.type !== "skip") this.#canvas.change(this.#race.pad(round, now), message);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.say(problem(error.code));
    }
    this.follow();
  }

  /** Tell the whole state, and what was guessed last. */
  tell() {
    const now = this.#venue.now();
    this.#race.advance(now);
    this.#told = this.#race.changes;
    this.say(this.#state(now));
    const { turn } = this.#race.runners[YOU];
    if (this.#race.stage === "drawing" && turn.guesses.length) this.say(turn.message());
  }

  leave() {
    this.#canvas.close();
    clearInterval(this.#progress);
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  look(now) {
    return this.#here ? this.#race.look(now) : null;
  }

  judged(frame, row, now) {
    return this.#here ? this.#race.judged(frame, row, now) : null;
  }

  say(message) {
    if (this.#here) this.#venue.say(message);
  }

  /** See what has changed: keep, reveal, tell, and set the timer to the next move. */
  follow() {
    const { changes, deadline, results } = this.#race;
    if (changes === this.#told || !this.#here) return;
    for (; this.#revealed < results.length; this.#revealed += 1) this.say(this.#reveal(results[this.#revealed]));
    this.tell();
    clearTimeout(this.#timer);
    if (deadline !== null) this.#timer = setTimeout(() => this.#tick(), deadline - this.#venue.now() + SLACK);
  }

  get #here() {
    return this.#timer !== null;
  }

  #tick() {
    this.#race.advance(this.#venue.now());
    this.follow();
  }

  #tellProgress() {
    const race = this.#race;
    if (race.stage !== "drawing" && race.stage !== "settling") return;
    const seats = race.runners.map((runner) => runner.progress(this.#venue.now()));
    this.say({ type: "progress", round: race.round, seats });
  }

  #state(now) {
    const race = this.#race;
    const shown = SHOWN.includes(race.stage);
    return {
      type: "race",
      kind: "ghost",
      code: this.#code,
      stage: race.stage,
      you: YOU,
      seats: this.#chairs.map((chair) => this.#seat(chair, shown, now)),
      watchers: 0,
      settings: { rounds: race.rounds, seconds: SECONDS },
      round: race.round,
      number: race.round,
      rounds: race.rounds,
      word: shown ? race.word : null,
      left: race.deadline === null ? null : Math.max(race.deadline - now, 0),
      total: race.total,
      strokes: shown ? race.runners[YOU].turn.sheet.toLists() : [],
      results: race.results.map(summaryOf),
      podium: race.stage === "over" ? this.#podium() : [],
    };
  }

  #seat(chair, shown, now) {
    const runner = this.#race.runners[chair.seat];
    const milliseconds = shown ? runner.progress(now).milliseconds : null;
    const ways = { host: chair.seat === YOU, connected: true, ready: chair.ghost, joins: false, delay: null };
    return { ...chair, ...ways, points: runner.points, milliseconds };
  }

  #podium() {
    return this.#race.podium.map(({ seat, points, milliseconds }, index) => {
      return { place: index + 1, ...this.#chairs[seat], points, milliseconds };
    });
  }

  /** What is told of a finished round; the own drawing goes to the album. */
  #reveal(result) {
    const { round, word } = result;
    const drawings = result.scored.map(({ attempt, place, points }) => {
      const { guessed, ...facts } = attempt;
      const drawing = { ...this.#chairs[attempt.seat], ...facts, outcome: guessed ? "guessed" : "bell", points };
      return { ...drawing, place, replay: this.#keep(drawing, word), delay: null, compensated: 0, hidden: false };
    });
    return { type: "reveal", round, word, winner: winnerOf(result), drawings };
  }

  #keep({ ghost, seat, bestAt, ...replay }, word) {
    return ghost || replay.strokes.length === 0 ? null : this.#venue.album.keep({ ...replay, word });
  }
}

function winnerOf({ scored: [first] }) {
  return first.place === null ? null : first.attempt.seat;
}

function summaryOf(result) {
  const points = Object.fromEntries(result.scored.map(({ attempt, points }) => [attempt.seat, points]));
  return { round: result.round, word: result.word, winner: winnerOf(result), points };
}
