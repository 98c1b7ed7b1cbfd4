// Watching a race without a pad, as on a big screen: the word, the clock, and everyone's pad as it fills.

import { Clock } from "./clock.js";
import { CountDown } from "./count_down.js";
import { link } from "./links.js";
import { Opponents } from "./opponents.js";
import { qr } from "./qr.js";
import { raceOf } from "./series.js";
import { noun, t } from "./strings.js";

const LONG_WORD = 8; // letters that fit at full size

export class Watch {
  #parts;
  #clock;
  #countDown;
  #opponents;
  #sound;
  #code = null;
  #won = false; // whether someone's drawing is guessed

  /** `live` holds the drawings in progress. */
  constructor(parts, { sound, live }) {
    this.#parts = parts;
    this.#sound = sound;
    this.#clock = new Clock(parts.ring, parts.seconds, () => sound.play("tick"));
    this.#countDown = new CountDown((number) => {
      parts.count.textContent = number === null ? "" : String(number);
    }, sound);
    this.#opponents = new Opponents(parts.opponents, live);
  }

  /**
   * Take a `race` state while a round is counted down or drawn; `goal` is the probability that wins, `fresh` says
   * whether that has just begun.
   */
  show(state, goal, fresh) {
    const { screen, round, word, says } = this.#parts;
    const counts = state.stage === "countdown";
    screen.classList.toggle("live", state.settings.live);
    const number = t("roundOf", { round: state.number, rounds: state.rounds });
    round.textContent = [raceOf(state), number].filter(Boolean).join(" · ");
    const seats = state.seats.filter(({ joins }) => !joins);
    this.#opponents.seats(seats, goal, state.settings.live);
    if (fresh) this.#opponents.cool();
    word.textContent = counts ? t("watch.ready") : noun(state.word);
    word.style.setProperty("--fit", Math.min(1, LONG_WORD / word.textContent.length));
    const waits = state.seats.some(({ seat, joins }) => seat === state.you && joins);
    says.textContent = t(waits ? "watch.joins" : "watch.watching");
    if (counts) this.#count(state, fresh);
    else this.#run(state, fresh);
    this.#invite(state.code);
  }

  progress(seats) {
    this.#opponents.progress(seats);
  }

  /** Show beside a player what they feel. */
  feel(seat, reaction) {
    this.#opponents.feel(seat, reaction);
  }

  /** The round is over, or another page is shown. */
  stop() {
    this.#clock.hold();
    this.#countDown.stop();
  }

  #count({ left }, fresh) {
    this.#clock.windUp();
    if (fresh) this.#countDown.run(performance.now() + left);
  }

  #run({ left, total, seats }, fresh) {
    const won = seats.some(({ milliseconds }) => milliseconds !== null);
    this.#countDown.stop();
    this.#clock.run(left, total);
    if (fresh) this.#sound.play("go");
    else if (won && !this.#won) this.#sound.play("got");
    this.#won = won;
  }

  #invite(code) {
    if (code === this.#code) return;
    this.#code = code;
    this.#parts.code.textContent = code;
    this.#parts.qr.replaceChildren(qr(link("room", code), t("lobby.qr")));
  }
}
