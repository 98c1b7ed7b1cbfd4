// What the table shows in each stage of a game: countdown, word, clock, marks, stamp.

import { Clock } from "./clock.js";
import { burst, sweep } from "./confetti.js";
import { CountDown } from "./count_down.js";
import { icon, make } from "./dom.js";
import { boardTitle, isOpen, skipLabel, worthText } from "./modes.js";
import { recall, remember } from "./store.js";
import { noun, t } from "./strings.js";
import { teamMark, teamName } from "./teams.js";

const MOODS = { guessed: "got", bell: "bell", skipped: "unsure" };
const SOUNDS = { guessed: "got", bell: "bell", skipped: "skip" };
const ICONS = { guessed: "tick", bell: "bell", skipped: "cross" };
const STAMP_SHOWN = 1600; // ms
const GAMES = "doodle-race-games"; // how many were begun in this browser
const NEWCOMER = 2; // games for which the countdown explains what to do
const LONG_WORD = 8; // letters that fit at full size

export class RoundView {
  #parts;
  #guesser;
  #sound;
  #clock;
  #countDown;
  #stamped = 0; // timer that moves the stamp aside, off the sheet on which one may draw on

  constructor(parts, guesser, sound) {
    this.#parts = parts;
    this.#guesser = guesser;
    this.#sound = sound;
    this.#clock = new Clock(parts.ring, parts.seconds, () => sound.play("tick"));
    this.#countDown = new CountDown((number) => {
      parts.count.replaceChildren(...(number === null ? [] : [make("b", "", String(number))]));
    }, sound);
  }

  home() {
    this.#plain();
    this.#clock.hold();
    this.#marks({ results: [], rounds: null, mode: null });
  }

  countdown(state) {
    this.#plain();
    this.#marks(state);
    const { mode, race = null } = state;
    this.#word("", race ? t("roundOf", { round: race.number, rounds: race.rounds }) : boardTitle(mode));
    this.#clock.windUp();
    this.#guesser.wait(t("ready"));
    this.#explain();
    this.#countDown.run(performance.now() + state.left);
  }

  /** A round begins, or goes on when `fresh` is false. */
  drawing(state, fresh) {
    if (fresh) this.#plain();
    this.#marks(state);
    if (state.left !== null) this.#clock.run(state.left, state.total);
    if (state.word === null) this.#word(t("knows", { count: state.knows }), t("drawAnything"));
    else this.#word(t("drawA", state).trim(), noun(state.word), worthText(state));
    this.#parts.skip.textContent = skipLabel(state.mode);
    if (!fresh) return;
    this.#guesser.wait();
    this.#guesser.tell(state.word === null ? t("drawAnything") : t("spokenWord", state));
    this.#sound.play("go");
  }

  /** A round has ended; `news` is false when it was seen before, as after a reload. */
  reveal(state, news) {
    const result = state.results.at(-1);
    this.#plain();
    this.#clock.hold();
    this.#marks(state);
    this.#word(t("drawA", result).trim(), noun(result.word));
    const line = comment(result);
    this.#guesser.say(line, MOODS[result.outcome]);
    this.#guesser.tell(line);
    this.#stamp(result);
    if (!news) return;
    this.#sound.play(SOUNDS[result.outcome]);
    if (result.outcome === "guessed") burst(this.#parts.confetti);
  }

  /**
   * The own drawing was guessed, and the race goes on; `news` is false when that was seen before, `finish` says whether
   * one may draw on.
   */
  guessed(word, milliseconds, place, { news, finish }) {
    this.#guesser.say(t(finish ? "race.finish" : "race.got", { count: place }), "got");
    this.#guesser.boil();
    if (!news && !this.#parts.stamp.hidden) return; // it is on the sheet already
    this.#stamp({ outcome: "guessed", word, milliseconds, title: t("placed", { count: place }) });
    clearTimeout(this.#stamped);
    const aside = () => this.#parts.stamp.classList.add("aside");
    if (finish) this.#stamped = setTimeout(aside, news ? STAMP_SHOWN : 0);
    if (!news) return;
    this.#guesser.tell(t("race.gotSpoken", { word, time: t("seconds", { milliseconds }) }));
    this.#sound.play("got");
    burst(this.#parts.confetti);
  }

  /** The race's round is over: what is drawn is judged; `milliseconds` is null when not guessed. */
  bell(word, milliseconds) {
    this.#clock.hold();
    if (milliseconds !== null) return;
    this.#guesser.say(t("race.bell"), "unsure");
    this.#guesser.tell(t("race.bell"));
    this.#stamp({ outcome: "bell", word });
    this.#sound.play("bell");
  }

  over() {
    this.#plain();
    this.#clock.hold();
  }

  /** A game was asked for. */
  greet() {
    remember(GAMES, String(Number(recall(GAMES)) + 1));
  }

  /** To those who are new here: what will happen. */
  #explain() {
    const { explain } = this.#parts;
    explain.hidden = Number(recall(GAMES)) > NEWCOMER;
    if (!explain.hidden) this.#guesser.tell(explain.textContent);
  }

  #plain() {
    this.#parts.explain.hidden = true;
    clearTimeout(this.#stamped);
    this.#countDown.stop();
    this.#parts.stamp.hidden = true;
    sweep(this.#parts.confetti);
  }

  #word(small, word, worth = "") {
    this.#parts.worth.textContent = worth;
    this.#parts.drawA.textContent = small;
    this.#parts.word.textContent = word;
    this.#parts.word.style.setProperty("--fit", Math.min(1, LONG_WORD / Math.max(word.length, 1)));
  }

  #stamp({ outcome, word, milliseconds = 0, title = t(`stamp.${outcome}`) }) {
    const { stamp, stampTitle, stampText } = this.#parts;
    stamp.className = `stamp ${outcome}`;
    stamp.querySelector("use").setAttribute("href", `#i-${ICONS[outcome]}`);
    stampTitle.textContent = title;
    const time = outcome === "guessed" ? t("seconds", { milliseconds }) : null;
    stampText.textContent = time ? t("stampText", { word, time }) : noun(word);
    stamp.hidden = false;
  }

  /**
   * The score so far: points and words in an open-ended game, round and points in a race, else a mark a word.
   * @param {any} state
   */
  #marks({ results, rounds, mode, points = 0, race = null }) {
    const guessed = results.filter((result) => result.outcome === "guessed").length;
    const outcomes = Array.from({ length: rounds ?? 0 }, (_, i) => results[i]?.outcome ?? "next");
    const stars = (count) => labelled("star", t("number", { number: count }), t("points", { count }));
    const raceMarks = () => [
      labelled("round", `${race.number}/${race.rounds}`, t("roundOf", { round: race.number, rounds: race.rounds })),
      stars(race.points),
      ...race.teams.map(teamScore),
    ];
    const soloMarks = () =>
      isOpen(mode) ? [mark("guessed", guessed), stars(points)] : outcomes.map((outcome) => mark(outcome));
    this.#parts.marks.replaceChildren(...(race ? raceMarks() : soloMarks()));
  }
}

/** What the guesser says about a finished round. */
function comment({ word, outcome, guesses }) {
  if (outcome !== "bell") return t(outcome === "guessed" ? "gotIt" : "skipped", { word });
  if (guesses.length === 0) return t("bellNothing");
  const seen = guesses[0].word;
  return seen === word ? t("bellClose") : t("bell", { seen });
}

function mark(outcome, count = null) {
  const symbol = ICONS[outcome];
  const item = make(
    "li",
    outcome,
    symbol ? icon(symbol) : null,
    count === null ? null : make("b", "", String(count)),
    make("span", "spoken", t(`mark.${outcome}`)),
  );
  item.title = t(`mark.${outcome}`);
  return item;
}

/** A team's points, short. */
function teamScore(points, team) {
  const shown = make("b", "", t("number", { number: points }));
  const item = make("li", `t${team}`, teamMark(team), shown);
  item.title = teamName(team);
  return item;
}

function labelled(symbol, text, label) {
  const shown = make("b", "", text);
  shown.ariaHidden = "true";
  const item = make("li", symbol, symbol === "star" ? icon(symbol) : null, shown, make("span", "spoken", label));
  item.title = label;
  return item;
}
